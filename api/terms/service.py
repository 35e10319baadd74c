"""Finds the terms that an id names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from api.database.pool import Connection
from api.problems import invalid, not_found
from api.terms import repository
from api.terms.repository import RulesRow
from contract.campaigns import CampaignVersion
from contract.facts import ProgrammeTerms
from contract.terms import RulesTerms, Terms, terms_id

_ID = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,63})@([1-9][0-9]{0,8})")


async def terms(connection: Connection, version_id: str, slug: str | None, at: datetime | None = None) -> Terms:
    """The terms of `campaign_id@version`, with the programme's own rules of their time, or of one moment of it.

    404 where there are none; 422 where several programmes may be meant.
    """
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
        rules=_of_time(await repository.rules(connection, row.slug), version.when.starts_at, version.when.ends_at, at),
    )


async def rules(connection: Connection, version: int, slug: str | None) -> RulesTerms:
    """One version of a programme's own rules. 404 where there is none; 422 where several programmes may be meant."""
    rows = await repository.rules(connection, slug, version)
    if slug is None and len({row.slug for row in rows}) > 1:
        raise invalid("programme", "must be named")
    if not rows:
        raise not_found("There is no such version of the rules.")
    return _rules(rows[0])


def _of_time(
    rows: Sequence[RulesRow], starts_at: datetime, ends_at: datetime | None, at: datetime | None
) -> list[RulesTerms]:
    """The rules that hold at a moment, or at some time within terms' own; what came first also held before it began."""
    first, last = (starts_at, ends_at) if at is None else (at, at)
    found = []
    for n, row in enumerate(rows):
        until = rows[n + 1].starts_at if n + 1 < len(rows) else None
        begins_in_time = n == 0 or last is None or row.starts_at < last or row.starts_at == first
        if begins_in_time and (until is None or until > first):
            found.append(_rules(row))
    return found


def _rules(row: RulesRow) -> RulesTerms:
    return RulesTerms(
        programme=row.slug,
        currency=row.currency,
        timezone=row.timezone,
        version=row.version,
        starts_at=row.starts_at,
        published_at=row.created_at,
        body=ProgrammeTerms.model_validate(row.body, strict=False),
    )


def _none() -> Exception:
    return not_found("There are no such terms. The id is campaign@version, such as everyday@3.")
