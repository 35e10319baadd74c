"""The reasons of one campaign: for each line, and for the basket as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.quotes import ReasonCode
from contract.rules.arithmetic import bits
from contract.rules.cases import Case
from contract.rules.making import Amounts, Form
from contract.rules.rewards import Gift

Told = list[list[Any]]
"""Reasons by line, in the order of content."""
Purses = Mapping[str, Amounts]
"""Of cash and of points."""


def elsewhere(case: Case, nothing: Any, form: Form) -> Any:
    """Why a campaign is not for the basket at all: all that is told of most campaigns, so it is told in one step."""
    reason = form.reasons(case.campaign, case.name)
    return reason(case.miss, nothing, None, None, None, None, case.match, None)


class Teller:
    """Tells one case. What is told of several lines in the same words is made once."""

    def __init__(self, case: Case, purses: Purses, form: Form) -> None:
        self.case, self.form, self.cash, gift = case, form, purses["cash"], case.gift
        self.purse = purses["points"] if gift and gift.unit == "points" else self.cash
        self.counts = gift is not None and gift.unit != "stamps"
        self.reason = form.reasons(case.campaign, case.name)

    def note(self) -> Any:
        """Why the campaign gave nothing to the basket as a whole."""
        gift = self.case.gift
        if self.case.stands and self.case.won and gift:
            return self.reason(gift.code, self.purse[0], None, None, self._terms(gift), None, None, gift.capped_by)
        return self._withheld(sum(gift.desired) if gift else 0, self.case.match)

    def tell(self, gave: Told, missed: Told) -> None:
        """Add the case's reason to each line: to ``gave`` where it gave something, else to ``missed``."""
        matching = self.case.matching
        if matching is None:
            return
        for code, name, mask in matching.missed:
            reason = self.reason(code, self.purse[0], None, None, None, None, name, None)
            for i in bits(mask):
                missed[i].append(reason)
        named, gift = matching.named, self.case.gift
        names = {i: name for name, mask in reversed(named) for i in bits(mask & matching.earning)} if named else {}
        if self.case.stands and self.case.won and gift:
            self._tell_given(gift, matching.earning, names, gave, missed)
        else:
            self._tell_withheld(gift, matching.earning, names, missed)

    def _tell_given(self, gift: Gift, earning: int, names: dict[int, str], gave: Told, missed: Told) -> None:
        terms, purse, reason, code = self._terms(gift), self.purse, self.reason, gift.code
        basis = desired = capped_by = None
        shown = purse[0]
        for i in bits(earning):
            value = gift.value[i]
            if self.counts:
                shown, basis = purse[value], purse[gift.basis[i]]
                cut = gift.capped_by and value < gift.desired[i]
                desired, capped_by = (purse[gift.desired[i]], gift.capped_by) if cut else (None, None)
            said = reason(code, shown, desired, basis, terms, None, names.get(i), capped_by)
            (gave if value else missed)[i].append(said)

    def _tell_withheld(self, gift: Gift | None, earning: int, names: dict[int, str], missed: Told) -> None:
        told: dict[tuple[int, str | None], Any] = {}
        for i in bits(earning):
            key = (gift.desired[i] if gift else 0, names.get(i))
            reason = told.get(key)
            if reason is None:
                reason = told[key] = self._withheld(*key)
            missed[i].append(reason)

    def _withheld(self, desired: int, name: str | None) -> Any:
        case, terms, missing, capped_by = self.case, None, None, None
        if case.miss is ReasonCode.BELOW_MINIMUM and case.goal:
            terms, missing = self.form.terms(None, None, self.cash[case.goal.threshold]), self.cash[case.goal.missing]
        if case.miss is ReasonCode.USED_UP and case.lid:
            capped_by = case.lid[1]
        code, wished = case.miss or ReasonCode.BETTER_RULE, self.purse[desired] if desired and self.counts else None
        return self.reason(code, self.purse[0], wished, None, terms, missing, name, capped_by)

    def _terms(self, gift: Gift) -> Any:
        threshold = None if gift.threshold is None else self.cash[gift.threshold]
        return self.form.terms(gift.rate_bp, gift.factor_bp, threshold)
