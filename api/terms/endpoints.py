"""Terms over HTTP: public, so that a receipt's link still reads when its campaign is long over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime

from api.core.platform import InDatabase
from api.problems import responses
from api.terms import service
from contract.terms import RulesTerms, Terms

router = APIRouter(prefix="/terms", tags=["terms"])
_A_DAY = "public, max-age=86400"


Programme = Annotated[
    str | None, Query(max_length=64, description="The programme's slug; needed where there are several.")
]


@router.get("/rules/{version}", responses=responses(404))
async def rules(
    version: Annotated[int, Path(ge=1, le=1_000_000_000, description="A purchase's `rules_version`.")],
    response: Response,
    database: InDatabase,
    programme: Programme = None,
) -> RulesTerms:
    """Read one version of a programme's own rules: basis, rounding, what may be spent. It is never changed."""
    async with database.connection() as connection:
        found = await service.rules(connection, version, programme)
    response.headers["Cache-Control"] = _A_DAY
    return found


@router.get("/{version}", responses=responses(404))
async def terms(
    version: Annotated[str, Path(max_length=100, description="`campaign_id@version`, such as `everyday@3`.")],
    response: Response,
    database: InDatabase,
    programme: Programme = None,
    at: Annotated[
        AwareDatetime | None, Query(description="A moment, such as a purchase's: whose rules to tell.")
    ] = None,
) -> Terms:
    """Read the terms of one campaign version. They stay when the campaign is changed, paused or over."""
    async with database.connection() as connection:
        found = await service.terms(connection, version, programme, at)
    response.headers["Cache-Control"] = _A_DAY
    return found
