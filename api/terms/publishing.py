"""A programme's own terms: a new version, which every member is then asked to accept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from contract.base import Message

Words = dict[Annotated[str, Field(min_length=2, max_length=16)], Annotated[str, Field(min_length=1, max_length=20_000)]]


class TermsDraft(Message):
    """The terms as they are to hold, and in a sentence what is new in them; both by language, English at least."""

    texts: Annotated[Words, Field(min_length=1)]
    changes: Words = Field(default_factory=dict)


async def publish(connection: Any, programme_id: UUID, draft: TermsDraft, now: datetime) -> int:
    """Put terms in force; answers their version. Those before stay readable, and stay accepted."""
    version: int = await connection.fetchval(
        "update programme set terms_version = terms_version + 1 where programme_id = $1 returning terms_version",
        programme_id,
    )
    await connection.execute(
        "insert into programme_terms (programme_id, version, texts, changes, created_at) values ($1, $2, $3, $4, $5)",
        programme_id,
        version,
        draft.texts,
        draft.changes,
        now,
    )
    return version
