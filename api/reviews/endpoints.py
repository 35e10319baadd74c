"""The routes of settings and reviews."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from api.core.platform import InDatabase, InHub, Now
from api.core.security import CurrentManager
from api.problems import responses
from api.reviews import limits, service
from contract.reviews import Review, ReviewDecision, ReviewKind, ReviewPage, Settings, SettingsChange

router = APIRouter(prefix="/programme", tags=["programme"])


@router.get("/settings", responses=responses(401, 403))
async def read_settings(manager: CurrentManager, database: InDatabase) -> Settings:
    """What the programme has set for its tills."""
    async with database.connection() as connection:
        return await limits.settings(connection, manager.programme_id)


@router.put("/settings", responses=responses(401, 403, 409))
async def change_settings(request: SettingsChange, manager: CurrentManager, database: InDatabase, now: Now) -> Settings:
    """Set them anew. What was set before stays on record."""
    async with database.transaction() as connection:
        return await limits.change(connection, manager, request, now)


@router.get("/reviews", responses=responses(401, 403))
async def list_reviews(
    manager: CurrentManager,
    database: InDatabase,
    state: Literal["open", "cleared", "rejected"] | None = None,
    kind: ReviewKind | None = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ReviewPage:
    """What looked unusual, newest first."""
    async with database.connection() as connection:
        return await service.page(connection, manager.programme_id, state, kind, cursor, limit)


@router.post("/reviews/{review_id}/decision", responses=responses(401, 403, 404, 409))
async def decide_review(
    review_id: UUID, request: ReviewDecision, manager: CurrentManager, database: InDatabase, hub: InHub, now: Now
) -> Review:
    """Clear it, or reject it: then what the held purchases earned is taken back. A decision is made once."""
    async with database.transaction() as connection:
        review, changed = await service.decide(connection, manager, review_id, request, now)
    for member_id, version in changed.items():
        hub.publish(member_id, version)
    return review
