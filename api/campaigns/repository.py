"""The statements about campaigns, and the one that gathers what the rules may know of a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
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
                  where l.programme_id = p.programme_id order by l.starts_at desc, l.version desc) as ladders
      from programme p where p.programme_id = $1"""

_STANDING = (Path(__file__).parent / "standing.sql").read_text(encoding="utf-8")

_STANDINGS = f"""
    select asked.member_id, found.*
      from unnest($1::uuid[], $3::timestamptz[]) as asked(member_id, at)
     cross join lateral ({_STANDING.replace("$1", "asked.member_id").replace("$3", "asked.at")}) found"""  # noqa: S608

_SET_IN_FORCE = """
    insert into campaign (programme_id, campaign_id, state, version) values ($1, $2, $3, $4)
        on conflict (programme_id, campaign_id) do update set state = excluded.state, version = excluded.version
     where excluded.version >= campaign.version"""
_KEEP_VERSION = """
    insert into campaign_version (programme_id, campaign_id, version, body, created_at) values ($1, $2, $3, $4, $5)"""


@dataclass(frozen=True, slots=True)
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
    activations: list[tuple[str, datetime]]
    purchase_count: int
    earned: list[tuple[str, int]] | None
    favourites: list[str] | None


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


async def standing(
    connection: Connection, programme_id: UUID, member_id: UUID, at: datetime, asked: Asked
) -> StandingRow | None:
    """What may be known of a member at a moment, in one statement; None when the programme has no such member."""
    row = await connection.fetchrow(
        _STANDING,
        member_id,
        programme_id,
        at,
        asked.purchase_count,
        list(asked.capped),
        asked.favourites,
        list(asked.never_earning),
    )
    return None if row is None else StandingRow(**row)


async def standings(
    connection: Connection, programme_id: UUID, moments: Mapping[UUID, datetime], asked: Asked
) -> dict[UUID, StandingRow]:
    """What may be known of many members, each at a moment of their own, in one statement."""
    rows = await connection.fetch(
        _STANDINGS,
        list(moments),
        programme_id,
        list(moments.values()),
        asked.purchase_count,
        list(asked.capped),
        asked.favourites,
        list(asked.never_earning),
    )
    return {row["member_id"]: StandingRow(*tuple(row)[1:]) for row in rows}


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
