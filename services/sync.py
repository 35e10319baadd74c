"""Keeps the mirror in step with the API: by events, by a timer, on demand; and recovers by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

from contract.confirmations import SpendRequest
from contract.errors import ErrorCode
from services.cache import CacheClosed, CacheFull
from services.clock import Clock
from services.errors import Offline, Refused
from services.gateway import Gateway
from services.mirror import Mirror, adds_up
from services.outbox import Outbox
from services.retry import Backoff, retry_after

log = logging.getLogger("kierto.sync")

STOOD = 10.0
"""Seconds after which an event line counts as good: losing it is then a first failure again."""
_OVER = {ErrorCode.SESSION_ENDED, ErrorCode.NOT_SIGNED_IN}


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the client waits, in seconds."""

    sync_every: float = 60.0
    """Between two syncs while events arrive."""
    begin_after: float = 0.0
    """Before the first sync where there is something to show meanwhile; a wish to sync ends the wait."""
    poll_every: float = 5.0
    """Between two syncs while they do not."""
    health_every: float = 15.0
    """Between two looks at the API from a till."""
    retry_first: float = 0.5
    retry_most: float = 5.0
    """Between two tries while the API does not answer."""


class Sync:
    """A step that is done again and again; it says False when something is left for soon.

    `heard` and `lost` are told how each went, `no_room` that the disk could not take it.
    """

    def __init__(
        self,
        step: Callable[[], Awaitable[bool]],
        *,
        clock: Clock,
        timing: Timing,
        heard: Callable[[], Awaitable[None]],
        lost: Callable[[], Awaitable[None]],
        no_room: Callable[[], Awaitable[None]],
        events: Gateway | None = None,
    ) -> None:
        self._step = step
        self._clock = clock
        self._timing = timing
        self._heard = heard
        self._lost = lost
        self._no_room = no_room
        self._events = events
        self._backoff = Backoff(first=timing.retry_first, most=timing.retry_most)
        self._wanted = asyncio.Event()
        self._turn = asyncio.Lock()
        self._live = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, after: float = 0.0) -> None:
        """Begin in the background, in so many seconds or as soon as someone wants it."""
        self._tasks.append(asyncio.create_task(self._run(after), name="kierto sync"))

    async def _begin(self, after: float) -> None:
        if after:
            with suppress(TimeoutError):
                async with asyncio.timeout(after):
                    await self._wanted.wait()
        if self._events is not None:
            self._tasks.append(asyncio.create_task(self._listen(self._events), name="kierto events"))

    async def stop(self) -> None:
        """End, and wait until all has ended."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        self._tasks = []
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    def wake(self) -> None:
        """Sync soon: something changed, here or there."""
        self._wanted.set()

    async def now(self) -> None:
        """Sync and wait for it. Raises Offline or Refused."""
        try:
            await self._once()
        except Offline:
            self.wake()
            raise

    async def _run(self, after: float) -> None:
        await self._begin(after)
        failures = 0
        while True:
            self._wanted.clear()
            wait: float | None = None
            try:
                done = await self._once()
            except CacheClosed:
                return
            except Refused as error:
                if error.code in _OVER:
                    return
                log.warning("the API refused to sync: %s", error.code)
                done, wait = False, retry_after(str(error.problem.params.get("retry_after", "")))
            except Offline as error:
                log.info("offline: %s", error)
                done = False
            except CacheFull as error:
                log.error("nothing can be kept: %s", error)  # noqa: TRY400 - the disk is at fault, not the code
                await self._no_room()
                done = False
            except Exception:
                log.exception("sync failed")
                done = False
            failures = 0 if done else failures + 1
            if wait is None:
                wait = self._pause() if done else self._backoff.wait(failures)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._wanted.wait()

    async def _once(self) -> bool:
        async with self._turn:
            try:
                done = await self._step()
            except Offline:
                await self._lost()
                raise
            except Refused as error:
                if error.problem.status >= 500:
                    await self._lost()
                raise
            await self._heard()
            return done

    def _pause(self) -> float:
        if self._events is None:
            return self._timing.health_every
        return self._timing.sync_every if self._live else self._timing.poll_every

    async def _listen(self, gateway: Gateway) -> None:
        """Hold an event line open; each event, and each opening and loss of the line, asks for a sync."""
        failures = 0
        while True:
            began = self._clock.monotonic()
            try:
                async with aclosing(gateway.events(self._opened)) as events:
                    async for _ in events:
                        self.wake()
            except Refused as error:
                if error.code in _OVER:
                    return
            except Offline:
                pass
            except Exception:
                log.exception("the event line failed")
            if self._live:
                self._live = False
                self.wake()
            failures = 1 if self._clock.monotonic() - began > STOOD else failures + 1
            await asyncio.sleep(self._backoff.wait(failures))

    def _opened(self) -> None:
        self._live = True
        self.wake()


class MemberStep:
    """One sync of a member: send what waits, then take what has changed."""

    def __init__(
        self,
        gateway: Gateway,
        mirror: Mirror,
        outbox: Outbox,
        clock: Clock,
        show: Callable[[], Awaitable[None]],
        asked: Callable[[Sequence[SpendRequest]], None],
    ) -> None:
        self._gateway = gateway
        self._mirror = mirror
        self._outbox = outbox
        self._clock = clock
        self._show = show
        self._asked = asked

    async def __call__(self) -> bool:
        """False when the API wants some of the outbox later. Raises Offline or Refused; what was taken before stays."""
        all_sent = await self._outbox.flush(self._show)
        await self._take()
        return all_sent

    async def _take(self) -> None:
        for _ in range(3):
            before = await self._mirror.snapshot(0)
            changes = await self._gateway.changes(before.cursor)
            self._asked(changes.asked)
            older = before.wallet is not None and changes.wallet.version < before.wallet.version
            if not changes.full and (older or not adds_up(before, changes)):
                log.warning("the balance does not add up here: fetching everything")
                changes = await self._gateway.changes(None)
            if changes.full and not adds_up(before, changes):
                log.error("the API's own lots do not add up to its wallet, version %d", changes.wallet.version)
            if await self._mirror.settle(changes, before=before, now=self._clock.now()):
                return
            log.info("the cache moved meanwhile: asking again")
