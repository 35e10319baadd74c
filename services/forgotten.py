"""What browsers have left behind on a machine that hosts the app for them, and do not come back for.

A hosted app keeps each browser's cache on the machine that hosts it. Who signs out takes it along; who never comes back
leaves it. It can be fetched again at any time, so it goes after a while; what exists nowhere else stays.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from services.cache import KEPT, is_spare

AFTER = timedelta(days=30)
"""How long a browser may stay away and find its first screen as it left it."""
_ENDS = ("", "-wal", "-shm", "-journal")


def remove_forgotten(clients: Path, before: float) -> int:
    """Remove the caches of accounts that were not touched since `before` (seconds of the epoch); how many.

    One that is open, here or in another process, stays, and so does one with an action or a sale that was not sent.
    What a till has to send is never touched. Blocks for as long as the disk takes: call it in a thread.
    """
    removed = 0
    for path in [*clients.glob("*/*.sqlite3")]:
        if not path.name.startswith(KEPT) and _touched(path) < before and is_spare(path):
            for end in _ENDS:
                with suppress(OSError):
                    path.with_name(path.name + end).unlink()
            removed += 1
            with suppress(OSError):
                path.parent.rmdir()  # where it is empty now
    return removed


def _touched(path: Path) -> float:
    """When it, or the log beside it, was last written; never where it has just gone."""
    try:
        last = path.stat().st_mtime
    except OSError:
        return float("inf")
    with suppress(OSError):
        last = max(last, path.with_name(path.name + "-wal").stat().st_mtime)
    return last
