"""The nearest next steps: how much more in the basket would earn more."""

from __future__ import annotations

from typing import Any

from contract.campaigns import FixedReward, MultiplierReward, PercentReward, PointsReward
from contract.money import portion
from contract.quotes import ReasonCode
from contract.rules.arithmetic import bits
from contract.rules.cases import Case
from contract.rules.lines import Lines
from contract.rules.making import Form
from contract.rules.telling import Purses

MOST = 3


def hints(cases: list[Case], lines: Lines, purses: Purses, form: Form) -> list[Any]:
    """At most three steps that would bring this shopper more, the nearest first."""
    if not [case for case in cases if case.goal]:
        return []
    alone = next((case for case in cases if case.won and case.campaign.stacking == "exclusive"), None)
    now = sum(case.gift.total for case in cases if case.won and case.gift and case.gift.unit == "cash")
    useful = [case for case in cases if _would_help(case, alone, now, lines)]
    useful.sort(key=lambda case: (case.goal.missing if case.goal else 0, case.campaign.campaign_id))
    return [_hint(case, lines, purses, form) for case in useful[:MOST]]


def _would_help(case: Case, alone: Case | None, now: int, lines: Lines) -> bool:
    """Whether reaching the case's goal would add to what the basket earns."""
    if case.goal is None or case.miss not in (None, ReasonCode.BELOW_MINIMUM):
        return False
    if case.gift and case.stands and case.gift.capped_by not in (None, ReasonCode.CAPPED_LINE):
        return False
    if case is alone or (alone is None and case.campaign.stacking != "exclusive"):
        return True
    return case.campaign.stacking == "exclusive" and _at_goal(case, lines) > now


def _at_goal(case: Case, lines: Lines) -> int:
    """What an exclusive campaign would give in cash if the goal were reached with what it is about."""
    rate = case.goal.rate_bp if case.goal else None
    if rate is not None and case.goal and case.matching:
        return portion(sum(lines.basis[i] for i in bits(case.matching.earning)) + case.goal.missing, rate)
    return case.campaign.reward.value if isinstance(case.campaign.reward, FixedReward) else 0


def _hint(case: Case, lines: Lines, purses: Purses, form: Form) -> Any:
    goal, cash = case.goal, purses["cash"]
    assert goal is not None  # noqa: S101  a useful case has a goal
    rate, value, factor = None, None, None
    match case.campaign.reward:
        case PercentReward():
            rate = goal.rate_bp
        case FixedReward(value=amount):
            value = cash[amount]
        case MultiplierReward(factor_bp=factor_bp):
            factor = factor_bp
        case PointsReward(points=points, per=per) if case.matching:
            basis = sum(lines.basis[i] for i in bits(case.matching.earning)) + goal.missing
            value = purses["points"][basis // per * points]
    return form.hint(case.campaign, case.name, cash[goal.missing], rate, value, factor)
