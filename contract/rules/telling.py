"""The reasons of one campaign: for each line, and for the basket as a whole."""

from __future__ import annotations

from typing import Any

from contract.money import Money
from contract.quotes import Reason, ReasonCode
from contract.rules.arithmetic import bits
from contract.rules.cases import Case
from contract.rules.making import Purse, maker
from contract.rules.rewards import Gift

_reason = maker(Reason)

Told = list[list[Reason]]
"""Reasons by line, in the order of content."""


def elsewhere(case: Case, nothing: Money) -> Reason:
    """Why a campaign is not for the basket at all: all that is told of most campaigns, so it is told in one step."""
    return _reason(
        {
            "code": case.miss,
            "campaign_id": case.campaign.campaign_id,
            "campaign_version": case.campaign.version,
            "name": case.name,
            "value": nothing,
            "desired_value": None,
            "basis": None,
            "rate_bp": None,
            "factor_bp": None,
            "threshold": None,
            "missing": None,
            "match": case.match,
            "capped_by": None,
        }
    )


class Teller:
    """Tells one case. What is told of several lines in the same words is made once."""

    def __init__(self, case: Case, cash: Purse, points: Purse) -> None:
        self.case, self.cash, gift = case, cash, case.gift
        self.purse = points if gift and gift.unit == "points" else cash
        self.counts = gift is not None and gift.unit != "stamps"
        self.common: dict[str, Any] = {
            "code": case.miss or ReasonCode.BETTER_RULE,
            "campaign_id": case.campaign.campaign_id,
            "campaign_version": case.campaign.version,
            "name": case.name,
            "value": self.purse[0],
            "desired_value": None,
            "basis": None,
            "rate_bp": None,
            "factor_bp": None,
            "threshold": None,
            "missing": None,
            "match": None,
            "capped_by": None,
        }

    def note(self) -> Reason:
        """Why the campaign gave nothing to the basket as a whole."""
        gift = self.case.gift
        if self.case.stands and self.case.won and gift:
            return _reason({**self.common, **self._terms(gift), "capped_by": gift.capped_by})
        return self._withheld(sum(gift.desired) if gift else 0, self.case.match)

    def tell(self, gave: Told, missed: Told) -> None:
        """Add the case's reason to each line: to ``gave`` where it gave something, else to ``missed``."""
        matching = self.case.matching
        if matching is None:
            return
        for code, name, mask in matching.missed:
            reason = _reason({**self.common, "code": code, "match": name})
            for i in bits(mask):
                missed[i].append(reason)
        named, gift = matching.named, self.case.gift
        names = {i: name for name, mask in reversed(named) for i in bits(mask & matching.earning)} if named else {}
        if self.case.stands and self.case.won and gift:
            self._tell_given(gift, matching.earning, names, gave, missed)
        else:
            self._tell_withheld(gift, matching.earning, names, missed)

    def _tell_given(self, gift: Gift, earning: int, names: dict[int, str], gave: Told, missed: Told) -> None:
        common, purse = {**self.common, **self._terms(gift)}, self.purse
        for i in bits(earning):
            value, fields = gift.value[i], common.copy()
            fields["match"] = names.get(i)
            if self.counts:
                fields["value"], fields["basis"] = purse[value], purse[gift.basis[i]]
                if gift.capped_by and value < gift.desired[i]:
                    fields["desired_value"], fields["capped_by"] = purse[gift.desired[i]], gift.capped_by
            (gave if value else missed)[i].append(_reason(fields))

    def _tell_withheld(self, gift: Gift | None, earning: int, names: dict[int, str], missed: Told) -> None:
        told: dict[tuple[int, str | None], Reason] = {}
        for i in bits(earning):
            key = (gift.desired[i] if gift else 0, names.get(i))
            reason = told.get(key)
            if reason is None:
                reason = told[key] = self._withheld(*key)
            missed[i].append(reason)

    def _withheld(self, desired: int, name: str | None) -> Reason:
        case = self.case
        fields = {**self.common, "desired_value": self._wished(desired), "match": name}
        if case.miss is ReasonCode.BELOW_MINIMUM and case.goal:
            fields |= {"threshold": self.cash[case.goal.threshold], "missing": self.cash[case.goal.missing]}
        if case.miss is ReasonCode.USED_UP and case.lid:
            fields["capped_by"] = case.lid[1]
        return _reason(fields)

    def _terms(self, gift: Gift) -> dict[str, Any]:
        terms = {"code": gift.code, "rate_bp": gift.rate_bp, "factor_bp": gift.factor_bp}
        return terms if gift.threshold is None else {**terms, "threshold": self.cash[gift.threshold]}

    def _wished(self, amount: int) -> Money | None:
        return self.purse[amount] if amount and self.counts else None
