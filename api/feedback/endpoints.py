"""Feedback over HTTP: a member's own, and all of it for the manager."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.core.platform import InDatabase, Now
from api.core.security import CurrentManager, CurrentMember
from api.feedback import service
from api.problems import responses
from contract.feedback import Feedback, FeedbackRequest, ProgrammeFeedbacks

router = APIRouter()


@router.get("/me/purchases/{purchase_id}/feedback", tags=["me"], responses=responses(404))
async def read(purchase_id: UUID, member: CurrentMember, database: InDatabase) -> Feedback:
    """Show what the member said of a purchase."""
    async with database.connection() as connection:
        return await service.one(connection, member.member_id, purchase_id)


@router.put("/me/purchases/{purchase_id}/feedback", tags=["me"], responses=responses(404, 409))
async def give(
    purchase_id: UUID, request: FeedbackRequest, member: CurrentMember, database: InDatabase, now: Now
) -> Feedback:
    """Say how a purchase was. It may be changed for a day; then it stands."""
    async with database.transaction() as connection:
        return await service.give(connection, member, purchase_id, request, now)


@router.get("/programme/feedback", tags=["programme"])
async def listing(
    manager: CurrentManager,
    database: InDatabase,
    cursor: Annotated[str | None, Query(max_length=256)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ProgrammeFeedbacks:
    """List what was said, newest first."""
    async with database.connection() as connection:
        return await service.listing(connection, manager.programme_id, cursor, limit)
