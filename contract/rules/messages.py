"""A quote as messages: made of values that are known to be right, without looking at them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from contract.campaigns import CampaignVersion
from contract.money import Money
from contract.quotes import Hint, Quote, QuoteLine, Reason, ReasonCode, Reward, StampGift

M = TypeVar("M", bound=BaseModel)

_slots = BaseModel.__dict__
_set_values = _slots["__dict__"].__set__
_set_names = _slots["__pydantic_fields_set__"].__set__
_set_extra = _slots["__pydantic_extra__"].__set__
_set_private = _slots["__pydantic_private__"].__set__


def maker(kind: type[M]) -> Callable[[dict[str, Any]], M]:
    """A function that makes such messages of a dict with *all* their fields; the dict becomes the message's own."""
    names: Set[str] = frozenset(kind.model_fields)
    new = object.__new__

    def make(fields: dict[str, Any]) -> M:
        message = new(kind)
        _set_values(message, fields)
        _set_names(message, names)
        _set_extra(message, None)
        _set_private(message, None)
        return message

    return make


_money, _reason, _line, _reward = maker(Money), maker(Reason), maker(QuoteLine), maker(Reward)
_stamps, _hint, _quote = maker(StampGift), maker(Hint), maker(Quote)


class _Purse(dict[int, Money]):
    def __init__(self, currency: str) -> None:
        super().__init__()
        self.currency = currency

    def __missing__(self, amount: int) -> Money:
        made = self[amount] = _money({"amount": amount, "currency": self.currency})
        return made


class _Reasons:
    __slots__ = ("campaign_id", "name", "version")

    def __init__(self, campaign: CampaignVersion, name: str) -> None:
        self.campaign_id, self.version, self.name = campaign.campaign_id, campaign.version, name

    def __call__(
        self,
        code: ReasonCode,
        value: Money,
        desired_value: Money | None,
        basis: Money | None,
        terms: tuple[int | None, int | None, Money | None] | None,
        missing: Money | None,
        match: str | None,
        capped_by: ReasonCode | None,
    ) -> Reason:
        rate_bp, factor_bp, threshold = terms or (None, None, None)
        return _reason(
            {
                "code": code,
                "campaign_id": self.campaign_id,
                "campaign_version": self.version,
                "name": self.name,
                "value": value,
                "desired_value": desired_value,
                "basis": basis,
                "rate_bp": rate_bp,
                "factor_bp": factor_bp,
                "threshold": threshold,
                "missing": missing,
                "match": match,
                "capped_by": capped_by,
            }
        )


class _Messages:
    amounts = _Purse
    reasons = _Reasons

    def terms(self, rate_bp: int | None, factor_bp: int | None, threshold: Money | None) -> Any:
        return rate_bp, factor_bp, threshold

    def line(self, line: int, basis: Money, earned: Money, points: Money | None, why: list[Reason]) -> QuoteLine:
        return _line({"line": line, "basis": basis, "earned": earned, "points": points, "why": why})

    def reward(
        self,
        campaign: CampaignVersion,
        name: str,
        value: Money,
        desired_value: Money,
        available_at: datetime,
        expires_at: datetime | None,
    ) -> Reward:
        return _reward(
            {
                "campaign_id": campaign.campaign_id,
                "campaign_version": campaign.version,
                "name": name,
                "value": value,
                "desired_value": desired_value,
                "available_at": available_at,
                "expires_at": expires_at,
            }
        )

    def stamps(
        self, campaign: CampaignVersion, name: str, stamps: int, available_at: datetime, expires_at: datetime | None
    ) -> StampGift:
        common = {"campaign_id": campaign.campaign_id, "campaign_version": campaign.version, "name": name}
        return _stamps({**common, "stamps": stamps, "available_at": available_at, "expires_at": expires_at})

    def hint(
        self,
        campaign: CampaignVersion,
        name: str,
        missing: Money,
        rate_bp: int | None,
        value: Money | None,
        factor_bp: int | None,
    ) -> Hint:
        common = {"campaign_id": campaign.campaign_id, "name": name, "missing": missing}
        return _hint({**common, "rate_bp": rate_bp, "value": value, "factor_bp": factor_bp})

    def quote(self, totals: Sequence[Any], lists: Sequence[list[Any]], rules_version: int) -> Quote:
        return _quote(
            {
                **dict(zip(("total", "basis", "earned", "points"), totals, strict=True)),
                **dict(zip(("rewards", "stamps", "lines", "hints", "notes"), lists, strict=True)),
                "rules_version": rules_version,
            }
        )


MESSAGES = _Messages()
"""The parts of a quote as messages: a `contract.rules.making.Form`."""
