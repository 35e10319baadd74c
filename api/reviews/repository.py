"""The statements about reviews and holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from api.core.ids import new_id
from api.database.pool import Connection
from contract.refunds import CampaignKey

UNUSUAL = (Path(__file__).parent / "unusual.sql").read_text(encoding="utf-8")

_OPEN = """
    insert into review (review_id, programme_id, store_id, kind, subject, member_id, staff_id, session_id, opened_at, evidence)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (programme_id, kind, subject) where state = 'open' do update set evidence = excluded.evidence
    returning review_id"""  # noqa: E501

_REVIEWS = """
    select r.*, coalesce(m.name, '') as member_name, coalesce(st.name, '') as staff_name,
           coalesce(by.name, '') as by_name, coalesce(so.name, '') as store_name
      from review r left join member m using (member_id) left join staff st using (staff_id)
      left join staff by on by.staff_id = r.decided_by
      left join store so on so.programme_id = r.programme_id and so.store_id = r.store_id
     where r.programme_id = $1 and ($2::text is null or r.state = $2) and ($3::text is null or r.kind = $3)
       and (r.opened_at, r.review_id) < ($4, $5)
     order by r.opened_at desc, r.review_id desc limit $6"""

_HELD = """
    select h.review_id, h.state, p.purchase_id, p.receipt_number, p.at, p.total, p.earned, p.unit,
           m.name as member_name, coalesce(st.name, '') as staff_name
      from ledger.held h join ledger.purchase p using (member_id, purchase_id) join member m using (member_id)
      left join staff st on st.staff_id = p.staff_id
     where h.review_id = any($1) order by p.at desc, p.purchase_id"""


async def open_review(
    connection: Connection,
    programme_id: UUID,
    kind: str,
    subject: str,
    now: datetime,
    evidence: dict[str, Any],
    *,
    store_id: str | None = None,
    member_id: UUID | None = None,
    staff_id: UUID | None = None,
    session_id: UUID | None = None,
) -> UUID:
    """The open review of a kind about a subject: a new one, or the one that waits, with this evidence."""
    review_id: UUID = await connection.fetchval(
        _OPEN, new_id(now), programme_id, store_id, kind, subject, member_id, staff_id, session_id, now, evidence
    )
    return review_id


async def hold(connection: Connection, member_id: UUID, purchase_id: UUID, review_id: UUID, now: datetime) -> bool:
    """Hold what a purchase earned; False when it was held before."""
    held: bool = await connection.fetchval(
        "select ledger.hold_purchase($1, $2, $3, $4)", member_id, purchase_id, review_id, now
    )
    return held


async def decide(
    connection: Connection,
    member_id: UUID,
    purchase_id: UUID,
    now: datetime,
    claws: Mapping[CampaignKey, int],
    *,
    rejected: bool,
) -> int | None:
    """Release what was held, or take `claws` back: all that refunds have not, by campaign version, in minor units.

    Answers the wallet's version, None when that was decided before.
    """
    version: int | None = await connection.fetchval(
        "select ledger.decide_hold($1, $2, $3, $4, $5, $6, $7)",
        member_id,
        purchase_id,
        rejected,
        [campaign for campaign, _ in claws],
        [version for _, version in claws],
        list(claws.values()),
        now,
    )
    return version


async def reviews(
    connection: Connection,
    programme_id: UUID,
    state: str | None,
    kind: str | None,
    before: tuple[datetime, UUID],
    limit: int,
) -> list[asyncpg.Record]:
    """Reviews before a place, newest first."""
    return list(await connection.fetch(_REVIEWS, programme_id, state, kind, *before, limit))


async def held(connection: Connection, review_ids: list[UUID]) -> list[asyncpg.Record]:
    """The purchases that these reviews hold, or held."""
    return list(await connection.fetch(_HELD, review_ids))


async def open_count(connection: Connection, programme_id: UUID) -> int:
    """How many reviews wait."""
    count: int = await connection.fetchval(
        "select count(*) from review where programme_id = $1 and state = 'open'", programme_id
    )
    return count


async def take(connection: Connection, programme_id: UUID, review_id: UUID) -> asyncpg.Record | None:
    """One review, locked for a decision."""
    return await connection.fetchrow(
        "select * from review where programme_id = $1 and review_id = $2 for update", programme_id, review_id
    )


async def close(connection: Connection, review_id: UUID, state: str, staff_id: UUID, note: str, now: datetime) -> None:
    """Write a decision down."""
    await connection.execute(
        "update review set state = $2, decided_by = $3, note = $4, decided_at = $5 where review_id = $1",
        review_id,
        state,
        staff_id,
        note,
        now,
    )


async def waiting(connection: Connection, review_id: UUID) -> list[tuple[UUID, UUID]]:
    """The (member, purchase) of each hold of a review that is not decided."""
    rows = await connection.fetch(
        "select member_id, purchase_id from ledger.held where review_id = $1 and state = 'checking'"
        " order by member_id, purchase_id",
        review_id,
    )
    return [(row["member_id"], row["purchase_id"]) for row in rows]
