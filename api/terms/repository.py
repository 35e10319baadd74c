"""Campaign versions by their number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from api.database.pool import Connection


class VersionRow(NamedTuple):
    """One version as it was published, and whose it is."""

    slug: str
    currency: str
    timezone: str
    body: dict[str, Any]
    created_at: datetime


async def versions(connection: Connection, campaign_id: str, version: int, slug: str | None) -> list[VersionRow]:
    """The versions of that number, of every programme or of one. Those of a campaign that is a draft are nobody's."""
    rows = await connection.fetch(
        """select p.slug, p.currency, p.timezone, v.body, v.created_at
             from programme p join campaign_version v using (programme_id)
             join campaign c using (programme_id, campaign_id)
            where v.campaign_id = $1 and v.version = $2 and c.state <> 'draft' and ($3::text is null or p.slug = $3)
            limit 2""",
        campaign_id,
        version,
        slug,
    )
    return [VersionRow(*row) for row in rows]


class RulesRow(NamedTuple):
    """One version of a programme's own rules, and whose it is."""

    slug: str
    currency: str
    timezone: str
    version: int
    starts_at: datetime
    body: dict[str, Any]
    created_at: datetime


async def rules(connection: Connection, slug: str | None, version: int | None = None) -> list[RulesRow]:
    """Versions of programmes' own rules, oldest first: all of them, or those of one programme, or of one number."""
    rows = await connection.fetch(
        """select p.slug, p.currency, p.timezone, r.version, r.starts_at, r.body, r.created_at
             from programme_rules r join programme p using (programme_id)
            where ($1::text is null or p.slug = $1) and ($2::integer is null or r.version = $2)
            order by r.starts_at, r.version limit 1000""",
        slug,
        version,
    )
    return [RulesRow(*row) for row in rows]


async def store_names(connection: Connection, slug: str, stores: Sequence[str]) -> dict[str, str]:
    """The names of a programme's stores, by id."""
    if not stores:
        return {}
    rows = await connection.fetch(
        """select s.store_id, s.name from store s join programme p using (programme_id)
            where p.slug = $1 and s.store_id = any ($2::text[])""",
        slug,
        list(stores),
    )
    return {row[0]: row[1] for row in rows}
