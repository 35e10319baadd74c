"""The member's statement and past balances over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response, StreamingResponse
from pydantic_core import to_json

from api.core.platform import InDatabase, Now
from api.core.security import CurrentMember
from api.problems import responses
from api.statement import service
from api.statement.service import Range
from contract.base import Instant
from contract.statement import PastBalance, Statement

router = APIRouter(prefix="/me", tags=["me"])
Unit = Annotated[
    str | None, Query(pattern=r"^[A-Z]{3}$", description="The programme's currency where left out; `PTS` for points.")
]
From = Annotated[Instant | None, Query(alias="from", description="Recorded at this instant or later.")]
To = Annotated[Instant | None, Query(alias="to", description="Recorded before this instant.")]
Cursor = Annotated[str | None, Query(max_length=32, description="The `next_cursor` of the page before.")]
_CSV = "text/csv"
_PDF = "application/pdf"


@router.get(
    "/statement",
    response_model=Statement,
    responses={**responses(401, 403), 200: {"content": {_CSV: {"schema": {"type": "string"}}}}},
)
async def statement(
    member: CurrentMember,
    database: InDatabase,
    since: From = None,
    until: To = None,
    unit: Unit = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=service.MAX_PAGE)] = 100,
    accept: Annotated[str, Header(description="`text/csv` for the whole range as a file.")] = "",
) -> Response:
    """Every movement of the wallet with the balance after it, oldest first; the whole range as CSV when asked for."""
    asked = Range(member, unit, since, until)
    if _wants_csv(accept):
        pages = await service.csv_pages(database, asked, cursor)
        name = "attachment; filename=statement.csv"
        return StreamingResponse(pages, media_type=_CSV, headers={"Content-Disposition": name})
    async with database.connection() as connection:
        return Response(to_json(await service.statement(connection, asked, cursor, limit)), media_type=_JSON)


@router.get(
    "/statement.pdf",
    response_class=Response,
    responses={**responses(401, 403, 413), 200: {"content": {_PDF: {}}}},
)
async def statement_on_paper(
    member: CurrentMember,
    database: InDatabase,
    now: Now,
    since: From = None,
    until: To = None,
    unit: Unit = None,
    language: Annotated[
        str | None, Query(max_length=16, description="Such as `pt-BR`; the member's own where left out.")
    ] = None,
) -> Response:
    """The range as a PDF. It is refused where its lines do not lead from the balance before to the one after."""
    paper = await service.pdf(database, Range(member, unit, since, until), language, now)
    return Response(paper, media_type=_PDF, headers={"Content-Disposition": "attachment; filename=statement.pdf"})


@router.get("/balance", responses=responses(401, 403))
async def balance(
    member: CurrentMember,
    database: InDatabase,
    at: Annotated[Instant | None, Query(description="By the time of events.")] = None,
    as_known_at: Annotated[Instant | None, Query(description="By the time of recording.")] = None,
    unit: Unit = None,
) -> PastBalance:
    """What the wallet held at a past instant: of what had happened by then, or of what was known by then."""
    async with database.connection() as connection:
        return await service.past_balance(connection, Range(member, unit), at, as_known_at)


_JSON = "application/json"


def _wants_csv(accept: str) -> bool:
    """Whether CSV is named, and JSON is not named before it."""
    named = [each.split(";")[0].strip().lower() for each in accept.split(",")]
    return _CSV in named and (_JSON not in named or named.index(_CSV) < named.index(_JSON))
