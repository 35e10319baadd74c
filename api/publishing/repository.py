"""The statements about campaigns, rules and ladders as a manager sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from api.database.pool import Connection


class CampaignRow(NamedTuple):
    """A campaign with its newest version."""

    campaign_id: str
    state: str
    version: int
    body: dict[str, Any]
    published_at: datetime


class VersionRow(NamedTuple):
    """A version of rules or tiers."""

    version: int
    starts_at: datetime
    body: dict[str, Any]
    published_at: datetime


_CAMPAIGNS = """
    select c.campaign_id, c.state, v.version, v.body, v.created_at
      from campaign c join campaign_version v using (programme_id, campaign_id)
     where c.programme_id = $1 and ($2::text is null or c.campaign_id = $2) and ($3 or v.version = c.version)
     order by c.campaign_id, v.version desc"""


async def campaigns(connection: Connection, programme_id: UUID) -> list[CampaignRow]:
    """Each campaign of a programme with its newest version."""
    return [CampaignRow(*row) for row in await connection.fetch(_CAMPAIGNS, programme_id, None, False)]


async def versions(connection: Connection, programme_id: UUID, campaign_id: str) -> list[CampaignRow]:
    """Every version of one campaign, the newest first; none where the programme has no such campaign."""
    return [CampaignRow(*row) for row in await connection.fetch(_CAMPAIGNS, programme_id, campaign_id, True)]


async def rules(connection: Connection, programme_id: UUID) -> list[VersionRow]:
    """The versions of the programme's own rules, the newest first."""
    return await _versions(connection, "programme_rules", programme_id)


async def ladders(connection: Connection, programme_id: UUID) -> list[VersionRow]:
    """The versions of the programme's tiers, the newest first."""
    return await _versions(connection, "tier_ladder", programme_id)


async def add(
    connection: Connection, table: str, programme_id: UUID, version: int, starts_at: datetime, body: Any, now: datetime
) -> None:
    """Add a version of rules or tiers, and say that what members see has changed."""
    await connection.execute(
        f"insert into {table} (programme_id, version, starts_at, body, created_at) values ($1, $2, $3, $4, $5)",  # noqa: S608 - a table of ours
        programme_id,
        version,
        starts_at,
        body,
        now,
    )


async def _versions(connection: Connection, table: str, programme_id: UUID) -> list[VersionRow]:
    rows = await connection.fetch(
        f"select version, starts_at, body, created_at from {table} where programme_id = $1 order by version desc",  # noqa: S608 - a table of ours
        programme_id,
    )
    return [VersionRow(*row) for row in rows]
