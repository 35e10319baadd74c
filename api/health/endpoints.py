"""Whether the API and its database answer."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter

from api.core.platform import InDatabase
from api.problems import unavailable
from api.version import VERSION
from contract.base import Answer

router = APIRouter(tags=["health"])
_SECONDS = 2


class Health(Answer):
    """All is well."""

    status: Literal["ok"] = "ok"
    database: Literal["ok"] = "ok"
    version: str


@router.get("/health")
async def health(database: InDatabase) -> Health:
    """Say that the API and its database answer; 503 when the database is away."""
    try:
        async with asyncio.timeout(_SECONDS):
            await database.fetchval("select 1")
    except TimeoutError:
        raise unavailable() from None
    return Health(version=VERSION)
