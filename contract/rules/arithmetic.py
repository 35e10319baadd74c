"""Whole-number arithmetic of the rules, and sets of lines as bits."""

from __future__ import annotations

from functools import lru_cache


def half_even(numerator: int, denominator: int) -> int:
    """The fraction rounded half to even; both at least 0."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def to_unit(amount: int, unit: int, mode: str) -> int:
    """``amount`` rounded to a multiple of ``unit``, down or half to even."""
    return unit * (amount // unit if mode == "floor" else half_even(amount, unit))


@lru_cache(maxsize=4096)
def bits(mask: int) -> tuple[int, ...]:
    """The positions of the set bits, rising."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return tuple(found)
