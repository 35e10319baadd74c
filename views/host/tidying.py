"""Remove, once a day, what browsers have left behind on this machine and do not come back for."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from services.forgotten import AFTER, remove_forgotten

log = logging.getLogger("kierto.host")
PAUSE = 24 * 3600.0
"""Seconds between two looks."""


@asynccontextmanager
async def tidying(clients: Path | None) -> AsyncIterator[None]:
    """Look at once, and then every day for as long as the block lasts; not at all without a folder of clients."""
    task = None if clients is None else asyncio.create_task(_each_day(clients), name="tidying")
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _each_day(clients: Path) -> None:
    while True:
        try:
            removed = await asyncio.to_thread(remove_forgotten, clients, time.time() - AFTER.total_seconds())
            if removed:
                log.info("caches of browsers that did not come back, removed: %d", removed)
        except Exception:
            log.exception("caches that nobody comes back for could not be removed; trying again in a day")
        await asyncio.sleep(PAUSE)
