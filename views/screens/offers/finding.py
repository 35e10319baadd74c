"""Which offers a reader asked to see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contract.basket import Channel
from contract.offers import Offer
from services.texts import Texts
from views.ui.offer_words import counts, gives, place
from views.ui.offers import ends_soon

Which = Literal["all", "to_activate", "activated", "soon"]
WHICH: tuple[Which, ...] = ("all", "to_activate", "activated", "soon")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the list down; what is empty does not."""

    query: str = ""
    which: Which = "all"
    category: str = ""
    store: str = ""
    channel: str = ""


def fits_state(offer: Offer, which: Which, now: datetime) -> bool:
    """Whether an offer is in the state that was asked for."""
    if which == "to_activate":
        return offer.needs_activation and offer.state == "open"
    if which == "activated":
        return offer.state == "activated"
    return (offer.state != "ended" and ends_soon(offer, now)) if which == "soon" else True


def find(texts: Texts, offers: Iterable[Offer], wanted: Wanted, now: datetime) -> list[Offer]:
    """The offers that fit all that was asked for. One for everything fits any category, store and channel."""
    words = wanted.query.casefold().split()
    return [
        each
        for each in offers
        if fits_state(each, wanted.which, now)
        and (not wanted.category or _is_for(each, wanted.category))
        and (not wanted.store or not each.stores or wanted.store in each.stores)
        and (not wanted.channel or not each.channels or wanted.channel in each.channels)
        and _has(texts, each, words)
    ]


def categories(offers: Sequence[Offer]) -> list[str]:
    """The categories and tags that the offers name."""
    return list(dict.fromkeys(_top(kind) for each in offers for kind in (*each.categories, *each.tags)))


def stores(offers: Sequence[Offer]) -> list[str]:
    """The stores that the offers name."""
    return sorted({store for each in offers for store in each.stores})


def channels(offers: Sequence[Offer]) -> list[Channel]:
    """The channels, where any offer is for one alone."""
    return ["store", "web"] if any(len(each.channels) == 1 for each in offers) else []


def _is_for(offer: Offer, category: str) -> bool:
    kinds = (*offer.categories, *offer.tags)
    return (not kinds and not offer.brands) or any(_top(kind) == category for kind in kinds)


def _top(category: str) -> str:
    return category.split("/", maxsplit=1)[0]


def _has(texts: Texts, offer: Offer, words: list[str]) -> bool:
    if not words:
        return True
    said = (offer.name, offer.description, gives(texts, offer), counts(texts, offer), place(texts, offer))
    text = " ".join(said).casefold()
    return all(word in text for word in words)
