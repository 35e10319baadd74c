"""Money as integers of minor units: the type, exact percentages, and splits that lose nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field, StrictInt

from contract.base import Message

MAX_AMOUNT = 1_000_000_000_000
"""The largest amount that any message carries, in minor units."""

POINTS = "PTS"
STAMPS = "STM"
"""Stamps as the ledger keeps them: counted, never spent nor exchanged."""

BasisPoints = Annotated[StrictInt, Field(ge=0, le=100_000)]
"""A rate in hundredths of a percent: 500 is 5 %."""

_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_NO_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF PTS".split()  # noqa: SIM905 - a list of 17 is unreadable
)


class Money(Message):
    """An amount of minor units in one currency (ISO 4217, or ``PTS`` for points)."""

    amount: Annotated[StrictInt, Field(ge=-MAX_AMOUNT, le=MAX_AMOUNT)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]

    def __add__(self, other: Money) -> Money:
        return _as_it_comes(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return _as_it_comes(self.amount - self._same(other), self.currency)

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.amount


def total(amounts: Iterable[Money], currency: str) -> Money:
    """All of them together, in the one currency that they must be in; 0 of none."""
    return sum(amounts, _as_it_comes(0, currency))


def _as_it_comes(amount: int, currency: str) -> Money:
    """A sum or a difference: the bound of what one message carries is none of its own."""
    return Money.model_construct(amount=amount, currency=currency)


MinorUnits = Annotated[StrictInt, Field(ge=0, le=MAX_AMOUNT)]
"""A bare amount of minor units, in the programme's own currency."""

PositiveMinorUnits = Annotated[StrictInt, Field(gt=0, le=MAX_AMOUNT)]


def decimals(currency: str) -> int:
    """How many decimals the currency's minor unit has."""
    if currency in _THREE_DECIMALS:
        return 3
    return 0 if currency in _NO_DECIMALS else 2


def portion(amount: int, rate_bp: int) -> int:
    """``rate_bp`` hundredths of a percent of ``amount``, rounded half to even; both at least 0."""
    whole, rest = divmod(amount * rate_bp, 10_000)
    return whole + (rest > 5_000 or (rest == 5_000 and whole % 2 == 1))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in parts by ``weights``, by largest remainder; ties go to the earlier part.

    The parts add up to ``total`` exactly. With no weight above 0 every part is 0 and ``total`` must be 0.
    """
    weight = sum(weights)
    if weight == 0:
        if total:
            raise ValueError("nothing to split over")
        return [0] * len(weights)
    parts = [total * w // weight for w in weights]
    remainders = [total * w % weight for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
