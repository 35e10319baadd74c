"""A manager's write has its effect once for each key, and answers the same again."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel

from api.core.idempotency import REPLAYED, IdempotencyKey
from api.core.platform import InDatabase, Now
from api.core.security import CurrentManager
from api.database.pool import Connection
from api.problems import Refusal
from contract.errors import ErrorCode

Asked = TypeVar("Asked", bound=BaseModel)
_HOLD = "select pg_advisory_xact_lock(hashtextextended('publishing ' || $1, 0))"
_BEFORE = "select fingerprint, answer from manager_write where programme_id = $1 and key = $2"
_KEEP = """
    insert into manager_write (programme_id, key, fingerprint, staff_id, answer, written_at)
    values ($1, $2, $3, $4, $5, $6)"""


class ManagerWrite:
    """Who writes, by which key, where and when."""

    def __init__(self, manager: CurrentManager, database: InDatabase, key: IdempotencyKey, now: Now) -> None:
        self._manager, self._database, self._key, self._now = manager, database, key, now

    async def once(
        self,
        what: str,
        asked: Asked,
        do: Callable[[Connection, UUID, Asked, datetime], Awaitable[BaseModel]],
        kind: type[BaseModel],
        status: int = 200,
    ) -> Response:
        """Do it in one transaction, unless the key did it before; `what` says which write it is, `kind` its answer.

        One manager's write at a time for a programme, so that versions follow each other. 409 where the key was used
        for something else.
        """
        programme_id = self._manager.programme_id
        fingerprint = hashlib.sha256(f"{what}\n{asked.model_dump_json()}".encode()).digest()
        async with self._database.transaction() as connection:
            await connection.execute(_HOLD, str(programme_id))
            before = await connection.fetchrow(_BEFORE, programme_id, self._key)
            if before is None:
                done = await do(connection, programme_id, asked, self._now)
                said = done.model_dump(mode="json")
                written = (programme_id, self._key, fingerprint, self._manager.staff_id, said, self._now)
                await connection.execute(_KEEP, *written)
                return Response(done.model_dump_json(), status, media_type="application/json")
        if before["fingerprint"] != fingerprint:
            raise Refusal(
                409, ErrorCode.IDEMPOTENCY_KEY_REUSED, "This key was used for something else. Make a new one."
            )
        again = kind.model_validate(before["answer"], strict=False).model_dump_json()
        return Response(again, status, {REPLAYED: "true"}, "application/json")


Write = Annotated[ManagerWrite, Depends(ManagerWrite)]
