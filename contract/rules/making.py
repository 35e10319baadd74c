"""Two forms of a quote: messages, and the JSON that they would be written as.

A quote holds thousands of reasons, of values that are already known to be right. `model_construct` looks up every field
of every message, which costs ten times as much as the calculation itself; and who only stores or sends a quote needs no
messages at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from contract.campaigns import CampaignVersion
from contract.money import Money
from contract.quotes import Hint, Quote, QuoteLine, Reason, ReasonCode, Reward, StampGift

M = TypeVar("M", bound=BaseModel)
Amounts = Mapping[int, Any]
"""Amounts of one currency, each made once: ``amounts[1240]``."""

_slots = BaseModel.__dict__
_set_values = _slots["__dict__"].__set__
_set_names = _slots["__pydantic_fields_set__"].__set__
_set_extra = _slots["__pydantic_extra__"].__set__
_set_private = _slots["__pydantic_private__"].__set__


class Form(Protocol):
    """How each part of a quote is made, of parts made before. Each method has its message's fields in their order."""

    def amounts(self, currency: str) -> Amounts:
        """Amounts of one currency."""

    def terms(self, rate_bp: int | None, factor_bp: int | None, threshold: Any) -> Any:
        """What many reasons of one campaign have in common."""

    def reasons(self, campaign: CampaignVersion, name: str) -> Callable[..., Any]:
        """Makes a campaign's reasons, of (code, value, desired_value, basis, terms, missing, match, capped_by)."""

    def line(self, line: int, basis: Any, earned: Any, points: Any, why: list[Any]) -> Any:
        """A line."""

    def reward(
        self,
        campaign: CampaignVersion,
        name: str,
        value: Any,
        desired_value: Any,
        available_at: datetime,
        expires_at: datetime | None,
    ) -> Any:
        """A reward."""

    def stamps(
        self, campaign: CampaignVersion, name: str, stamps: int, available_at: datetime, expires_at: datetime | None
    ) -> Any:
        """Stamps."""

    def hint(
        self, campaign: CampaignVersion, name: str, missing: Any, rate_bp: int | None, value: Any, factor_bp: int | None
    ) -> Any:
        """A hint."""

    def quote(self, totals: Sequence[Any], lists: Sequence[list[Any]], rules_version: int) -> Any:
        """The whole. Totals: total, basis, earned, points; lists: rewards, stamps, lines, hints, notes."""


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


@lru_cache(maxsize=8_192)
def word(text: str) -> str:
    """A text as JSON has it."""
    return encode_basestring(text)


def moment(at: datetime) -> str:
    """A moment in UTC as JSON has it."""
    return f'"{at.isoformat()[:-6]}Z"'


class _TextPurse(dict[int, str]):
    def __init__(self, currency: str) -> None:
        super().__init__()
        self.rest = f',"currency":"{currency}"}}'

    def __missing__(self, amount: int) -> str:
        made = self[amount] = f'{{"amount":{amount}{self.rest}'
        return made


class _TextReasons:
    __slots__ = ("head",)

    def __init__(self, campaign: CampaignVersion, name: str) -> None:
        key, version = word(campaign.campaign_id), campaign.version
        self.head = f'"campaign_id":{key},"campaign_version":{version},"name":{word(name)},"value":'

    def __call__(
        self,
        code: ReasonCode,
        value: str,
        desired_value: str | None,
        basis: str | None,
        terms: str | None,
        missing: str | None,
        match: str | None,
        capped_by: ReasonCode | None,
    ) -> str:
        text = f'{{"code":"{code}",{self.head}{value}'
        if desired_value is not None:
            text += f',"desired_value":{desired_value}'
        if basis is not None:
            text += f',"basis":{basis}'
        if terms is not None:
            text += terms
        if missing is not None:
            text += f',"missing":{missing}'
        if match is not None:
            text += f',"match":{word(match)}'
        if capped_by is not None:
            text += f',"capped_by":"{capped_by}"'
        return text + "}"


class _Text:
    """What `to_json(quote, exclude_none=True)` makes of the messages, to the letter."""

    amounts = _TextPurse
    reasons = _TextReasons

    def terms(self, rate_bp: int | None, factor_bp: int | None, threshold: str | None) -> str:
        text = "" if rate_bp is None else f',"rate_bp":{rate_bp}'
        if factor_bp is not None:
            text += f',"factor_bp":{factor_bp}'
        return text if threshold is None else f'{text},"threshold":{threshold}'

    def line(self, line: int, basis: str, earned: str, points: str | None, why: list[str]) -> str:
        scored = "" if points is None else f',"points":{points}'
        return f'{{"line":{line},"basis":{basis},"earned":{earned}{scored},"why":[{",".join(why)}]}}'

    def reward(
        self,
        campaign: CampaignVersion,
        name: str,
        value: str,
        desired_value: str,
        available_at: datetime,
        expires_at: datetime | None,
    ) -> str:
        over = "" if expires_at is None else f',"expires_at":{moment(expires_at)}'
        return (
            f'{{"campaign_id":{word(campaign.campaign_id)},"campaign_version":{campaign.version},"name":{word(name)},'
            f'"value":{value},"desired_value":{desired_value},"available_at":{moment(available_at)}{over}}}'
        )

    def stamps(
        self, campaign: CampaignVersion, name: str, stamps: int, available_at: datetime, expires_at: datetime | None
    ) -> str:
        over = "" if expires_at is None else f',"expires_at":{moment(expires_at)}'
        return (
            f'{{"campaign_id":{word(campaign.campaign_id)},"campaign_version":{campaign.version},"name":{word(name)},'
            f'"stamps":{stamps},"available_at":{moment(available_at)}{over}}}'
        )

    def hint(
        self,
        campaign: CampaignVersion,
        name: str,
        missing: str,
        rate_bp: int | None,
        value: str | None,
        factor_bp: int | None,
    ) -> str:
        more = "" if rate_bp is None else f',"rate_bp":{rate_bp}'
        more += "" if value is None else f',"value":{value}'
        more += "" if factor_bp is None else f',"factor_bp":{factor_bp}'
        return f'{{"campaign_id":{word(campaign.campaign_id)},"name":{word(name)},"missing":{missing}{more}}}'

    def quote(self, totals: Sequence[Any], lists: Sequence[list[Any]], rules_version: int) -> str:
        total, basis, earned, points = totals
        rewards, stamps, lines, hints, notes = [",".join(each) for each in lists]
        scored = "" if points is None else f',"points":{points}'
        return (
            f'{{"total":{total},"basis":{basis},"earned":{earned}{scored},"rewards":[{rewards}],"stamps":[{stamps}],'
            f'"lines":[{lines}],"hints":[{hints}],"notes":[{notes}],"rules_version":{rules_version}}}'
        )


MESSAGES: Form = _Messages()
TEXT: Form = _Text()
