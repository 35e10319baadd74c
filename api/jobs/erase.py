"""Erase the members whose days to think it over have passed."""

from __future__ import annotations

from datetime import datetime

from api.core.signals import Signals
from api.database.pool import Database

_CHUNK = 100
"""Members a transaction."""


async def erase(database: Database, signals: Signals | None, now: datetime) -> int:
    """Erase all who are due at `now`; answers how many that was.

    Each chunk is a transaction of its own: a run that is killed loses nothing, and the next one goes on.
    """
    total = 0
    while True:
        erased = await database.fetch("select o_sessions from ledger.erase_due($1, $2)", now, _CHUNK)
        for row in erased:
            for session_id in row["o_sessions"]:
                if signals is not None:
                    signals.session_ended(session_id)
        if not erased:
            return total
        total += len(erased)
