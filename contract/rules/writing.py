"""A quote as the JSON that its messages would be written as, without the messages in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from contract.campaigns import CampaignVersion
from contract.quotes import ReasonCode


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


TEXT = _Text()
"""The parts of a quote as JSON: a `contract.rules.making.Form`."""
