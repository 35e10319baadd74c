"""Finds the terms that an id names."""

from __future__ import annotations

import re

from api.database.pool import Connection
from api.problems import invalid, not_found
from api.terms import repository
from contract.campaigns import CampaignVersion
from contract.terms import Terms, terms_id

_ID = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,63})@([1-9][0-9]{0,8})")


async def terms(connection: Connection, version_id: str, slug: str | None) -> Terms:
    """The terms of `campaign_id@version`. 404 where there are none; 422 where several programmes may be meant."""
    found = _ID.fullmatch(version_id)
    if found is None:
        raise _none()
    rows = await repository.versions(connection, found[1], int(found[2]), slug)
    if slug is None and len({row.slug for row in rows}) > 1:
        raise invalid("programme", "must be named")
    if not rows:
        raise _none()
    row = rows[0]
    version = CampaignVersion.model_validate(row.body, strict=False)
    return Terms(
        id=terms_id(version.campaign_id, version.version),
        programme=row.slug,
        currency=row.currency,
        timezone=row.timezone,
        campaign_id=version.campaign_id,
        version=version.version,
        name=version.name,
        description=version.description,
        starts_at=version.when.starts_at,
        ends_at=version.when.ends_at,
        reward=version.reward.kind,
        needs_activation=version.needs_activation,
        pending_days=version.pending_days,
        expires_after=version.expires_after,
        stores=await repository.store_names(connection, row.slug, version.where.stores),
        published_at=row.created_at,
        body=row.body,
    )


def _none() -> Exception:
    return not_found("There are no such terms. The id is campaign@version, such as everyday@3.")
