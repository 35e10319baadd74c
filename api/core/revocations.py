"""Sessions that have ended while their access tokens still live: known to every process at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from api.core.tokens import ACCESS_SECONDS

_KEPT = timedelta(seconds=ACCESS_SECONDS + 60)


class Revocations:
    """The sessions that ended within the life of an access token. Older ones need no memory: their tokens are over."""

    def __init__(self) -> None:
        self._ended: dict[UUID, datetime] = {}
        self._listeners: list[Callable[[UUID], None]] = []

    def add(self, session_id: UUID, at: datetime) -> None:
        """Remember that a session ended, forget those that no token can name any more."""
        known = session_id in self._ended
        self._ended[session_id] = at
        if not known:
            for listener in self._listeners:
                listener(session_id)
        for old in [each for each, when in self._ended.items() if at - when > _KEPT]:
            del self._ended[old]

    def __contains__(self, session_id: UUID) -> bool:
        return session_id in self._ended

    def on_end(self, listener: Callable[[UUID], None]) -> None:
        """Call `listener` with each session that ends from now on."""
        self._listeners.append(listener)

    @staticmethod
    def since(now: datetime) -> datetime:
        """From when on ended sessions matter at `now`."""
        return now - _KEPT
