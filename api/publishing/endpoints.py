"""A manager's campaigns, rules and tiers over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel

from api.core.idempotency import REPLAYED, IdempotencyKey
from api.core.platform import InDatabase, Now
from api.core.security import CurrentManager
from api.problems import responses
from api.publishing import service
from api.publishing.once import Done, once
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
async def publish_campaign(
    request: CampaignDraft, manager: CurrentManager, database: InDatabase, key: IdempotencyKey, now: Now
) -> Response:
    """Publish the first version of a campaign, or the next one. What was published is never changed."""
    async with database.transaction() as connection:
        done = await once(
            connection,
            manager,
            key,
            request,
            "campaign",
            lambda: service.publish_campaign(connection, manager.programme_id, request, now),
            now,
        )
    return _answer(done, PublishedCampaign, 201)


@router.get("/campaigns/{campaign_id}/versions", responses=responses(401, 403, 404))
async def campaign_versions(campaign_id: CampaignId, manager: CurrentManager, database: InDatabase) -> CampaignVersions:
    """Every version of one campaign, the newest first."""
    async with database.connection() as connection:
        return await service.campaign_versions(connection, manager.programme_id, campaign_id)


@router.post(
    "/campaigns/{campaign_id}/state", response_model=PublishedCampaign, responses=responses(400, 401, 403, 404, 409)
)
async def set_campaign_state(
    campaign_id: CampaignId,
    request: CampaignStateRequest,
    manager: CurrentManager,
    database: InDatabase,
    key: IdempotencyKey,
    now: Now,
) -> Response:
    """Publish a draft, pause, resume, end or archive a campaign."""
    async with database.transaction() as connection:
        done = await once(
            connection,
            manager,
            key,
            request,
            f"state {campaign_id}",
            lambda: service.set_state(connection, manager.programme_id, campaign_id, request.state),
            now,
        )
    return _answer(done, PublishedCampaign)


@router.get("/rules", responses=responses(401, 403))
async def rules(manager: CurrentManager, database: InDatabase) -> RulesList:
    """List the versions of the programme's own rules: basis, rounding, limits of spending."""
    async with database.connection() as connection:
        return await service.rules_list(connection, manager.programme_id)


@router.post("/rules", status_code=201, response_model=RulesVersion, responses=responses(400, 401, 403, 409))
async def publish_rules(
    request: RulesDraft, manager: CurrentManager, database: InDatabase, key: IdempotencyKey, now: Now
) -> Response:
    """Publish the next version of the programme's own rules, from an instant on."""
    async with database.transaction() as connection:
        done = await once(
            connection,
            manager,
            key,
            request,
            "rules",
            lambda: service.publish_rules(connection, manager.programme_id, request, now),
            now,
        )
    return _answer(done, RulesVersion, 201)


@router.get("/tiers", responses=responses(401, 403))
async def tiers(manager: CurrentManager, database: InDatabase) -> LadderList:
    """List the versions of the programme's tiers."""
    async with database.connection() as connection:
        return await service.ladder_list(connection, manager.programme_id)


@router.post("/tiers", status_code=201, response_model=Ladder, responses=responses(400, 401, 403, 409))
async def publish_tiers(
    request: LadderDraft, manager: CurrentManager, database: InDatabase, key: IdempotencyKey, now: Now
) -> Response:
    """Publish the next version of the tiers. Members go up at once, and down only after a notice."""
    async with database.transaction() as connection:
        done = await once(
            connection,
            manager,
            key,
            request,
            "tiers",
            lambda: service.publish_ladder(connection, manager.programme_id, request, now),
            now,
        )
    return _answer(done, Ladder, 201)


def _answer(done: Done, kind: type[BaseModel], status: int = 200) -> Response:
    headers = {REPLAYED: "true"} if done.replayed else None
    body = kind.model_validate(done.answer, strict=False).model_dump_json()
    return Response(body, status, headers, "application/json")
