"""A manager's write has its effect once for each key, and answers the same again."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from api.core.security import StaffSession
from api.database.pool import Connection
from api.problems import Refusal
from contract.errors import ErrorCode

_HOLD = "select pg_advisory_xact_lock(hashtextextended('publishing ' || $1, 0))"
_BEFORE = "select fingerprint, answer from manager_write where programme_id = $1 and key = $2"
_KEEP = """
    insert into manager_write (programme_id, key, fingerprint, staff_id, answer, written_at)
    values ($1, $2, $3, $4, $5, $6)"""


@dataclass(frozen=True, slots=True)
class Done:
    """The answer, and whether it was given before."""

    answer: dict[str, Any]
    replayed: bool


async def once(
    connection: Connection,
    manager: StaffSession,
    key: str,
    asked: BaseModel,
    what: str,
    do: Callable[[], Awaitable[BaseModel]],
    now: datetime,
) -> Done:
    """Do it, unless the key did it before. `what` says which write it is. Runs inside the caller's transaction.

    One manager's write at a time for a programme, so that versions follow each other. 409 where the key was used for
    something else.
    """
    await connection.execute(_HOLD, str(manager.programme_id))
    fingerprint = hashlib.sha256(f"{what}\n{asked.model_dump_json()}".encode()).digest()
    before = await connection.fetchrow(_BEFORE, manager.programme_id, key)
    if before is not None:
        if before["fingerprint"] != fingerprint:
            raise Refusal(
                409, ErrorCode.IDEMPOTENCY_KEY_REUSED, "This key was used for something else. Make a new one."
            )
        return Done(before["answer"], True)
    answer = (await do()).model_dump(mode="json")
    await connection.execute(_KEEP, manager.programme_id, key, fingerprint, manager.staff_id, answer, now)
    return Done(answer, False)
