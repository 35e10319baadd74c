"""How long to wait before the next try."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first` to `most` seconds, each shortened by up to half, so that devices spread out."""

    first: float = 0.2
    most: float = 5.0
    rand: Callable[[], float] = random.random

    def wait(self, tries: int) -> float:
        """Seconds to wait after `tries` failures, at least 1."""
        full = min(self.most, self.first * 2.0 ** min(tries - 1, 30))
        return full * (1.0 - self.rand() / 2)


def retry_after(header: str | None) -> float | None:
    """The seconds of a Retry-After header; None when there is none, or when it names a date."""
    if header is None or not header.strip().isdigit():
        return None
    return float(min(int(header.strip()), 86_400))
