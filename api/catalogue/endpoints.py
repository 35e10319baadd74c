"""The catalogue's routes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.catalogue import service
from api.core.platform import InDatabase, Now
from api.core.security import CurrentManager, CurrentStaff
from api.problems import responses
from contract.catalogue import COLUMNS, Catalogue, CatalogueReport, CategoryList

router = APIRouter()
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {
                    "type": "string",
                    "format": "binary",
                    "description": "CSV, UTF-8, with the columns " + ",".join(COLUMNS) + "; price in minor units",
                }
            }
        },
    }
}


@router.get("/till/catalogue", tags=["till"], responses=responses(401, 403))
async def read_catalogue(
    staff: CurrentStaff,
    database: InDatabase,
    since: Annotated[int, Query(ge=0, le=2**53, description="The version that the till has; 0: none.")] = 0,
    after: Annotated[str, Query(pattern=r"^(\d{14})?$", description="The last code of the page before.")] = "",
    epoch: Annotated[str, Query(max_length=80, description="The epoch that the till's version is of.")] = "",
) -> Catalogue:
    """Products and categories, or what has changed of them; a page at a time."""
    async with database.connection() as connection:
        return await service.since(connection, staff.programme_id, service.Had(since, after, epoch))


@router.post("/programme/catalogue", tags=["programme"], responses=responses(401, 403, 413, 415), openapi_extra=_BODY)
async def import_catalogue(
    request: Request,
    manager: CurrentManager,
    database: InDatabase,
    now: Now,
    replace: Annotated[bool, Query(description="Take out what the file does not name.")] = False,
) -> CatalogueReport:
    """Take the products of a CSV file. A row that cannot be taken refuses itself alone."""
    return await service.import_products(database, manager, await request.body(), now, replace=replace)


@router.put(
    "/programme/categories", tags=["programme"], status_code=204, response_class=Response, responses=responses(401, 403)
)
async def set_categories(request: CategoryList, manager: CurrentManager, database: InDatabase, now: Now) -> None:
    """Set the categories that a cashier chooses from, in their order."""
    async with database.transaction() as connection:
        await service.set_categories(connection, manager, request, now)
