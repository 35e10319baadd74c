"""The statements about campaigns, and the one that gathers what the rules may know of a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import asyncpg

from api.database.pool import Connection
from contract.campaigns import CampaignVersion

_PROGRAMME = """
    select p.slug, p.name, p.currency, p.timezone, p.rules, p.rules_version, p.offers_version, p.epoch,
           array(select row(s.store_id, s.name, s.channel) from store s
                  where s.programme_id = p.programme_id) as stores,
           array(select row(c.campaign_id, c.state) from campaign c where c.programme_id = p.programme_id) as states,
           array(select v.body::text from campaign c join campaign_version v using (programme_id, campaign_id)
                  where c.programme_id = p.programme_id and c.state in ('live', 'scheduled') and v.version <= c.version
                  order by v.campaign_id, v.version) as versions,
           array(select row(r.version, r.starts_at, r.body::text) from programme_rules r
                  where r.programme_id = p.programme_id order by r.starts_at desc, r.version desc) as rules_versions,
           array(select l.body::text from tier_ladder l
                  where l.programme_id = p.programme_id order by l.starts_at desc, l.version desc) as ladders,
           (select (s.body ->> 'new_device_hours')::integer from programme_settings s
             where s.programme_id = p.programme_id order by s.version desc limit 1) as new_device_hours
      from programme p where p.programme_id = $1"""

_STANDING = (Path(__file__).parent / "standing.sql").read_text(encoding="utf-8")

_ONE = "{standing}"
_IDENTIFIED = """
    select i.member_id, i.session_id, i.can_spend, i.expires_at, i.purchase_id, found.*
      from identification i cross join lateral ({standing}) found where i.identification_id = $1"""
_IDENTIFIED_MANY = """
    select i.identification_id, i.member_id, i.session_id, i.can_spend, i.expires_at, i.purchase_id, found.*
      from unnest($1::uuid[], $3::timestamptz[]) as asked(identification_id, at)
      join identification i using (identification_id) cross join lateral ({standing}) found"""
_MANY = """
    select asked.member_id, found.*
      from unnest($1::uuid[], $3::timestamptz[]) as asked(member_id, at) cross join lateral ({standing}) found"""

_SET_IN_FORCE = """
    insert into campaign (programme_id, campaign_id, state, version) values ($1, $2, $3, $4)
        on conflict (programme_id, campaign_id) do update set state = excluded.state, version = excluded.version
     where excluded.version >= campaign.version"""
_KEEP_VERSION = """
    insert into campaign_version (programme_id, campaign_id, version, body, created_at) values ($1, $2, $3, $4, $5)"""


_BUDGETS_BEGUN = """
    select b.programme_id, b.campaign_id, v.total
      from (select programme_id, campaign_id, sum(share)::bigint as share, sum(given)::bigint as given
              from ledger.budget group by 1, 2) b
      join campaign c using (programme_id, campaign_id)
     cross join lateral (
           select (n.body #>> '{limits,total}')::bigint as total from campaign_version n
            where n.programme_id = b.programme_id and n.campaign_id = b.campaign_id and n.version <= c.version
              and (n.body #>> '{when,starts_at}')::timestamptz <= $1
            order by n.version desc limit 1) v
     where c.state in ('live', 'scheduled', 'paused') and v.total is not null
       and greatest(v.total, b.given) <> b.share"""


@dataclass(slots=True)
class StandingRow:
    """One member's row with all that the rules may ask about it; amounts in minor units."""

    member_number: str
    name: str
    language: str
    birthday: date | None
    segments: list[str]
    tier: str | None
    use_history: bool
    member_offers_version: int
    offers_version: int
    epoch: UUID
    currency: str
    pending: int
    available: int
    debt: int
    version: int
    points: int
    activations: list[tuple[str, datetime]]
    purchase_count: int
    earned: list[tuple[str, int]] | None
    favourites: list[str] | None
    spend_limit: int | None


@dataclass(slots=True)
class Identified:
    """An identification as it is stored: whose, made at which till, and whether it still counts."""

    identification_id: UUID
    member_id: UUID
    session_id: UUID
    can_spend: bool
    expires_at: datetime
    purchase_id: UUID | None


_OWN = len(fields(Identified)) - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What the campaigns of a programme need to know of a member."""

    purchase_count: bool = False
    favourites: bool = False
    capped: tuple[str, ...] = ()
    never_earning: tuple[str, ...] = ()


async def programme(connection: Connection, programme_id: UUID) -> asyncpg.Record | None:
    """A programme with its stores and the versions of its live campaigns, in one snapshot."""
    return await connection.fetchrow(_PROGRAMME, programme_id)


@lru_cache
def _statement(around: str, **names: str) -> str:
    return around.format(standing=_STANDING.format(**names))


def _asking(around: str, asked: Asked, member: str = "$1", at: str = "$3") -> tuple[str, list[list[str]]]:
    """One of the statements above that works out what is asked for, and its arguments after the third."""
    lists: list[list[str]] = []

    def given(names: tuple[str, ...]) -> str:
        if not names:
            return "'{}'"
        lists.append(list(names))
        return f"${3 + len(lists)}"

    text = _statement(
        around,
        member=member,
        programme="$2",
        at=at,
        purchase_count=str(asked.purchase_count).lower(),
        capped=given(asked.capped),
        favourites=str(asked.favourites).lower(),
        never_earning=given(asked.never_earning if asked.favourites else ()),
    )
    return text, lists


async def standing(
    connection: Connection, programme_id: UUID, member_id: UUID, at: datetime, asked: Asked
) -> StandingRow | None:
    """What may be known of a member at a moment, in one statement; None when the programme has no such member."""
    query, lists = _asking(_ONE, asked)
    row = await connection.fetchrow(query, member_id, programme_id, at, *lists)
    return None if row is None else StandingRow(*row)


async def identified(
    connection: Connection, programme_id: UUID, identification_id: UUID, at: datetime, asked: Asked
) -> tuple[Identified, StandingRow] | None:
    """An identification with what may be known of its member at a moment, in one statement."""
    query, lists = _asking(_IDENTIFIED, asked, "i.member_id")
    row = await connection.fetchrow(query, identification_id, programme_id, at, *lists)
    return None if row is None else (Identified(identification_id, *row[:_OWN]), StandingRow(*row[_OWN:]))


async def identified_many(
    connection: Connection, programme_id: UUID, moments: Mapping[UUID, datetime], asked: Asked
) -> list[tuple[Identified, StandingRow]]:
    """The same of many identifications, each at a moment of its own; those that there are."""
    query, lists = _asking(_IDENTIFIED_MANY, asked, "i.member_id", "asked.at")
    rows = await connection.fetch(query, list(moments), programme_id, list(moments.values()), *lists)
    return [(Identified(*row[: _OWN + 1]), StandingRow(*row[_OWN + 1 :])) for row in rows]


async def standings(
    connection: Connection, programme_id: UUID, moments: Mapping[UUID, datetime], asked: Asked
) -> dict[UUID, StandingRow]:
    """What may be known of many members, each at a moment of their own, in one statement."""
    query, lists = _asking(_MANY, asked, "asked.member_id", "asked.at")
    rows = await connection.fetch(query, list(moments), programme_id, list(moments.values()), *lists)
    return {row["member_id"]: StandingRow(*row[1:]) for row in rows}


async def keep_version(
    connection: Connection, programme_id: UUID, version: CampaignVersion, state: str, now: datetime
) -> bool:
    """Add a version and set it in force; False when that version was there before."""
    key = (programme_id, version.campaign_id)
    try:
        async with connection.transaction():
            await connection.execute(_SET_IN_FORCE, *key, state, version.version)
            await connection.execute(_KEEP_VERSION, *key, version.version, version.model_dump(mode="json"), now)
    except asyncpg.UniqueViolationError:
        return False
    return True


async def has_budget_until(connection: Connection, programme_id: UUID, version: CampaignVersion, now: datetime) -> bool:
    """Whether an earlier version with a budget holds until this one begins: its budget stays as it is until then."""
    if version.when.starts_at <= now:
        return False
    found: bool = await connection.fetchval(
        """select exists (select from campaign_version
                           where programme_id = $1 and campaign_id = $2 and version < $3
                             and (body #>> '{when,starts_at}')::timestamptz <= $4
                             and body #>> '{limits,total}' is not null)""",
        programme_id,
        version.campaign_id,
        version.version,
        now,
    )
    return found


async def budgets_begun(connection: Connection, now: datetime) -> list[tuple[UUID, str, int]]:
    """The (programme, campaign, total) of budgets that are not what the version in force says."""
    rows = await connection.fetch(_BUDGETS_BEGUN, now)
    return [(row[0], row[1], row[2]) for row in rows]


async def bump_offers(connection: Connection, programme_id: UUID) -> None:
    """Say that the programme's offers have changed: every device asks for them again."""
    await connection.execute(
        "update programme set offers_version = offers_version + 1 where programme_id = $1", programme_id
    )


async def set_state(connection: Connection, programme_id: UUID, campaign_id: str, state: str) -> bool:
    """Put a campaign into another state; False when there is none of that id."""
    done = await connection.execute(
        "update campaign set state = $3 where programme_id = $1 and campaign_id = $2", programme_id, campaign_id, state
    )
    return done.endswith(" 1")
