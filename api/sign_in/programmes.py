"""Which programme somebody signs in to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.problems import invalid


async def find_programme(connection: Any, slug: str | None) -> UUID:
    """The programme with a slug, or the only one when none is named. 422 otherwise."""
    if slug is None:
        rows = await connection.fetch("select programme_id from programme limit 2")
        if len(rows) != 1:
            raise invalid("programme", "must be named")
        only: UUID = rows[0]["programme_id"]
        return only
    found: UUID | None = await connection.fetchval("select programme_id from programme where slug = $1", slug)
    if found is None:
        raise invalid("programme", "is not known here")
    return found
