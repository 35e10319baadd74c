"""Which purchases a reader asked to see, and the months that they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from contract.money import Money
from contract.months import Month as MonthSums
from contract.wallet import Purchase, StoreRef
from services.books import Wanted
from services.texts import Texts
from views.ui.purchases import kept


@dataclass(frozen=True, slots=True)
class Month:
    """A month's name, those of its purchases that are shown, and what all of them came to."""

    name: str
    shown: tuple[Purchase, ...]
    earned: Money | None
    """None where not all of the month is known here, or where a search left some out."""
    count: int = 0
    total: Money | None = None


def find(purchases: Sequence[Purchase], wanted: Wanted) -> Sequence[Purchase]:
    """Those that fit, and have every word of the text in their store, their products or their receipt number."""
    if wanted.is_all:
        return purchases
    words = wanted.text.casefold().split()
    return [each for each in purchases if _fits(each, wanted) and _has(each, words)]


def merged(here: Sequence[Purchase], there: Iterable[Purchase]) -> list[Purchase]:
    """Purchases of this device and of the API, each once, newest first."""
    every = {each.purchase_id: each for each in there} | {each.purchase_id: each for each in here}
    return sorted(every.values(), key=lambda each: (each.at, each.purchase_id), reverse=True)


def stores(purchases: Iterable[Purchase]) -> list[StoreRef]:
    """The stores of these purchases, by name."""
    found = {each.store.store_id: each.store for each in purchases}
    return sorted(found.values(), key=lambda store: store.name)


def _fits(purchase: Purchase, wanted: Wanted) -> bool:
    return (
        (wanted.store_id is None or purchase.store.store_id == wanted.store_id)
        and (wanted.channel is None or purchase.channel == wanted.channel)
        and (not wanted.returned or bool(purchase.refunds))
    )


def _has(purchase: Purchase, words: list[str]) -> bool:
    text = " ".join((purchase.store.name, purchase.receipt_number, *(line.name for line in purchase.lines))).casefold()
    return all(word in text for word in words)


def months(
    texts: Texts,
    found: Sequence[Purchase],
    limit: int,
    *,
    whole: bool,
    has_older: bool,
    sums: Mapping[str, MonthSums],
) -> list[Month]:
    """The first `limit` of the purchases found, by month; `sums` by month where the API told them, `whole` months."""
    zone = ZoneInfo(texts.timezone)
    made: list[Month] = []
    left = limit
    for (year, number), group in groupby(found, key=lambda each: each.at.astimezone(zone).timetuple()[:2]):
        if left <= 0:
            break
        every = tuple(group)
        name = texts.month_heading(every[0].at)
        told = sums.get(f"{year:04}-{number:02}")
        if not whole:
            made.append(Month(name, every[:left], None))
        elif told is not None and told.purchases >= len(every):
            made.append(Month(name, every[:left], told.earned, told.purchases, told.total))
        elif has_older and every[-1] is found[-1]:
            made.append(Month(name, every[:left], None))
        else:
            total, earned = sum_of(each.total for each in every), sum_of(kept(each) for each in every)
            made.append(Month(name, every[:left], earned, len(every), total))
        left -= len(every)
    return made


def sum_of(amounts: Iterable[Money]) -> Money:
    """Amounts of one currency, at least one, added up."""
    first, *rest = amounts
    return sum(rest, first)
