"""A basket as the rules see it: lines in an order of their own, and sets of lines by what they hold.

A set of lines is an int with a bit for each line: a campaign is matched against the basket, not against each line.
Lines stand in the order of their content: what is left over in a split then goes to the same line wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import reduce
from operator import or_

from contract.basket import Basket, BasketLine, minor
from contract.campaigns import ProgrammeRules, What
from contract.quotes import ReasonCode

OPPOSED = {
    "sku": ReasonCode.EXCLUDED_PRODUCT,
    "category": ReasonCode.EXCLUDED_CATEGORY,
    "brand": ReasonCode.EXCLUDED_BRAND,
    "tag": ReasonCode.EXCLUDED_TAG,
}


@dataclass(frozen=True, slots=True)
class Matching:
    """The lines that a campaign is about, by the name that decided, and why each other line is not among them."""

    earning: int
    named: list[tuple[str, int]]
    missed: list[tuple[ReasonCode, str | None, int]]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a basket; each list runs in the order of content. ``total`` is that of the basis.

    ``none`` is the matching of each campaign that is about none of them, made once: most campaigns are about others.
    """

    positions: list[int]
    basis: list[int]
    quantity: list[int]
    total: int
    every: int
    never: int
    discounted: int
    index: dict[str, dict[str, int]]
    none: Matching

    def having(self, kind: str, names: Iterable[str]) -> int:
        """The lines that have any of these names."""
        known, mask = self.index[kind], 0
        for name in known.keys() & names:
            mask |= known[name]
        return mask


def read(basket: Basket, programme: ProgrammeRules) -> Lines:
    """Put a basket in the order of its content, and index it."""
    ordered = sorted(enumerate(basket.lines), key=lambda numbered: _content(numbered[1]))
    index: dict[str, dict[str, int]] = {"sku": {}, "category": {}, "brand": {}, "tag": {}}
    discounted = 0
    for i, (_, line) in enumerate(ordered):
        bit = 1 << i
        discounted |= bit if minor(line.discount) else 0
        names = {"sku": [line.sku], "category": chain(line.category), "brand": [line.brand], "tag": line.tags}
        for kind, values in names.items():
            for value in filter(None, values):
                index[kind][value] = index[kind].get(value, 0) | bit
    never = 0
    for category in programme.never_earning:
        never |= index["category"].get(category, 0)
    basis = [0 if never >> i & 1 else _basis(line, programme) for i, (_, line) in enumerate(ordered)]
    positions = [position for position, _ in ordered]
    quantity = [line.quantity for _, line in ordered]
    every = (1 << len(ordered)) - 1
    none = Matching(0, [], [(ReasonCode.OTHER_PRODUCT, None, every)])
    return Lines(positions, basis, quantity, sum(basis), every, never, discounted, index, none)


def match(what: What, lines: Lines, favourites: Iterable[str]) -> Matching:
    """Find the lines that a campaign is about."""
    included, named = lines.every, []
    for kind, names in what.only.by_kind:
        known = lines.index[kind]
        named = [(name, known[name]) for name in _precise_first(known.keys() & names)]
        included &= named[0][1] if len(named) == 1 else reduce(or_, (mask for _, mask in named), 0)
        if not included:
            break
    if what.favourites_only:
        included &= lines.having("category", favourites)
    if not included:
        return lines.none
    missed: list[tuple[ReasonCode, str | None, int]] = []
    if included != lines.every:
        missed.append((ReasonCode.OTHER_PRODUCT, None, lines.every & ~included))
    if included & lines.never:
        missed.append((ReasonCode.NEVER_EARNS, None, included & lines.never))
    return Matching(_less_excluded(what, lines, included & ~lines.never, missed), named, missed)


def _less_excluded(what: What, lines: Lines, rest: int, missed: list[tuple[ReasonCode, str | None, int]]) -> int:
    """The lines that no exclusion takes away; what each takes is added to ``missed``."""
    for kind, names in what.exclude.by_kind:
        for name in _precise_first(lines.index[kind].keys() & names):
            taken = rest & lines.index[kind][name]
            if taken:
                missed.append((OPPOSED[kind], name, taken))
                rest &= ~taken
    if what.exclude_discounted and rest & lines.discounted:
        missed.append((ReasonCode.EXCLUDED_DISCOUNTED, None, rest & lines.discounted))
        rest &= ~lines.discounted
    return rest


def chain(category: str) -> list[str]:
    """The category and all above it: `food/fruit` and `food`."""
    parts = category.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]


def _precise_first(names: Set[str]) -> Iterable[str]:
    return names if len(names) < 2 else sorted(names, key=lambda name: (-len(name), name))


def _basis(line: BasketLine, programme: ProgrammeRules) -> int:
    return line.net - (minor(line.tax) if programme.basis == "without_tax" else 0)


def _content(line: BasketLine) -> tuple[object, ...]:
    money = (line.quantity, minor(line.unit_price), minor(line.discount), minor(line.tax))
    return (line.sku, line.name, line.category, line.brand, sorted(line.tags), money)
