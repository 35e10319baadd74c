"""What one campaign would give to each line it is about, before any cap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contract.campaigns import CampaignVersion, Step
from contract.money import portion, split
from contract.quotes import ReasonCode
from contract.rules.arithmetic import bits, half_even
from contract.rules.lines import Lines

Unit = Literal["cash", "points", "stamps"]


@dataclass(slots=True)
class Gift:
    """What a campaign gives by line, in the order of content: what the rule says, and what the caps leave of it."""

    campaign: CampaignVersion
    unit: Unit
    code: ReasonCode
    desired: list[int]
    value: list[int]
    basis: list[int]
    rate_bp: int | None = None
    factor_bp: int | None = None
    threshold: int | None = None
    capped_by: ReasonCode | None = None
    room: int | None = None

    @property
    def total(self) -> int:
        """What the campaign gives to the whole receipt."""
        return sum(self.value)


@dataclass(slots=True)
class Goal:
    """The next amount that would bring more: how far it is, and the rate that it brings."""

    threshold: int
    missing: int
    rate_bp: int | None = None


def measure(campaign: CampaignVersion, earning: int, lines: Lines) -> int:
    """The amount that the campaign's threshold looks at."""
    if campaign.threshold is not None and campaign.threshold.of == "matching":
        return sum(lines.basis[i] for i in bits(earning))
    return lines.total


def unmet(campaign: CampaignVersion, amount: int) -> Goal | None:
    """What the basket must reach before the campaign gives anything; None when it has."""
    threshold = campaign.threshold
    if threshold is None:
        return None
    if threshold.kind == "steps":
        return None if _rate(campaign, amount)[0] else next_step(campaign, amount)
    if amount >= threshold.amount:
        return None
    rate = campaign.reward.rate_bp if campaign.reward.kind == "percent" else None
    return Goal(threshold.amount, threshold.amount - amount, rate)


def next_step(campaign: CampaignVersion, amount: int) -> Goal | None:
    """The first step that the amount has not reached."""
    if campaign.threshold is not None and campaign.threshold.kind == "steps":
        for step in campaign.threshold.steps:
            if amount < step.threshold:
                return Goal(step.threshold, step.threshold - amount, step.rate_bp)
    return None


def gift(campaign: CampaignVersion, earning: int, lines: Lines, amount: int) -> Gift:
    """What a base or exclusive campaign gives to the lines it is about, when the basket measures ``amount``."""
    about, basis = bits(earning), lines.basis
    made = _terms(campaign, [basis[i] for i in about], [lines.quantity[i] for i in about], amount)
    made.basis = basis
    if len(about) < len(basis):
        desired = [0] * len(basis)
        for i, share in zip(about, made.desired, strict=True):
            desired[i] = share
        made.desired = made.value = desired
    return made


def _terms(campaign: CampaignVersion, weights: list[int], quantities: list[int], amount: int) -> Gift:
    """The gift to the lines it is about alone."""
    reward = campaign.reward
    if reward.kind == "percent":
        return _percent(campaign, weights, amount)
    if reward.kind == "points":
        return _made(
            campaign, "points", ReasonCode.POINTS, _spread(sum(weights) // reward.per * reward.points, weights)
        )
    if reward.kind == "stamp":
        return _made(campaign, "stamps", ReasonCode.STAMP, _spread(reward.stamps, weights))
    if reward.kind == "multiplier":
        return _made(campaign, "cash", ReasonCode.MULTIPLIED, [0] * len(weights))
    if reward.per == "receipt":
        return _made(campaign, "cash", ReasonCode.FIXED, _spread(reward.value, weights))
    shares = [reward.value * n if weight else 0 for n, weight in zip(quantities, weights, strict=True)]
    return _made(campaign, "cash", ReasonCode.FIXED, shares)


def _percent(campaign: CampaignVersion, weights: list[int], amount: int) -> Gift:
    rate, step = _rate(campaign, amount)
    code = ReasonCode.STEP if step else ReasonCode.PERCENT
    threshold = campaign.threshold
    if amount and threshold is not None and threshold.kind == "steps" and threshold.mode == "marginal":
        graded = _graded(campaign, amount)  # below the first step too: reaching one must never round to less
        share = half_even(graded * sum(weights), 10_000 * amount)
        made = _made(campaign, "cash", code, _spread(share, weights))
        made.rate_bp = half_even(graded, amount)
    else:
        made = _made(campaign, "cash", code, [portion(weight, rate) for weight in weights])
        made.rate_bp = rate
    made.threshold = step.threshold if step else None
    return made


def _rate(campaign: CampaignVersion, amount: int) -> tuple[int, Step | None]:
    """The rate that applies at an amount, and the step that it comes from."""
    rate = campaign.reward.rate_bp if campaign.reward.kind == "percent" else 0
    if campaign.threshold is not None and campaign.threshold.kind == "steps":
        for step in reversed(campaign.threshold.steps):
            if amount >= step.threshold:
                return step.rate_bp, step
    return rate, None


def _graded(campaign: CampaignVersion, amount: int) -> int:
    """The sum of each part of the amount times the rate of its own step, in minor units times basis points."""
    steps = campaign.threshold.steps if campaign.threshold and campaign.threshold.kind == "steps" else ()
    floors = [0, *(step.threshold for step in steps), amount]
    rates = [_rate(campaign, 0)[0], *(step.rate_bp for step in steps)]
    return sum(rate * max(0, min(amount, floors[n + 1]) - floors[n]) for n, rate in enumerate(rates))


def _spread(total: int, weights: list[int]) -> list[int]:
    return split(total, weights) if any(weights) else [0] * len(weights)


def _made(campaign: CampaignVersion, unit: Unit, code: ReasonCode, desired: list[int]) -> Gift:
    return Gift(campaign, unit, code, desired, desired, desired)
