"""What a refund takes back and gives back, line by line: pure, so that a preview equals the refund."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contract.money import split

CampaignKey = tuple[str, int]
"""A campaign's id and version."""


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line as it was sold: how many, what was paid, what each campaign version gave, how many came back before."""

    quantity: int
    paid: int
    earned: Mapping[CampaignKey, int]
    returned: int = 0

    @property
    def left(self) -> int:
        """How many may still come back."""
        return self.quantity - self.returned


@dataclass(frozen=True, slots=True)
class LineEffect:
    """What one line's return means, in minor units."""

    line: int
    quantity: int
    amount: int
    clawed_back: int
    restored: int


@dataclass(frozen=True, slots=True)
class RefundEffect:
    """What a whole refund means: by line, and by the campaign versions whose lots shrink."""

    lines: list[LineEffect]
    claws: dict[CampaignKey, int] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        """The value of the goods that come back."""
        return sum(line.amount for line in self.lines)

    @property
    def clawed_back(self) -> int:
        """The cashback that these goods had earned."""
        return sum(line.clawed_back for line in self.lines)

    @property
    def restored(self) -> int:
        """The spent cashback that had paid for these goods."""
        return sum(line.restored for line in self.lines)


class TooManyReturned(ValueError):
    """More of a line comes back than was bought and kept."""

    def __init__(self, line: int, left: int) -> None:
        super().__init__(f"line {line}: only {left} can still come back")
        self.line = line
        self.left = left


def refund_effect(sold: Sequence[SoldLine], redeemed: int, returned: Mapping[int, int]) -> RefundEffect:
    """What it means that `returned` (line -> quantity) comes back from a purchase paid in part with `redeemed`.

    Each share is the difference of two cumulative shares, so that any sequence of returns adds up to the whole, to the
    cent, and a line that earned nothing costs nothing. Raises TooManyReturned.
    """
    tendered = split(redeemed, [line.paid for line in sold])
    effects: list[LineEffect] = []
    claws: dict[CampaignKey, int] = {}
    for index, quantity in sorted(returned.items()):
        line = sold[index]
        if quantity > line.left:
            raise TooManyReturned(index, line.left)

        clawed = 0
        for key, value in line.earned.items():
            part = _share(value, line, quantity)
            if part:
                claws[key] = claws.get(key, 0) + part
                clawed += part
        amount, restored = _share(line.paid, line, quantity), _share(tendered[index], line, quantity)
        effects.append(LineEffect(index, quantity, amount, clawed, restored))
    return RefundEffect(effects, claws)


def _share(total: int, line: SoldLine, quantity: int) -> int:
    before = total * line.returned // line.quantity
    return total * (line.returned + quantity) // line.quantity - before
