"""Release and expire what is due: on demand, and every minute beside the API."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from fastapi import FastAPI

from api.core.clock import Clock
from api.core.hub import Hub
from api.core.signals import Signals
from api.database.pool import Database
from api.jobs.budgets import settle_budgets
from api.jobs.erase import erase
from api.jobs.sweep import sweep
from api.jobs.tiers import settle_tiers
from api.ledger.repository import settle_due
from api.privacy.making import make_waiting
from api.problems import Refusal

log = logging.getLogger("kierto.jobs")
PAUSE = 60.0
"""Seconds between two looks."""
_CHUNK = 200
"""Wallets a transaction: small enough that no till waits for one."""


async def settle(database: Database, hub: Hub | None, now: datetime) -> int:
    """Release and expire all that is due at `now`; answers how many wallets that was.

    Each chunk is a transaction of its own: a run that is killed loses nothing, and the next one goes on.
    """
    total = 0
    while True:
        async with database.connection() as connection:
            settled = await settle_due(connection, now, _CHUNK)
        for member_id, version in settled:
            if hub is not None:
                hub.publish(member_id, version)
        if not settled:
            return total
        total += len(settled)


@asynccontextmanager
async def settling(app: FastAPI) -> AsyncIterator[None]:
    """Settle, and forget what is over, every minute for as long as the block lasts."""
    task = asyncio.create_task(
        _every_minute(app.state.database, app.state.hub, app.state.signals, app.state.clock), name="settling"
    )
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _every_minute(database: Database, hub: Hub, signals: Signals, clock: Clock) -> None:
    while True:
        try:
            await settle(database, hub, clock.now())
            await settle_tiers(database, hub, clock.now())
            await settle_budgets(database, clock.now())
            await erase(database, signals, clock.now())
            await make_waiting(database, clock)
            await sweep(database, clock.now())
        except Refusal:
            log.warning("the database is away: what is due is released and expired once it is back")
        except Exception:
            log.exception("releasing, expiring, erasing or sweeping failed; trying again in %d s", PAUSE)
        await asyncio.sleep(PAUSE)
