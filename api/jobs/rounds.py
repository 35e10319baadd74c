"""All that is done by the calendar, once: every minute beside the API, or when `python -m api settle` is called."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.datastructures import State

from api.core.clock import Clock
from api.core.hub import Hub
from api.core.signals import Signals
from api.database.pool import Database
from api.jobs.budgets import settle_budgets
from api.jobs.erase import erase
from api.jobs.notices import tell_what_expires
from api.jobs.settle import settle
from api.jobs.sweep import sweep
from api.jobs.tiers import settle_tiers
from api.mail.sender import Sender
from api.privacy.making import make_waiting
from api.problems import Refusal

log = logging.getLogger("kierto.jobs")
PAUSE = 60.0
"""Seconds between two rounds."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round has done."""

    wallets: int
    """Wallets in which something was released or has expired."""
    tiers: int
    """Members whose tier was looked at."""
    erased: int
    """Members who had left."""
    copies: int
    """Copies of accounts that were waiting to be made."""
    told: int
    """Members who were told of what is about to expire."""


async def go_round(
    database: Database,
    clock: Clock,
    sender: Sender | None = None,
    hub: Hub | None = None,
    signals: Signals | None = None,
) -> Round:
    """Do all that is due; safe to do twice, and on two machines at once. Without a `sender` nobody is told anything."""
    wallets = await settle(database, hub, clock.now())
    tiers = await settle_tiers(database, hub, clock.now())
    await settle_budgets(database, clock.now())
    erased = await erase(database, signals, clock.now())
    copies = await make_waiting(database, clock)
    await sweep(database, clock.now())
    return Round(wallets, tiers, erased, copies, await tell_what_expires(database, sender, clock))


@asynccontextmanager
async def going_round(app: FastAPI) -> AsyncIterator[None]:
    """Go round every minute for as long as the block lasts."""
    task = asyncio.create_task(_every_minute(app.state), name="going round")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _every_minute(state: State) -> None:
    while True:
        try:
            await go_round(state.database, state.clock, state.mail, state.hub, state.signals)
        except Refusal:
            log.warning("the database is away: what is due is released and expired once it is back")
        except Exception:
            log.exception("releasing, expiring, erasing or sweeping failed; trying again in %d s", PAUSE)
        await asyncio.sleep(PAUSE)
