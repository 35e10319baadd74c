"""Says to open apps that their wallet has changed: at once in this process, a moment later in the others."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterator

PER_MEMBER = 10
"""Streams that one member may hold open at once."""


class TooManyStreams(RuntimeError):
    """A member holds as many streams as one may."""


@dataclass(eq=False)
class Subscription:
    """One open stream: it yields the newest version, however many came in between, until it is ended."""

    member_id: UUID
    session_id: UUID
    _version: int | None = None
    _ended: bool = False
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, version: int) -> None:
        """Make the stream yield, unless it already said as much."""
        self._version = version if self._version is None else max(self._version, version)
        self._wake.set()

    def end(self) -> None:
        """End the stream after what it has to say."""
        self._ended = True
        self._wake.set()

    async def news(self) -> None:
        """Wait until there is something to say, or the stream is ended."""
        await self._wake.wait()

    async def __aiter__(self) -> AsyncIterator[int]:
        """Wallet versions, each newer than what the app has seen. 0: something may have been missed."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            version, self._version = self._version, None
            if version is not None:
                yield version
            if self._ended:
                return


class Hub:
    """The open streams of this process, by member."""

    def __init__(self) -> None:
        self._open: defaultdict[UUID, set[Subscription]] = defaultdict(set)
        self._relays: list[Callable[[UUID, int], None]] = []
        self._closed = False

    def publish(self, member_id: UUID, version: int) -> None:
        """Say that a member's wallet is at `version`. Call it after the commit; it never waits."""
        self.deliver(member_id, version)
        for relay in self._relays:
            relay(member_id, version)

    def deliver(self, member_id: UUID, version: int) -> None:
        """Say it in this process only."""
        for subscription in self._open.get(member_id, ()):
            subscription.offer(version)

    def relay_to(self, relay: Callable[[UUID, int], None]) -> None:
        """Hand every published change to `relay` too, which brings it to the other processes."""
        self._relays.append(relay)

    def missed(self) -> None:
        """Messages of other processes may have been lost: let every app look for itself."""
        for subscription in self._all():
            subscription.offer(0)

    @contextmanager
    def subscribe(self, member_id: UUID, session_id: UUID) -> Iterator[Subscription]:
        """An open stream for as long as the block lasts. Raises TooManyStreams."""
        if len(self._open.get(member_id, ())) >= PER_MEMBER:
            raise TooManyStreams
        subscription = Subscription(member_id, session_id)
        if self._closed:
            subscription.end()
        self._open[member_id].add(subscription)
        try:
            yield subscription
        finally:
            self._open[member_id].discard(subscription)
            if not self._open[member_id]:
                del self._open[member_id]

    def has_room(self, member_id: UUID) -> bool:
        """Whether a member may open one more stream."""
        return len(self._open.get(member_id, ())) < PER_MEMBER

    def end_session(self, session_id: UUID) -> None:
        """End the streams of a session that was signed out."""
        for subscription in self._all():
            if subscription.session_id == session_id:
                subscription.end()

    def close(self) -> None:
        """End all streams: the process stops."""
        self._closed = True
        for subscription in self._all():
            subscription.end()

    def _all(self) -> list[Subscription]:
        return [subscription for streams in self._open.values() for subscription in streams]
