"""The header `Idempotency-Key`: which effect a write is, so that a retry has it once."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

from api.problems import Refusal, invalid
from contract.errors import ErrorCode

_LONGEST = 128
REPLAYED = "Idempotent-Replayed"
_Raw = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description=f"1 to {_LONGEST} printable characters; a retry sends the same again."),
]


async def optional_key(idempotency_key: _Raw = None) -> str | None:
    """The key, or None when there is none. 422 for one with another form."""
    if idempotency_key is None:
        return None
    if not 1 <= len(idempotency_key) <= _LONGEST or not (idempotency_key.isascii() and idempotency_key.isprintable()):
        raise invalid("Idempotency-Key", f"must have 1 to {_LONGEST} printable characters")
    return idempotency_key


async def required_key(idempotency_key: _Raw = None) -> str:
    """The key. 400 when there is none."""
    key = await optional_key(idempotency_key)
    if key is None:
        raise Refusal(
            400,
            ErrorCode.IDEMPOTENCY_KEY_MISSING,
            "Send a header Idempotency-Key, a new one for each new write and the same one for a retry.",
        )
    return key


IdempotencyKey = Annotated[str, Depends(required_key)]
OptionalIdempotencyKey = Annotated[str | None, Depends(optional_key)]
