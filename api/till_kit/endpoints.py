"""The routes of a till that works without a network."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.core.platform import InDatabase, Now
from api.core.security import CurrentStaff
from api.problems import responses
from api.till_kit import service
from contract.till_kit import OfflineRisks, TillKitAnswer

router = APIRouter(prefix="/till", tags=["till"])


@router.get("/kit", responses=responses(401, 403))
async def read_kit(
    staff: CurrentStaff,
    database: InDatabase,
    now: Now,
    have: Annotated[str | None, Query(max_length=80, description="The version that the till has.")] = None,
) -> TillKitAnswer:
    """What a till keeps to work without a network; null where it has the newest."""
    async with database.connection() as connection:
        return await service.kit(connection, staff, have, now)


@router.get("/offline-risks", responses=responses(401, 403))
async def list_risks(
    staff: CurrentStaff,
    database: InDatabase,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> OfflineRisks:
    """Receipts of the store's tills that did not come out as they were told without a network, newest first."""
    async with database.connection() as connection:
        return await service.risks(connection, staff, cursor, limit)
