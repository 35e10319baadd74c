"""A basket as the rules see it: lines in an order of their own, and sets of lines by what they hold.

A set of lines is an int with a bit for each line: a campaign is matched against the basket, not against each line.
Lines stand in the order of their content: what is left over in a split then goes to the same line wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache, reduce
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


@dataclass(slots=True)  # not frozen, as for all that a quote makes: that would take three times as long to make
class Matching:
    """The lines that a campaign is about, by the name that decided, and why each other line is not among them."""

    earning: int
    named: list[tuple[str, int]]
    missed: list[tuple[ReasonCode, str | None, int]]


@dataclass(slots=True)
class Lines:
    """The lines of a basket; each list runs in the order of content. ``total`` is that of the basis, ``paid`` all.

    ``none`` is the matching of each campaign that is about none of them, made once: most campaigns are about others.
    """

    positions: list[int]
    basis: list[int]
    quantity: list[int]
    total: int
    paid: int
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
    lines = basket.lines
    positions = _order(lines)
    skus: dict[str, int] = {}
    categories: dict[str, int] = {}
    brands: dict[str, int] = {}
    tags: dict[str, int] = {}
    nets, quantity = [], []
    discounted, bit = 0, 1
    for position in positions:
        line = lines[position]
        number, discount = line.quantity, minor(line.discount)
        if discount:
            discounted |= bit
        if line.sku:
            skus[line.sku] = skus.get(line.sku, 0) | bit
        for category in chain(line.category):
            categories[category] = categories.get(category, 0) | bit
        if line.brand:
            brands[line.brand] = brands.get(line.brand, 0) | bit
        for tag in line.tags:
            tags[tag] = tags.get(tag, 0) | bit
        nets.append(number * minor(line.unit_price) - discount)
        quantity.append(number)
        bit += bit
    never = 0
    for category in programme.never_earning:
        never |= categories.get(category, 0)
    basis = nets
    if programme.basis == "without_tax":
        basis = [net - minor(lines[position].tax) for net, position in zip(nets, positions, strict=True)]
    if never:
        basis = [0 if never >> i & 1 else amount for i, amount in enumerate(basis)]
    every = bit - 1
    index = {"sku": skus, "category": categories, "brand": brands, "tag": tags}
    none = Matching(0, [], [(ReasonCode.OTHER_PRODUCT, None, every)])
    return Lines(positions, basis, quantity, sum(basis), sum(nets), every, never, discounted, index, none)


def _order(lines: Sequence[BasketLine]) -> list[int]:
    """The positions of the lines in the order of their content; most often the products decide."""
    positions = list(range(len(lines)))
    skus = [line.sku for line in lines]
    if len(set(skus)) == len(skus):
        positions.sort(key=skus.__getitem__)
    else:
        positions.sort(key=lambda position: _content(lines[position]))
    return positions


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


@lru_cache(maxsize=4096)
def chain(category: str) -> tuple[str, ...]:
    """The category and all above it: `food/fruit` and `food`. Nothing of none."""
    parts = category.split("/")
    return tuple(filter(None, ("/".join(parts[:n]) for n in range(1, len(parts) + 1))))


def _precise_first(names: Set[str]) -> Iterable[str]:
    return names if len(names) < 2 else sorted(names, key=lambda name: (-len(name), name))


def _content(line: BasketLine) -> tuple[object, ...]:
    money = (line.quantity, minor(line.unit_price), minor(line.discount), minor(line.tax))
    return (line.sku, line.name, line.category, line.brand, sorted(line.tags), money)
