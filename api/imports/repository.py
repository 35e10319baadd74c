"""What an import reads and writes beside the ledger, for many receipts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from api.core.ids import new_id
from api.database.pool import Connection

_POSTED = """
    select p.store_id, p.receipt_number, n.member_number, p.channel, p.at, p.basket
      from unnest($2::text[], $3::text[]) as asked(store_id, receipt_number)
      join ledger.receipt_claim c on c.receipt = ledger.receipt_digest($1, asked.store_id, asked.receipt_number)
      join ledger.purchase p on p.member_id = c.member_id and p.purchase_id = c.purchase_id
      join member n on n.member_id = c.member_id"""

_MEMBERS = """
    select n.member_number, n.member_id, n.programme_id, m.closed_at is not null, w.member_id is not null
      from member_number n join member m on m.member_id = n.member_id
      left join ledger.wallet w on w.member_id = n.member_id and w.unit = $2
     where n.member_number = any($1)"""

_ADD_MEMBERS = """
    insert into member (member_id, programme_id, member_number, joined_at)
    select new.member_id, $1, new.member_number, new.joined_at
      from unnest($2::uuid[], $3::text[], $4::timestamptz[]) as new(member_id, member_number, joined_at)"""

_ADD_NUMBERS = """
    insert into member_number (member_number, programme_id, member_id)
    select new.member_number, $1, new.member_id from unnest($2::uuid[], $3::text[]) as new(member_id, member_number)"""


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member number that is in use, in this programme or another."""

    member_id: UUID
    programme_id: UUID
    closed: bool = False
    has_wallet: bool = True


async def programme_of_slug(connection: Connection, slug: str) -> UUID | None:
    """The programme of that slug."""
    found: UUID | None = await connection.fetchval("select programme_id from programme where slug = $1", slug)
    return found


async def slugs(connection: Connection) -> list[str]:
    """Every programme's slug."""
    return [row[0] for row in await connection.fetch("select slug from programme order by slug")]


async def one_import_at_a_time(connection: Connection, programme_id: UUID) -> None:
    """Wait until no other import of the programme is inside a transaction; holds until this one ends."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended('import ' || $1, 0))", str(programme_id))


async def posted(
    connection: Connection, programme_id: UUID, receipts: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], asyncpg.Record]:
    """Those of the receipts (store, number) that were posted before."""
    rows = await connection.fetch(_POSTED, programme_id, [each[0] for each in receipts], [each[1] for each in receipts])
    return {(row["store_id"], row["receipt_number"]): row for row in rows}


async def members(connection: Connection, numbers: Sequence[str], unit: str) -> dict[str, KnownMember]:
    """Those of the member numbers that are in use."""
    rows = await connection.fetch(_MEMBERS, numbers, unit)
    return {row["member_number"]: KnownMember(*tuple(row)[1:]) for row in rows}


async def add_members(
    connection: Connection, programme_id: UUID, joined: dict[str, datetime], now: datetime
) -> dict[str, KnownMember]:
    """New members by their numbers, each joined at the time of the first receipt. Raises UniqueViolationError."""
    ids = [new_id(now) for _ in joined]
    await connection.execute(_ADD_MEMBERS, programme_id, ids, list(joined), list(joined.values()))
    await connection.execute(_ADD_NUMBERS, programme_id, ids, list(joined))
    return {
        number: KnownMember(member_id, programme_id, has_wallet=False)
        for number, member_id in zip(joined, ids, strict=True)
    }


async def open_wallets(
    connection: Connection, programme_id: UUID, member_ids: Sequence[UUID], unit: str, now: datetime
) -> None:
    """A wallet for each of these members."""
    await connection.execute(
        "select ledger.open_wallet(m, $2, $3, $4) from unnest($1::uuid[]) m", member_ids, unit, programme_id, now
    )
