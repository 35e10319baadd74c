"""Work in a thread, one part ahead of whoever uses what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import TypeVar

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")


async def one_ahead(work: Callable[[_Part], _Result], parts: Iterable[_Part]) -> AsyncGenerator[_Result, None]:
    """What comes of each part; the next is worked on while the caller, and PostgreSQL, are busy with the one before."""
    working: asyncio.Task[_Result] | None = None
    try:
        for part in parts:
            before = working
            if before is not None:
                await before
            working = asyncio.create_task(asyncio.to_thread(work, part))
            if before is not None:
                yield before.result()
        if working is not None:
            yield await working
    finally:
        if working is not None:
            await asyncio.wait([working])
