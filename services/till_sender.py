"""Sends what a till has queued, and keeps its kit fresh: in the background, whenever there is a network."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from contract.errors import ErrorCode, Problem
from contract.till import BatchAnswer, BatchOutcome
from contract.till_kit import TillKit
from services.cache import CacheClosed
from services.clock import Clock
from services.errors import Offline, Refused
from services.gateway import Gateway
from services.offline_sales import item_of
from services.retry import Backoff
from services.sales import UNSETTLED
from services.till_book import QueueRow, QueueState, TillBook

log = logging.getLogger("kierto.till")

CHUNK = 100
"""Receipts sent at once."""
BREATH = 0.05
"""Seconds between two chunks, so that a store that comes back leaves room for the others."""
KIT_EVERY = 60.0
"""Seconds between two questions for a newer kit."""
_SMALLER = {ErrorCode.TOO_LARGE, ErrorCode.INVALID_INPUT}
"""Refusals of a whole batch that one of its receipts may be the reason of."""
_OVER = {ErrorCode.SESSION_ENDED, ErrorCode.NOT_SIGNED_IN}


class TillSender:
    """Works for one till from sign-in to sign-out. `changed` hears of news in the book, `lost` that nobody answers."""

    def __init__(
        self,
        book: TillBook,
        gateway: Gateway,
        clock: Clock,
        *,
        changed: Callable[[], Awaitable[None]],
        lost: Callable[[], None],
        backoff: Backoff | None = None,
    ) -> None:
        self._book = book
        self._gateway = gateway
        self._clock = clock
        self._changed = changed
        self._lost = lost
        self._backoff = backoff or Backoff(first=0.5, most=15.0)
        self._wanted = asyncio.Event()
        self._most = CHUNK
        self._asked: float | None = None
        self._knows_time = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._run(), name="kierto till queue")

    async def stop(self) -> None:
        """End. What is on its way is asked again later, by the same keys."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def wake(self) -> None:
        """There is something to send, or a network to send by."""
        self._wanted.set()

    async def _run(self) -> None:
        failures = 0
        while True:
            self._wanted.clear()
            wait = KIT_EVERY
            try:
                wait = BREATH if await self.step() else KIT_EVERY
                failures = 0
            except CacheClosed:
                return
            except Refused as error:
                if error.code in _OVER:
                    return
                log.warning("the API refused what the till sent: %s", error.code)
                failures, wait = failures + 1, self._backoff.wait(failures + 1)
            except Offline:
                failures, wait = failures + 1, self._backoff.wait(failures + 1)
                self._lost()
            except Exception:
                log.exception("the till's queue could not be sent")
                failures, wait = failures + 1, self._backoff.wait(failures + 1)
            if wait > BREATH:
                self._knows_time = False
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._wanted.wait()
            else:
                await asyncio.sleep(wait)

    async def step(self) -> bool:
        """Send the oldest receipts, ask for a newer kit; whether more are waiting. Raises Offline, Refused."""
        rows = await self._book.waiting(self._most)
        if rows:
            await self._send(rows)
        await self._fetch_kit()
        return bool(await self._book.waiting(1)) if rows else False

    async def _send(self, rows: Sequence[QueueRow]) -> None:
        if not self._knows_time:  # a clock may have been set meanwhile, and each receipt says how far it is off
            await self._gateway.health()
            self._knows_time = True
        try:
            answer = await self._gateway.post_batch(self._batch(rows))
        except Refused as error:
            if error.code not in _SMALLER:
                raise
            if len(rows) > 1:
                self._most = max(1, len(rows) // 2)
                return
            answer = BatchAnswer(outcomes=[_refused(rows[0].key, error.problem)])
        self._most = min(CHUNK, self._most * 2)
        settled = [each for each in answer.outcomes if not _is_unsettled(each)]
        by_key = {row.key: row for row in rows}
        await self._book.settle(
            [
                (each.key, _state(by_key[each.key], each), each.model_dump_json())
                for each in settled
                if each.key in by_key
            ]
        )
        await self._changed()
        if len(settled) < len(rows):
            raise Offline("some receipts are to be sent again")

    def _batch(self, rows: Sequence[QueueRow]) -> str:
        """The receipts as they were signed, each with the clock's difference as it is known now."""
        skew = self._gateway.skew
        receipts = []
        for row in rows:
            off = 0 if skew is None else round(skew.total_seconds() - row.skew)
            receipts.append(json.loads(row.body) | ({"clock_off": off} if off else {}))
        return json.dumps({"receipts": receipts})

    async def _fetch_kit(self) -> None:
        now = self._clock.monotonic()
        if self._asked is not None and now - self._asked < KIT_EVERY:
            return
        kept = await self._book.kit()
        have = kept[0] if kept is not None and _readable(kept[1]) else None
        try:
            answer = await self._gateway.till_kit(have)
        except Refused as error:
            if error.code in _OVER:
                raise
            log.warning("the API gives no kit: %s", error.code)
            self._asked = now
            return
        json_text = None if answer.kit is None else answer.kit.model_dump_json()
        await self._book.keep_kit(answer.version, json_text, self._clock.now().isoformat())
        self._asked = now
        await self._changed()


def _state(row: QueueRow, outcome: BatchOutcome) -> QueueState:
    """`refused` for whatever a cashier has to look at."""
    return "refused" if item_of(replace(row, outcome=outcome.model_dump_json())).is_problem else "posted"


def _is_unsettled(outcome: BatchOutcome) -> bool:
    return outcome.problem is not None and (outcome.problem.status >= 500 or outcome.problem.code in UNSETTLED)


def _refused(key: str, problem: Problem) -> BatchOutcome:
    return BatchOutcome(key=key, outcome="refused", problem=problem)


def _readable(text: str) -> bool:
    try:
        TillKit.model_validate_json(text)
    except ValueError:
        return False
    return True
