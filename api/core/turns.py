"""Writes of one member go on by turns while somebody else holds that wallet, and leave the others their connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from api.problems import WalletHeld

T = TypeVar("T")
_PATIENCE = 3.0
"""Seconds for which a write waits for a held wallet, all its tries together."""
_PAUSE = 0.05


@dataclass(slots=True)
class _Queue:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Turns:
    """Who waits for a held wallet. The ledger itself waits for a moment only (`lock_timeout` of its functions)."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._queues: dict[UUID, _Queue] = {}

    def is_held(self, member_id: UUID) -> bool:
        """Whether writes of this member wait already: another one would only take a connection from the others."""
        return member_id in self._queues

    async def insist(self, attempt: Callable[[Callable[[UUID], bool]], Awaitable[T]]) -> T:
        """Do it, as often as it takes: a wallet that is held is asked for by one write at a time.

        Each attempt takes a connection of its own, and is told whose wallets it need not even try. Raises WalletHeld, a
        503, where patience is over.
        """
        until = time.monotonic() + self._patience
        try:
            return await attempt(self.is_held)
        except WalletHeld as held:
            async with self._turn(held, until):
                return await self._again(attempt, until)

    async def _again(self, attempt: Callable[[Callable[[UUID], bool]], Awaitable[T]], until: float) -> T:
        while True:
            try:
                return await attempt(lambda _: False)
            except WalletHeld:
                if time.monotonic() + _PAUSE >= until:
                    raise
            await asyncio.sleep(_PAUSE)

    @asynccontextmanager
    async def _turn(self, held: WalletHeld, until: float) -> AsyncIterator[None]:
        queue = self._queues.setdefault(held.member_id, _Queue())
        queue.waiting += 1
        try:
            await self._acquire(queue, held, until)
            try:
                yield
            finally:
                queue.turn.release()
        finally:
            queue.waiting -= 1
            if not queue.waiting:
                self._queues.pop(held.member_id, None)

    async def _acquire(self, queue: _Queue, held: WalletHeld, until: float) -> None:
        try:
            await asyncio.wait_for(queue.turn.acquire(), max(0.0, until - time.monotonic()))
        except TimeoutError:
            raise held from None
        if time.monotonic() >= until:
            queue.turn.release()
            raise held
