"""The statements about tiers: whose is to be looked at, what counts for them, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from api.database.pool import Connection
from contract.tiers import Days

_COUNTED = (Path(__file__).parent / "counted.sql").read_text(encoding="utf-8")

_TAKE_UP = """
    with taken as (
        insert into tier_ladder_taken_up (programme_id, version, taken_up_at)
        select programme_id, version, $1 from tier_ladder l
         where l.starts_at <= $1 and not exists (select from tier_ladder_taken_up t
                                                  where t.programme_id = l.programme_id and t.version = l.version)
            on conflict do nothing returning programme_id)
    insert into tier_due (member_id)
    select m.member_id from member m
     where m.programme_id in (select programme_id from taken) and m.closed_at is null
       and exists (select from ledger.purchase p where p.member_id = m.member_id)
     order by 1 on conflict do nothing"""

_RULES_IN_FORCE = """
    update programme p set rules = r.body, rules_version = r.version, offers_version = p.offers_version + 1
      from (select distinct on (programme_id) programme_id, version, body from programme_rules
             where starts_at <= $1 order by programme_id, starts_at desc, version desc) r
     where r.programme_id = p.programme_id and r.version <> p.rules_version"""

_KEEP = """
    insert into member_tier select * from jsonb_populate_recordset(null::member_tier, $1)
        on conflict (member_id) do update set
           ladder_version = excluded.ladder_version, tier = excluded.tier, since = excluded.since,
           granted_until = excluded.granted_until, holds_until = excluded.holds_until, counted = excluded.counted,
           told_on = excluded.told_on, leaves_on = excluded.leaves_on, leaves_for = excluded.leaves_for,
           missing = excluded.missing, look_at = excluded.look_at"""

_REMEMBER = """
    insert into tier_history (member_id, recorded_at, kind, from_tier, to_tier, at, ladder_version, based_on)
    select member_id, recorded_at, kind, from_tier, to_tier, at, ladder_version, based_on
      from jsonb_to_recordset($1) as new(member_id uuid, recorded_at timestamptz, kind text, from_tier text,
           to_tier text, at timestamptz, ladder_version integer, based_on jsonb)"""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A member, held by this transaction, and the tier that was last worked out; None where none was."""

    member_id: UUID
    programme_id: UUID
    joined_at: datetime
    is_closed: bool
    offers_version: int
    epoch: UUID
    tier: str | None
    since: datetime | None
    granted_until: date | None
    told_on: date | None
    leaves_on: date | None
    leaves_for: str | None
    missing: int | None


async def take_up(connection: Connection, now: datetime) -> None:
    """Set rules in force whose instant has come, and note all members of the programmes whose ladder begins."""
    await connection.execute(_RULES_IN_FORCE, now)
    await connection.execute(_TAKE_UP, now)


async def to_look_at(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """Up to so many members whose purchases, or whose calendar, may have changed their tier."""
    rows = await connection.fetch(
        """(select member_id from tier_due limit $2)
           union (select member_id from member_tier where look_at <= $1 order by look_at limit $2) limit $2""",
        now,
        limit,
    )
    return [row[0] for row in rows]


async def hold(connection: Connection, members: Sequence[UUID], *, wait: bool) -> list[HeldRow]:
    """Hold these members until the transaction ends; those that another holds are left to it, or waited for."""
    lock = "select member_id from member where member_id = any($1) order by member_id for no key update"
    held = await connection.fetch(lock + ("" if wait else " skip locked"), members)
    rows = await connection.fetch(
        """select m.member_id, m.programme_id, m.joined_at, m.closed_at is not null, p.offers_version, p.epoch,
                  t.tier, t.since, t.granted_until, t.told_on, t.leaves_on, t.leaves_for, t.missing
             from member m join programme p using (programme_id) left join member_tier t using (member_id)
            where m.member_id = any($1)""",
        [row[0] for row in held],
    )
    return [HeldRow(*row) for row in rows]


async def looked_at(connection: Connection, members: Sequence[UUID]) -> None:
    """Take these members off the list. Before their purchases are read: one that comes later notes them again."""
    await connection.execute("delete from tier_due where member_id = any($1)", members)


async def leave_alone(connection: Connection, members: Sequence[UUID]) -> None:
    """Let the calendar change nothing for members who have left, or whose programme has no tiers."""
    await connection.execute("update member_tier set look_at = null where member_id = any($1)", members)


async def counted(
    connection: Connection, members: Sequence[UUID], counts: str, timezone: str, since: date | None
) -> dict[UUID, Days]:
    """What counts for each member by local day, less what came back, in minor units."""
    found: dict[UUID, dict[date, int]] = {}
    for member_id, day, amount in await connection.fetch(_COUNTED, members, counts, timezone, since or date(1, 1, 2)):
        found.setdefault(member_id, {})[day] = amount
    return dict(found)


async def keep(connection: Connection, rows: list[dict[str, Any]], history: list[dict[str, Any]]) -> None:
    """Where members stand now, and what became of their tiers."""
    await connection.execute(_KEEP, rows)
    if history:
        await connection.execute(_REMEMBER, history)


async def give(connection: Connection, tiers: dict[UUID, str | None]) -> None:
    """Set the tiers that the rules see; the members' offers change with them."""
    await connection.execute(
        """update member m set tier = new.tier, offers_version = m.offers_version + 1
             from unnest($1::uuid[], $2::text[]) as new(member_id, tier)
            where m.member_id = new.member_id and m.tier is distinct from new.tier""",
        list(tiers),
        list(tiers.values()),
    )
