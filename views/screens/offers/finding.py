"""Which offers a reader asked to see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from contract.offers import Offer
from services.texts import Texts
from views.ui.offer_words import counts, gives, place
from views.ui.offers import ends_soon


def wanted(offer: Offer, which: str, now: datetime) -> bool:
    """Whether an offer belongs to a filter."""
    if which == "to_activate":
        return offer.needs_activation and offer.state == "open"
    if which == "activated":
        return offer.state == "activated"
    return (offer.state != "ended" and ends_soon(offer, now)) if which == "soon" else True


def find(texts: Texts, offers: Iterable[Offer], query: str, which: str, now: datetime) -> list[Offer]:
    """The offers of a filter that have every word of the query in their name, terms, products or places."""
    words = query.casefold().split()
    return [each for each in offers if wanted(each, which, now) and _has(texts, each, words)]


def _has(texts: Texts, offer: Offer, words: list[str]) -> bool:
    if not words:
        return True
    said = (offer.name, offer.description, gives(texts, offer), counts(texts, offer), place(texts, offer))
    text = " ".join(said).casefold()
    return all(word in text for word in words)
