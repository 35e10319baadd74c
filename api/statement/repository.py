"""Movements of one wallet, by their place in its journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from api.database.pool import Connection
from contract.statement import Step

_COLUMNS = """m.version, m.kind, m.from_account, m.to_account, m.amount, m.lot_id, m.purchase_id, m.refund_id,
       m.event_at, m.recorded_at, m.pending_after, m.available_after, m.debt_after, m.hash, s.name as store"""
_WHERE_BOUGHT = """left join ledger.purchase p on p.member_id = m.member_id and p.purchase_id = m.purchase_id
             left join store s on s.programme_id = p.programme_id and s.store_id = p.store_id"""
_AFTER = "select version, pending_after, available_after, debt_after, hash from ledger.movement"


class MovementRow(NamedTuple):
    """One movement; amounts in minor units."""

    version: int
    kind: str
    from_account: str
    to_account: str
    amount: int
    lot_id: UUID | None
    purchase_id: UUID | None
    refund_id: UUID | None
    event_at: datetime
    recorded_at: datetime
    pending_after: int
    available_after: int
    debt_after: int
    hash: bytes
    store: str | None


class After(NamedTuple):
    """The journal after one movement; all zero before the first."""

    version: int = 0
    pending: int = 0
    available: int = 0
    debt: int = 0
    hash: bytes = b""


class Holder(NamedTuple):
    """Whose wallet it is, as a statement's head names them."""

    programme: str
    timezone: str
    name: str
    number: str
    language: str


async def holder(connection: Connection, member_id: UUID) -> Holder | None:
    """The member and the programme by name."""
    row = await connection.fetchrow(
        """select p.name, p.timezone, m.name, m.member_number, m.language
             from member m join programme p using (programme_id) where m.member_id = $1""",
        member_id,
    )
    return Holder(*row) if row else None


async def unit_of(connection: Connection, programme_id: UUID) -> str:
    """The programme's own currency."""
    unit: str = await connection.fetchval("select currency from programme where programme_id = $1", programme_id)
    return unit


async def last_before(
    connection: Connection, member_id: UUID, unit: str, moment: datetime | None, *, inclusive: bool = False
) -> After:
    """The journal as it stood before the first movement recorded at `moment` or later; all of it where that is None.

    By place, not by time alone: should two machines' clocks differ, what comes after a place stays after it. With
    `inclusive`, before the first movement recorded later than `moment`.
    """
    if moment is None:
        row = await connection.fetchrow(
            f"{_AFTER} where member_id = $1 and unit = $2 order by version desc limit 1",
            member_id,
            unit,
        )
        return After(*row) if row else After()
    later = ">" if inclusive else ">="
    row = await connection.fetchrow(
        f"""{_AFTER} where member_id = $1 and unit = $2 and version < coalesce(
                (select min(version) from ledger.movement
                  where member_id = $1 and unit = $2 and recorded_at {later} $3), 9223372036854775807)
            order by version desc limit 1""",  # noqa: S608
        member_id,
        unit,
        moment,
    )
    return After(*row) if row else After()


async def at_version(connection: Connection, member_id: UUID, unit: str, version: int) -> After | None:
    """The journal after the movement of that version."""
    row = await connection.fetchrow(
        f"{_AFTER} where member_id = $1 and unit = $2 and version = $3",
        member_id,
        unit,
        version,
    )
    return After(*row) if row else None


async def movements(
    connection: Connection, member_id: UUID, unit: str, after: int, until: int, limit: int
) -> Sequence[MovementRow]:
    """Movements after one version and up to another, oldest first."""
    rows = await connection.fetch(
        f"""select {_COLUMNS} from ledger.movement m {_WHERE_BOUGHT}
             where m.member_id = $1 and m.unit = $2 and m.version > $3 and m.version <= $4
             order by m.version limit $5""",  # noqa: S608
        member_id,
        unit,
        after,
        until,
        limit,
    )
    return [MovementRow(*row) for row in rows]


async def steps(connection: Connection, member_id: UUID, unit: str, until: int) -> list[Step]:
    """All movements up to a version, as `balance_at` needs them."""
    rows = await connection.fetch(
        """select version, from_account, to_account, amount, lot_id, event_at from ledger.movement
            where member_id = $1 and unit = $2 and version <= $3 order by version""",
        member_id,
        unit,
        until,
    )
    return [Step(*row) for row in rows]
