"""An offer's terms in plain words: what it gives, on what, where, and for how long."""

from __future__ import annotations

import re

from contract.conditions import WEEKDAYS
from contract.offers import Offer, OfferStep
from services.texts import Texts
from views.ui.newer import newer

_VALUED = {"fixed", "points"}
"""Kinds of offers that give an amount."""
_DOUBLE, _TRIPLE = 20_000, 30_000
_DURATION = re.compile(r"P(?:(?P<y>\d+)Y)?(?:(?P<m>\d+)M)?(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?")


def gives(texts: Texts, offer: Offer) -> str:
    """What it gives, in a line: ``5% on Organic``, ``Double cashback``, ``R$5.00 from R$80.00``."""
    said = _reward(texts, offer)
    if offer.minimum is None:
        return said
    return texts.t("{reward} from {amount}", reward=said, amount=texts.money(offer.minimum))


def _reward(texts: Texts, offer: Offer) -> str:
    if offer.kind == "steps" and offer.steps:
        return _steps(texts, offer.steps[0], offer.steps[-1])
    if offer.kind == "percent":
        rate, what = texts.rate(offer.rate_bp or 0), counts(texts, offer)
        return texts.t("{rate} on {what}", rate=rate, what=what) if what else texts.t("{rate} on everything", rate=rate)
    if offer.kind == "multiplier":
        return _times(texts, offer.factor_bp or 10_000)
    if offer.kind == "stamp":
        return texts.t("A stamp for each purchase")
    if offer.value is None or offer.kind not in _VALUED:
        return offer.name
    amount = texts.money(offer.value)
    if offer.per is not None:
        return texts.t("{points} for every {amount}", points=amount, amount=texts.money(offer.per))
    return (
        texts.t("{amount} back for each item", amount=amount)
        if offer.per_item
        else texts.t("{amount} back", amount=amount)
    )


def _steps(texts: Texts, first: OfferStep, last: OfferStep) -> str:
    """The first step and the last; each of them stands among the terms."""
    rate, amount = texts.rate(first.rate_bp), texts.money(first.threshold)
    if first == last:
        return texts.t("{rate} from {amount}", rate=rate, amount=amount)
    top = {"most": texts.rate(last.rate_bp), "top": texts.money(last.threshold)}
    return texts.t("{rate} from {amount}, up to {most} from {top}", rate=rate, amount=amount, **top)


def _times(texts: Texts, factor_bp: int) -> str:
    if factor_bp == _DOUBLE:
        return texts.t("Double cashback")
    if factor_bp == _TRIPLE:
        return texts.t("Triple cashback")
    return texts.t("{factor} times the cashback", factor=texts.factor(factor_bp))


def steps(texts: Texts, offer: Offer) -> list[str]:
    """What each step gives; a plain offer is its only step."""
    if offer.kind != "steps":
        return [gives(texts, offer)]
    return [
        texts.t("{rate} from {amount}", rate=texts.rate(step.rate_bp), amount=texts.money(step.threshold))
        for step in offer.steps
    ]


def counts(texts: Texts, offer: Offer) -> str:
    """The kinds of products that count; empty when all do."""
    return ", ".join(texts.category(each) for each in (*offer.categories, *offer.tags, *offer.brands))


def left_out(texts: Texts, offer: Offer) -> str:
    """The kinds of products that do not count; empty when none is left out."""
    return ", ".join(texts.category(each) for each in offer.excluded)


def place(texts: Texts, offer: Offer) -> str:
    """Where it counts."""
    if offer.stores:
        return ", ".join(offer.stores)
    if offer.channels == ["web"]:
        return texts.t("In the webshop")
    if offer.channels == ["store"]:
        return texts.t("In every store")
    if not {"store", "web"}.issuperset(offer.channels):
        return newer(texts)
    return texts.t("In every store and in the webshop")


def period(texts: Texts, offer: Offer) -> str:
    """From when until when."""
    start = texts.date(offer.starts_at)
    if offer.ends_at is None:
        return texts.t("Since {date}, with no end", date=start)
    return texts.t("From {start} to {end}", start=start, end=texts.date(offer.ends_at))


def hours(texts: Texts, offer: Offer) -> list[str]:
    """On which days of the week and at which times it counts; nothing where it counts always."""
    said = []
    if offer.weekdays:
        names = [texts.weekday(WEEKDAYS.index(day)) for day in offer.weekdays]
        said.append(texts.t("Only on {days}", days=", ".join(names)))
    said += [
        texts.t("Only from {start} to {end}", start=texts.clock(each.start), end=texts.clock(each.end))
        for each in offer.hours
    ]
    return said


def becomes_available(texts: Texts, offer: Offer) -> str:
    """When what was earned may be spent."""
    if offer.pending_days == 0:
        return texts.t("At once")
    return texts.n("{n} day after the purchase", "{n} days after the purchase", offer.pending_days)


def expires(texts: Texts, offer: Offer) -> str:
    """For how long what was earned stays."""
    span = duration(texts, offer.expires_after) if offer.expires_after else ""
    return texts.t("{span} after that", span=span) if span else texts.t("Never")


def duration(texts: Texts, value: str) -> str:
    """An ISO 8601 duration of days or longer in words: ``P6M`` is ``6 months``; empty for any other."""
    match = _DURATION.fullmatch(value)
    if match is None:
        return ""
    years, months, weeks, days = (int(match[part] or 0) for part in "ymwd")
    parts = [
        texts.n("{n} year", "{n} years", years) if years else "",
        texts.n("{n} month", "{n} months", months) if months else "",
        texts.n("{n} week", "{n} weeks", weeks) if weeks else "",
        texts.n("{n} day", "{n} days", days) if days else "",
    ]
    return " ".join(part for part in parts if part)
