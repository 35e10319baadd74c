"""Terms over HTTP: public, so that a receipt's link still reads when its campaign is long over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.core.platform import InDatabase
from api.problems import responses
from api.terms import service
from contract.terms import Terms

router = APIRouter(prefix="/terms", tags=["terms"])
_A_DAY = "public, max-age=86400"


@router.get("/{version}", responses=responses(404))
async def terms(
    version: Annotated[str, Path(max_length=100, description="`campaign_id@version`, such as `everyday@3`.")],
    response: Response,
    database: InDatabase,
    programme: Annotated[
        str | None, Query(max_length=64, description="The programme's slug; needed where there are several.")
    ] = None,
) -> Terms:
    """Read the terms of one campaign version. They stay when the campaign is changed, paused or over."""
    async with database.connection() as connection:
        found = await service.terms(connection, version, programme)
    response.headers["Cache-Control"] = _A_DAY
    return found
