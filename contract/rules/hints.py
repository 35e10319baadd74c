"""The nearest next steps: how much more in the basket would earn more."""

from __future__ import annotations

from contract.campaigns import FixedReward, MultiplierReward, PercentReward, PointsReward, ProgrammeRules
from contract.money import POINTS, Money, portion
from contract.quotes import Hint, ReasonCode
from contract.rules.arithmetic import bits
from contract.rules.cases import Case
from contract.rules.lines import Lines

MOST = 3


def hints(cases: list[Case], lines: Lines, programme: ProgrammeRules) -> list[Hint]:
    """At most three steps that would bring this shopper more, the nearest first."""
    alone = next((case for case in cases if case.won and case.campaign.stacking == "exclusive"), None)
    now = sum(case.gift.total for case in cases if case.won and case.gift and case.gift.unit == "cash")
    useful = [case for case in cases if _would_help(case, alone, now, lines)]
    useful.sort(key=lambda case: (case.goal.missing if case.goal else 0, case.campaign.campaign_id))
    return [_hint(case, lines, programme) for case in useful[:MOST]]


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


def _hint(case: Case, lines: Lines, programme: ProgrammeRules) -> Hint:
    goal, reward = case.goal, case.campaign.reward
    assert goal is not None  # noqa: S101  a useful case has a goal
    made = Hint(
        campaign_id=case.campaign.campaign_id,
        name=case.name,
        missing=Money(amount=goal.missing, currency=programme.currency),
    )
    match reward:
        case PercentReward():
            return made.model_copy(update={"rate_bp": goal.rate_bp})
        case FixedReward(value=value):
            return made.model_copy(update={"value": Money(amount=value, currency=programme.currency)})
        case MultiplierReward(factor_bp=factor):
            return made.model_copy(update={"factor_bp": factor})
        case PointsReward(points=points, per=per) if case.matching:
            basis = sum(lines.basis[i] for i in bits(case.matching.earning)) + goal.missing
            return made.model_copy(update={"value": Money(amount=basis // per * points, currency=POINTS)})
    return made
