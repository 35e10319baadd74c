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
    points: Mapping[CampaignKey, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """How many may still come back."""
        return self.quantity - self.returned


@dataclass(frozen=True, slots=True)
class LineEffect:
    """What one line's return means, in minor units, and in points."""

    line: int
    quantity: int
    amount: int
    clawed_back: int
    restored: int
    points_clawed_back: int = 0
    points_restored: int = 0
    points_worth: int = 0
    """What the restored points had paid for the line."""


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

    @property
    def points_restored(self) -> int:
        """The spent points that had paid for these goods."""
        return sum(line.points_restored for line in self.lines)


class TooManyReturned(ValueError):
    """More of a line comes back than was bought and kept."""

    def __init__(self, line: int, left: int) -> None:
        super().__init__(f"line {line}: only {left} can still come back")
        self.line = line
        self.left = left


def refund_effect(
    sold: Sequence[SoldLine], redeemed: int, returned: Mapping[int, int], *, points: int = 0, worth: int = 0
) -> RefundEffect:
    """What it means that `returned` (line -> quantity) comes back from a purchase paid in part with `redeemed`.

    And in part with so many `points`, that paid what they were `worth`.

    Each share is the difference of two cumulative shares, so that any sequence of returns adds up to the whole, to the
    cent, and a line that earned nothing costs nothing. Raises TooManyReturned.
    """
    paid = [line.paid for line in sold]
    tendered, spent, covered = split(redeemed, paid), split(points, paid), split(worth, paid)
    effects: list[LineEffect] = []
    claws: dict[CampaignKey, int] = {}
    for index, quantity in sorted(returned.items()):
        line = sold[index]
        if quantity > line.left:
            raise TooManyReturned(index, line.left)
        effects.append(
            LineEffect(
                index,
                quantity,
                amount=_share(line.paid, line, quantity),
                clawed_back=_claw(line.earned, line, quantity, claws),
                restored=_share(tendered[index], line, quantity),
                points_clawed_back=_claw(line.points, line, quantity, claws),
                points_restored=_share(spent[index], line, quantity),
                points_worth=_share(covered[index], line, quantity),
            )
        )
    return RefundEffect(effects, claws)


def _claw(given: Mapping[CampaignKey, int], line: SoldLine, quantity: int, claws: dict[CampaignKey, int]) -> int:
    """The share of what each campaign version gave; added to `claws`, too."""
    clawed = 0
    for key, value in given.items():
        part = _share(value, line, quantity)
        if part:
            claws[key] = claws.get(key, 0) + part
            clawed += part
    return clawed


def _share(total: int, line: SoldLine, quantity: int) -> int:
    before = total * line.returned // line.quantity
    return total * (line.returned + quantity) // line.quantity - before
