"""What the kit and the receipts queued by it read and write beside the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.database.pool import Connection

_SIGNERS = """
    select s.session_id, s.created_at, least(s.expires_at, s.revoked_at) as until from session s
     where s.session_id = any($1) and s.kind = 'staff' and s.programme_id = $2 and s.store_id = $3"""
_TERMS = """
    with known as (
        select version, campaigns, lead(made_at) over (order by made_at) as replaced_at from till_kit
         where programme_id = $1 and made_at > $3)
    select k.version, k.replaced_at,
           array(select v.body::text from jsonb_array_elements(k.campaigns) c
                   join campaign_version v on v.programme_id = $1 and v.campaign_id = c->>0 and v.version = (c->>1)::int
                  order by v.campaign_id, v.version) as versions
      from known k where k.version = any($2)"""
_LOST_IDENTIFICATION = """
    select i.identification_id, i.member_id, i.can_spend from identification i
     where i.session_id = $1 and i.key = $2 and i.fingerprint = $3 and i.programme_id = $4 and i.purchase_id is null"""
_KEEP = """
    insert into queued_receipt (programme_id, store_id, key, outcome, receipt_number, member_id, purchase_id, code,
                                key_id, said, mac, unit, told, earned, shortfall, confirmed_at, received_at, sent_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) on conflict do nothing"""
_AT_RISK = "(shortfall > 0 or outcome = 'refused' or earned < told)"


async def offers_version(connection: Connection, programme_id: UUID) -> asyncpg.Record | None:
    """The (offers_version, epoch) of a programme as of now."""
    return await connection.fetchrow(
        "select offers_version, epoch from programme where programme_id = $1", programme_id
    )


async def keep_kit(
    connection: Connection, programme_id: UUID, version: str, campaigns: list[tuple[str, int]], now: datetime
) -> None:
    """Remember which terms a kit holds."""
    await connection.execute(
        """insert into till_kit (programme_id, version, campaigns, made_at) values ($1, $2, $3, $4)
           on conflict do nothing""",
        programme_id,
        version,
        campaigns,
        now,
    )


async def terms_of(
    connection: Connection, programme_id: UUID, versions: Iterable[str], since: datetime
) -> list[asyncpg.Record]:
    """The campaign versions of kits that were made since, and when each kit was replaced."""
    return list(await connection.fetch(_TERMS, programme_id, list(versions), since))


async def signers(
    connection: Connection, programme_id: UUID, store_id: str, sessions: Iterable[UUID]
) -> dict[UUID, tuple[datetime, datetime]]:
    """From when to when each of these staff sessions of the store could sign."""
    rows = await connection.fetch(_SIGNERS, list(sessions), programme_id, store_id)
    return {row[0]: (row[1], row[2]) for row in rows}


async def lost_identification(
    connection: Connection, programme_id: UUID, session_id: UUID, key: str, fingerprint: bytes
) -> asyncpg.Record | None:
    """The unused identification that a till made by a call whose answer it never got."""
    return await connection.fetchrow(_LOST_IDENTIFICATION, session_id, key, fingerprint, programme_id)


async def keep_evidence(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep queued receipts as they were signed, with what came of each; once."""
    await connection.executemany(_KEEP, rows)


async def at_risk(
    connection: Connection, programme_id: UUID, store_id: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[asyncpg.Record]:
    """Queued receipts of a store that did not come out as they were told, newest first."""
    earlier = "and (q.received_at, q.place) < ($4, $5)" if before else ""
    query = f"""select q.*, coalesce(s.device_name, '') as till from queued_receipt q
                  left join session s on s.session_id = q.key_id
                 where q.programme_id = $1 and q.store_id = $2 and {_AT_RISK} {earlier}
                 order by q.received_at desc, q.place desc limit $3"""  # noqa: S608 - our own words
    return list(await connection.fetch(query, programme_id, store_id, limit, *(before or ())))


async def total_shortfall(connection: Connection, programme_id: UUID, store_id: str) -> int:
    """All that a store's tills gave without a network and no balance covered, in minor units."""
    query = f"""select coalesce(sum(shortfall), 0)::bigint from queued_receipt
                 where programme_id = $1 and store_id = $2 and {_AT_RISK}"""  # noqa: S608 - our own words
    return int(await connection.fetchval(query, programme_id, store_id))
