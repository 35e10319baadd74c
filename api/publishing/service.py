"""Publishes campaigns, rules and tiers: always another version, from an instant on, never a change of what was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.audit import repository as audit
from api.campaigns import service as campaigns
from api.core.security import StaffSession
from api.database.pool import Connection
from api.problems import Refusal, invalid, not_found
from api.publishing import repository
from api.publishing.repository import CampaignRow, VersionRow
from contract.campaigns import CampaignVersion
from contract.errors import ErrorCode
from contract.facts import ProgrammeTerms
from contract.publishing import (
    CampaignDraft,
    CampaignList,
    CampaignVersions,
    PublishedCampaign,
    PublishedVersion,
    RulesDraft,
    RulesList,
    RulesVersion,
)
from contract.tiers import Ladder, LadderDraft, LadderList

CLOCKS = timedelta(minutes=10)
"""How far the clock of a manager's device may be behind where a change is to hold from now on."""
_FROM = {"live": {"draft", "scheduled", "paused", "live"}, "paused": {"live", "scheduled", "paused"}}
_OVER = {"ended", "archived"}


async def campaign_list(connection: Connection, programme_id: UUID) -> CampaignList:
    """The programme's campaigns."""
    return CampaignList(items=[_campaign(row) for row in await repository.campaigns(connection, programme_id)])


async def campaign_versions(connection: Connection, programme_id: UUID, campaign_id: str) -> CampaignVersions:
    """Every version of a campaign. 404 where the programme has none of that id."""
    rows = await repository.versions(connection, programme_id, campaign_id)
    if not rows:
        raise _no_campaign()
    items = [
        PublishedVersion(published_at=row.published_at, campaign=CampaignVersion.model_validate(row.body, strict=False))
        for row in rows
    ]
    return CampaignVersions.model_validate({"campaign_id": campaign_id, "state": rows[0].state, "items": items})


async def publish_campaign(
    connection: Connection, programme_id: UUID, draft: CampaignDraft, now: datetime
) -> PublishedCampaign:
    """Add the next version of a campaign.

    409 where another came first, or the campaign is over; 422 for a change of the past.
    """
    version = draft.campaign
    before = await repository.versions(connection, programme_id, version.campaign_id)
    newest = before[0].version if before else 0
    if version.version != newest + 1:
        raise _not_next(newest)
    state: str = draft.state
    if before:
        state = before[0].state
        if state in _OVER:
            raise _not_from(state)
        if state != "draft" and version.when.starts_at < now - CLOCKS:
            raise invalid("campaign.when.starts_at", "must not be before now: what was bought keeps its terms")
    await campaigns.publish_campaign(connection, programme_id, version, now, state=state)
    return await _one(connection, programme_id, version.campaign_id)


async def set_state(connection: Connection, programme_id: UUID, campaign_id: str, state: str) -> PublishedCampaign:
    """Publish a draft, pause, resume, end or archive. Twice is once. 409 where the campaign is over."""
    found = await _one(connection, programme_id, campaign_id)
    if found.state == state:
        return found
    if state in _FROM and found.state not in _FROM[state]:
        raise _not_from(found.state)
    if state == "ended" and found.state == "archived":
        raise _not_from(found.state)
    await campaigns.set_campaign_state(connection, programme_id, campaign_id, state)
    return await _one(connection, programme_id, campaign_id)


async def rules_list(connection: Connection, programme_id: UUID) -> RulesList:
    """The versions of the programme's own rules."""
    return RulesList(items=[_rules(row) for row in await repository.rules(connection, programme_id)])


async def publish_rules(
    connection: Connection, programme_id: UUID, draft: RulesDraft, now: datetime, *, by: StaffSession | None = None
) -> RulesVersion:
    """Add the next version of the programme's own rules, and who changed what to the trail.

    409 where another came first; 422 for one of the past, or before the version before it.
    """
    before = await repository.rules(connection, programme_id)
    newest = before[0].version if before else 0
    if draft.after is not None and draft.after != newest:
        raise Refusal(
            409,
            ErrorCode.SETTINGS_CHANGED,
            "Somebody has published other rules meanwhile. Look at them, then set yours.",
        )
    starts_at = _from(draft.starts_at, before, now)
    body = draft.rules.model_dump(mode="json")
    row = VersionRow(newest + 1, starts_at, body, now)
    await repository.add(connection, "programme_rules", programme_id, row.version, starts_at, body, now)
    if by is not None:
        had = _flat(_rules(before[0]).rules.model_dump(mode="json")) if before else {}
        changed = {name: [had.get(name), value] for name, value in _flat(body).items() if had.get(name) != value}
        await audit.write(connection, by, "rules", now, subject=str(row.version), evidence=changed)
    await campaigns.changed(connection, programme_id)
    return _rules(row)


async def ladder_list(connection: Connection, programme_id: UUID) -> LadderList:
    """The versions of the programme's tiers."""
    rows = await repository.ladders(connection, programme_id)
    return LadderList(items=[Ladder.model_validate(row.body, strict=False) for row in rows])


async def publish_ladder(connection: Connection, programme_id: UUID, draft: LadderDraft, now: datetime) -> Ladder:
    """Add the next version of the tiers. A tier that members may have stays: 422 where one is missing."""
    before = await repository.ladders(connection, programme_id)
    starts_at = _from(draft.starts_at, before, now)
    if before:
        had = [each.tier for each in Ladder.model_validate(before[0].body, strict=False).tiers]
        kept = [each.tier for each in draft.tiers if each.tier in had]
        if kept != had:
            raise invalid("tiers", f"must have {', '.join(had)}, in this order: members may have them")
    version = before[0].version + 1 if before else 1
    ladder = Ladder.model_validate({**dict(draft), "starts_at": starts_at, "version": version})
    body = ladder.model_dump(mode="json")
    await repository.add(connection, "tier_ladder", programme_id, version, starts_at, body, now)
    await campaigns.changed(connection, programme_id)
    return ladder


def _from(starts_at: datetime | None, before: list[VersionRow], now: datetime) -> datetime:
    """The instant from which on the next version holds."""
    found = max(now, *(row.starts_at for row in before)) if starts_at is None and before else starts_at or now
    if found < now - CLOCKS:
        raise invalid("starts_at", "must not be before now: what was bought keeps its terms")
    if any(row.starts_at > found for row in before):
        raise invalid("starts_at", "must not be before the start of the version before it")
    return found


async def _one(connection: Connection, programme_id: UUID, campaign_id: str) -> PublishedCampaign:
    rows = await repository.versions(connection, programme_id, campaign_id)
    if not rows:
        raise _no_campaign()
    return _campaign(rows[0])


def _campaign(row: CampaignRow) -> PublishedCampaign:
    when = row.body["when"]
    return PublishedCampaign.model_validate(
        {
            "campaign_id": row.campaign_id,
            "state": row.state,
            "version": row.version,
            "name": row.body["name"],
            "starts_at": when["starts_at"],
            "ends_at": when.get("ends_at"),
            "published_at": row.published_at,
        }
    )


def _rules(row: VersionRow) -> RulesVersion:
    rules = ProgrammeTerms.model_validate(row.body, strict=False)
    return RulesVersion(version=row.version, starts_at=row.starts_at, published_at=row.published_at, rules=rules)


def _flat(body: dict[str, Any], under: str = "") -> dict[str, Any]:
    """What rules say, by names such as `offline.spend_per_till`."""
    said: dict[str, Any] = {}
    for name, value in body.items():
        said |= _flat(value, f"{under}{name}.") if isinstance(value, dict) else {f"{under}{name}": value}
    return said


def _no_campaign() -> Refusal:
    return not_found("There is no such campaign.")


def _not_next(newest: int) -> Refusal:
    return Refusal(
        409,
        ErrorCode.VERSION_NOT_NEXT,
        f"The newest version is {newest}: the next is {newest + 1}. Look at it, and send yours with that number.",
        params={"newest": newest},
    )


def _not_from(state: str) -> Refusal:
    sentence = f"This campaign is {state}. A draft goes live, what is live is paused or ended, what is over stays so."
    return Refusal(409, ErrorCode.STATE_NOT_ALLOWED, sentence, params={"state": state})
