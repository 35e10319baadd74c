"""The language that a device asks for: what counts where a member has chosen none."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_LONGEST = 200
_SPOKEN = """
    select case when language_chosen then language else coalesce($2, language) end from member where member_id = $1"""
_Raw = Annotated[
    str | None,
    Header(
        alias="Accept-Language",
        description="What is worded here, such as an offer's name, is in this language where the member chose none.",
    ),
]


async def _asked(accept_language: _Raw = None) -> str | None:
    return None if accept_language is None else preferred(accept_language[:_LONGEST])


AskedLanguage = Annotated[str | None, Depends(_asked)]
"""The language that the device prefers, such as ``pt-BR``; None where it names none."""


async def spoken(connection: Any, member_id: UUID, asked: str | None) -> str | None:
    """The language to word things in for a member: her own, or else the one asked for; None where she is no more."""
    found: str | None = await connection.fetchval(_SPOKEN, member_id, asked)
    return found


@lru_cache(maxsize=256)
def preferred(header: str) -> str | None:
    """The language that an `Accept-Language` prefers, or None."""
    found = [
        (-_quality(weight), name.strip()) for name, _, weight in (each.partition(";") for each in header.split(","))
    ]
    named = [(rank, name) for rank, name in found if rank < 0 and _TAG.fullmatch(name)]
    return min(named, key=lambda each: each[0])[1] if named else None


def _quality(weight: str) -> float:
    try:
        return float(weight.partition("=")[2]) if weight.strip() else 1.0
    except ValueError:
        return 0.0
