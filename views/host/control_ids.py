"""Ids of controls that no earlier process has given out.

Flet counts controls from 3 in each process. A browser that outlives a restart still holds the controls of before: a new
one with the same id is taken for the old, and its answers never come. So each process begins elsewhere.
"""

from __future__ import annotations

import itertools
import time

from flet.controls.id_counter import ControlId

_SPAN = 2_000
"""Ids apart for each second between two starts."""
_SECONDS = 1_000_000
"""Seconds (11 days) until starts are at the same place again; keeps ids below 2**31."""


def begin_apart(now: float | None = None) -> int:
    """Begin counting where no process of the last days did; answers the first id. `now` is in seconds since 1970."""
    seconds = time.time() if now is None else now
    first = 3 + int(seconds) % _SECONDS * _SPAN
    ControlId._counter = itertools.count(first)
    return first
