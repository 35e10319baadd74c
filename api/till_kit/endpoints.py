"""The routes of a till that works without a network."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.core.platform import InDatabase, Now
from api.core.security import CurrentStaff
from api.problems import responses
from api.till_kit import risks, service
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
    request: Request,
    staff: CurrentStaff,
    database: InDatabase,
    now: Now,
    which: Annotated[
        risks.Which, Query(description="`problems`: what did not come out as it was told; `spent`: what was spent.")
    ] = "problems",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> OfflineRisks:
    """What the store's tills told and gave without a network, newest first; as a CSV file with `Accept: text/csv`."""
    async with database.connection() as connection:
        if "text/csv" in request.headers.get("accept", ""):
            named = {"Content-Disposition": f'attachment; filename="offline-{now:%Y-%m-%d}.csv"'}
            content = await risks.as_csv(connection, staff, which)
            return Response(content, headers=named, media_type="text/csv")  # type: ignore[return-value]
        return await risks.page(connection, staff, which, cursor, limit, now)
