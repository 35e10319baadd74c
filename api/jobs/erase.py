"""Erase the members whose days to think it over have passed."""

from __future__ import annotations

from datetime import datetime

from api.core.signals import Signals
from api.database.pool import Database

_CHUNK = 20
"""Members a transaction: a till waits for none but theirs."""
_LONG = 600.0
"""Seconds: one member may have ten thousand amounts, each of which expires by a movement of its own."""


async def erase(database: Database, signals: Signals | None, now: datetime) -> int:
    """Erase all who are due at `now`; answers how many that was.

    Each chunk is a transaction of its own: a run that is killed loses nothing, and the next one goes on.
    """
    total = 0
    while True:
        async with database.transaction() as connection:
            await connection.execute(f"set local statement_timeout = {int(_LONG * 1000)}")
            due = "select o_sessions from ledger.erase_due($1, $2)"
            erased = await connection.fetch(due, now, _CHUNK, timeout=_LONG)
        for row in erased:
            for session_id in row["o_sessions"]:
                if signals is not None:
                    signals.session_ended(session_id)
        if not erased:
            return total
        total += len(erased)
