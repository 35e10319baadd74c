"""A manager's campaigns, rules and tiers over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.core.platform import InDatabase
from api.core.security import CurrentManager
from api.problems import responses
from api.publishing import service
from api.publishing.writes import Write
from contract.publishing import (
    CampaignDraft,
    CampaignList,
    CampaignStateRequest,
    CampaignVersions,
    PublishedCampaign,
    RulesDraft,
    RulesList,
    RulesVersion,
)
from contract.tiers import Ladder, LadderDraft, LadderList

router = APIRouter(prefix="/programme", tags=["programme"])
CampaignId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


@router.get("/campaigns", responses=responses(401, 403))
async def campaigns(manager: CurrentManager, database: InDatabase) -> CampaignList:
    """List the programme's campaigns, each with its newest version in short."""
    async with database.connection() as connection:
        return await service.campaign_list(connection, manager.programme_id)


@router.post("/campaigns", status_code=201, response_model=PublishedCampaign, responses=responses(400, 401, 403, 409))
async def publish_campaign(request: CampaignDraft, write: Write) -> Response:
    """Publish the first version of a campaign, or the next one. What was published is never changed."""
    return await write.once("campaign", request, service.publish_campaign, PublishedCampaign, 201)


@router.get("/campaigns/{campaign_id}/versions", responses=responses(401, 403, 404))
async def campaign_versions(campaign_id: CampaignId, manager: CurrentManager, database: InDatabase) -> CampaignVersions:
    """Every version of one campaign, the newest first."""
    async with database.connection() as connection:
        return await service.campaign_versions(connection, manager.programme_id, campaign_id)


@router.post(
    "/campaigns/{campaign_id}/state", response_model=PublishedCampaign, responses=responses(400, 401, 403, 404, 409)
)
async def set_campaign_state(campaign_id: CampaignId, request: CampaignStateRequest, write: Write) -> Response:
    """Publish a draft, pause, resume, end or archive a campaign."""
    return await write.once(
        f"state {campaign_id}",
        request,
        lambda connection, programme_id, asked, _: service.set_state(
            connection, programme_id, campaign_id, asked.state
        ),
        PublishedCampaign,
    )


@router.get("/rules", responses=responses(401, 403))
async def rules(manager: CurrentManager, database: InDatabase) -> RulesList:
    """List the versions of the programme's own rules: basis, rounding, limits of spending."""
    async with database.connection() as connection:
        return await service.rules_list(connection, manager.programme_id)


@router.post("/rules", status_code=201, response_model=RulesVersion, responses=responses(400, 401, 403, 409))
async def publish_rules(request: RulesDraft, manager: CurrentManager, write: Write) -> Response:
    """Publish the next version of the programme's own rules, from an instant on, where none came after `after`."""
    return await write.once(
        "rules",
        request,
        lambda connection, programme_id, asked, now: service.publish_rules(
            connection, programme_id, asked, now, by=manager
        ),
        RulesVersion,
        201,
    )


@router.get("/tiers", responses=responses(401, 403))
async def tiers(manager: CurrentManager, database: InDatabase) -> LadderList:
    """List the versions of the programme's tiers."""
    async with database.connection() as connection:
        return await service.ladder_list(connection, manager.programme_id)


@router.post("/tiers", status_code=201, response_model=Ladder, responses=responses(400, 401, 403, 409))
async def publish_tiers(request: LadderDraft, write: Write) -> Response:
    """Publish the next version of the tiers. Members go up at once, and down only after a notice."""
    return await write.once("tiers", request, service.publish_ladder, Ladder, 201)
