"""What members buy in the ledger's state machine: gifts by chance, or by the rules themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contract.basket import Basket
from contract.campaigns import CampaignVersion, ProgrammeRules
from contract.facts import MemberFacts
from contract.money import POINTS, STAMPS, Money, split
from contract.quotes import Quote, Reward
from contract.refunds import CampaignKey, SoldLine
from contract.rules import quote
from tests.api.ledger.model import ModelLot

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOME = "BRL"
CAMPAIGNS = {HOME: ("base", "organic", "weekend"), POINTS: ("points", "double", "triple"), STAMPS: ("card",)}
UNITS = tuple(CAMPAIGNS)
STORES = ("centro", "jardins")
BUDGETED, BUDGET = "weekend", 2_500
RULES = ProgrammeRules(currency=HOME, timezone="America/Sao_Paulo")
_TERMS: dict[str, dict[str, Any]] = {
    "base": {"reward": {"kind": "percent", "rate_bp": 500}, "pending_days": 14, "expiry": {"kind": "days", "days": 20}},
    "organic": {"reward": {"kind": "percent", "rate_bp": 1_000}, "what": {"only": {"tags": ["organic"]}}},
    "weekend": {"reward": {"kind": "fixed", "value": 250}, "limits": {"total": BUDGET}, "pending_days": 1},
    "points": {"reward": {"kind": "points", "per": 100}, "expiry": {"kind": "days", "days": 2}},
    "card": {
        "reward": {"kind": "stamp", "stamps": 3},
        "what": {"only": {"tags": ["organic"]}},
        "pending_days": 1,
        "expiry": {"kind": "days", "days": 20},
    },
}
_LIVE = tuple(
    CampaignVersion.model_validate(
        {"campaign_id": key, "name": {"en": key}, "when": {"starts_at": START - timedelta(days=365)}, **terms}
    )
    for key, terms in _TERMS.items()
)
Gifts = list[tuple[int, int, int | None]]
"""Value, days pending, days to expiry, of the campaigns of one unit in their order."""
Bought = list[tuple[int, int]]
"""Quantity and price of each line."""


@dataclass(frozen=True)
class Sale:
    """A quote, and the lines as a refund will see them."""

    quote: Quote
    lines: list[SoldLine]
    stamped: tuple[int, ...] = ()
    """The lines that gave the card's stamps."""

    @property
    def total(self) -> int:
        return self.quote.total.amount

    def lots(self, name: str, unit: str) -> list[ModelLot]:
        if unit == STAMPS:
            return [
                ModelLot(name, each.campaign_id, each.stamps, each.stamps, each.available_at, each.expires_at)
                for each in self.quote.stamps
                if each.available_at is not None
            ]
        return [
            ModelLot(name, each.campaign_id, each.value.amount, each.value.amount, each.available_at, each.expires_at)
            for each in self.quote.rewards
            if each.value.currency == unit
        ]

    def stamps_taken(self, returned: Mapping[int, int]) -> dict[CampaignKey, int]:
        """All stamps of the card go with the last piece that gave them."""
        gone = all(self.lines[n].left == returned.get(n, 0) for n in self.stamped)
        if not (gone and any(returned.get(n) for n in self.stamped)):
            return {}
        return {(each.campaign_id, each.campaign_version): each.stamps for each in self.quote.stamps}

    def asks_of_the_budget(self) -> int:
        return sum(each.value.amount for each in self.quote.rewards if each.campaign_id == BUDGETED)


def by_the_rules(bought: Bought, at: datetime, left: int) -> Sale:
    """What the live campaigns give, every second line being organic."""
    lines = [
        {"name": "Bread", "quantity": quantity, "unit_price": price, "tags": ["organic"] if n % 2 else []}
        for n, (quantity, price) in enumerate(bought)
    ]
    basket = Basket.model_validate({"store_id": STORES[0], "at": at, "receipt_number": "R", "lines": lines})
    quoted = quote(basket, MemberFacts(), _LIVE, at, RULES, {BUDGETED: left})
    gave = [
        {(why.campaign_id, why.campaign_version): why.value for why in line.why if why.value} for line in quoted.lines
    ]
    parts = [
        [{key: value.amount for key, value in line.items() if value.currency == unit} for line in gave]
        for unit in (HOME, POINTS)
    ]
    stamped = [n for n, line in enumerate(quoted.lines) if any(why.campaign_id == "card" for why in line.why)]
    return Sale(quoted, _sold(bought, *parts), tuple(stamped) if quoted.stamps else ())


def by_chance(bought: Bought, gifts: Gifts, scores: Gifts, at: datetime) -> Sale:
    """Whatever campaigns may give, spread over the lines by what they cost."""
    paid = [quantity * price for quantity, price in bought]
    rewards = [*_rewards(scores, POINTS, at), *_rewards(gifts, HOME, at)]
    parts: list[list[dict[CampaignKey, int]]] = []
    for unit in (HOME, POINTS):
        shares = {(r.campaign_id, 1): split(r.value.amount, paid) for r in rewards if r.value.currency == unit}
        parts.append([{key: each[n] for key, each in shares.items()} for n in range(len(paid))])
    quoted = Quote(
        total=_money(sum(paid)),
        basis=_money(sum(paid)),
        earned=_money(sum(value for value, *_ in gifts)),
        points=_money(sum(value for value, *_ in scores), POINTS) if scores else None,
        rewards=rewards,
        lines=[],
        hints=[],
    )
    return Sale(quoted, _sold(bought, *parts))


def _sold(bought: Bought, cash: list[dict[CampaignKey, int]], score: list[dict[CampaignKey, int]]) -> list[SoldLine]:
    return [
        SoldLine(quantity, quantity * price, cash[n], points=score[n]) for n, (quantity, price) in enumerate(bought)
    ]


def _rewards(gifts: Gifts, unit: str, at: datetime) -> list[Reward]:
    told = []
    for campaign, (value, pending, expiry) in zip(CAMPAIGNS[unit], gifts, strict=False):
        available_at = at + timedelta(days=pending)
        told.append(
            Reward(
                campaign_id=campaign,
                campaign_version=1,
                name=campaign,
                value=_money(value, unit),
                desired_value=_money(value, unit),
                available_at=available_at,
                expires_at=None if expiry is None else available_at + timedelta(days=expiry),
            )
        )
    return told


def _money(amount: int, unit: str = HOME) -> Money:
    return Money(amount=amount, currency=unit)
