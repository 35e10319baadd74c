"""The order in which the files of tests are run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
_ENDS_AT = 0.8


def spread(each: Sequence[T], is_long: Callable[[T], bool]) -> list[T]:
    """The same, with the long ones at even distances in the first four fifths; both kinds keep their own order."""
    long = [one for one in each if is_long(one)]
    short = [one for one in each if not is_long(one)]
    placed = [(n * _ENDS_AT * len(short) / len(long), 0, one) for n, one in enumerate(long)]
    placed += [(float(n), 1, one) for n, one in enumerate(short)]
    return [one for _, _, one in sorted(placed, key=lambda it: it[:2])]
