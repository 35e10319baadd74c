"""Calls that come while others of their kind are under way wait for these, and then go together."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Work = Callable[[Sequence[Item]], Awaitable[Sequence[Answer | None]]]
log = logging.getLogger("kierto.lanes")


@dataclass(slots=True)
class _Lane(Generic[Item, Answer]):
    waiting: deque[tuple[Item, asyncio.Future[Answer | None]]] = field(default_factory=deque)
    under_way: int = 0


@dataclass(slots=True)
class _Turns:
    free: asyncio.Semaphore
    callers: int = 0


class Lanes(Generic[Item, Answer]):
    """Lanes by what calls must have in common to go together.

    None waits for company: a call goes at once unless `at_once` waves of its lane are under way, and what waits goes,
    `together` at most, as soon as one of them ends.
    """

    def __init__(self, *, at_once: int = 2, together: int = 32) -> None:
        self._at_once, self._together = at_once, together
        self._lanes: dict[Hashable, _Lane[Item, Answer]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: dict[Hashable, _Turns] = {}

    @asynccontextmanager
    async def turn(self, key: Hashable, at_once: int) -> AsyncIterator[None]:
        """Wait, in the order of coming, until fewer than `at_once` callers of the key are inside, and be inside."""
        turns = self._turns.setdefault(key, _Turns(asyncio.Semaphore(at_once)))
        turns.callers += 1
        try:
            async with turns.free:
                yield
        finally:
            turns.callers -= 1
            if not turns.callers:
                del self._turns[key]

    async def join(self, key: Hashable, item: Item, work: Work[Item, Answer]) -> Answer | None:
        """What `work` answers about this item, given it with others of the lane; None also where it failed.

        A caller that is cancelled takes nothing from the others.
        """
        lane = self._lanes.setdefault(key, _Lane())
        answer: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        lane.waiting.append((item, answer))
        if lane.under_way < self._at_once:
            lane.under_way += 1
            self._start(key, lane, work)
        return await answer

    def _start(self, key: Hashable, lane: _Lane[Item, Answer], work: Work[Item, Answer]) -> None:
        task = asyncio.create_task(self._run(key, lane, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, key: Hashable, lane: _Lane[Item, Answer], work: Work[Item, Answer]) -> None:
        """One wave after another, until none waits."""
        try:
            while wave := self._next(lane):
                await _answer(wave, work)
        finally:
            lane.under_way -= 1
            if not lane.under_way and not lane.waiting:
                self._lanes.pop(key, None)

    def _next(self, lane: _Lane[Item, Answer]) -> list[tuple[Item, asyncio.Future[Answer | None]]]:
        wave: list[tuple[Item, asyncio.Future[Answer | None]]] = []
        while lane.waiting and len(wave) < self._together:
            each = lane.waiting.popleft()
            if not each[1].done():  # its caller has gone
                wave.append(each)
        return wave


async def _answer(wave: Sequence[tuple[Item, asyncio.Future[Answer | None]]], work: Work[Item, Answer]) -> None:
    answers: Sequence[Answer | None] = ()
    try:
        answers = await work([item for item, _ in wave])
    except Exception:  # each caller does its own by itself, and hears by that what is wrong
        log.exception("%d calls could not go together", len(wave))
    finally:
        for number, (_, answer) in enumerate(wave):
            if not answer.done():
                answer.set_result(answers[number] if answers else None)
