"""Which purchases a reader asked to see, and the months that they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from contract.money import Money
from contract.wallet import Purchase
from services.texts import Texts
from views.ui.purchases import kept


@dataclass(frozen=True, slots=True)
class Month:
    """A month's name, those of its purchases that are shown, and what all of them earned."""

    name: str
    shown: tuple[Purchase, ...]
    earned: Money | None
    """None where not all of the month is on this device, or where a search left some out."""


def find(purchases: Sequence[Purchase], query: str) -> Sequence[Purchase]:
    """Those that have every word of the query in their store, their products or their receipt number."""
    words = query.casefold().split()
    return [each for each in purchases if _has(each, words)] if words else purchases


def _has(purchase: Purchase, words: list[str]) -> bool:
    text = " ".join((purchase.store.name, purchase.receipt_number, *(line.name for line in purchase.lines))).casefold()
    return all(word in text for word in words)


def months(texts: Texts, found: Sequence[Purchase], limit: int, *, whole: bool, has_older: bool) -> list[Month]:
    """The first `limit` of the purchases found, by month; sums are of months that are `whole`."""
    zone = ZoneInfo(texts.timezone)
    made: list[Month] = []
    left = limit
    for _, group in groupby(found, key=lambda each: each.at.astimezone(zone).timetuple()[:2]):
        if left <= 0:
            break
        every = tuple(group)
        cut = has_older and every[-1] is found[-1]
        earned = sum_of(kept(each) for each in every) if whole and not cut else None
        made.append(Month(texts.month_heading(every[0].at), every[:left], earned))
        left -= len(every)
    return made


def sum_of(amounts: Iterable[Money]) -> Money:
    """Amounts of one currency, at least one, added up."""
    first, *rest = amounts
    return sum(rest, first)
