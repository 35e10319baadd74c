"""Which campaigns act together: all base rules with all multipliers, or one exclusive alone, whichever gives most."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Final

from contract.campaigns import CampaignVersion, MultiplierReward, ProgrammeRules
from contract.money import split
from contract.quotes import ReasonCode
from contract.rules.arithmetic import half_even
from contract.rules.caps import round_receipt
from contract.rules.rewards import Gift, Unit

UNITS: Final[tuple[Unit, ...]] = ("cash", "points")


@dataclass(slots=True)
class Multiplier:
    """A multiplier with the lines that it is about."""

    campaign: CampaignVersion
    reward: MultiplierReward
    mask: int


def best(base: list[Gift], exclusive: list[Gift], programme: ProgrammeRules) -> list[Gift]:
    """The combination that is worth most, rounded; on a tie base rules come first, then the lower campaign id."""
    together = [base] if base else []
    combinations = [*together, *([gift] for gift in exclusive)]
    if programme.rounding.unit > 1:
        for gifts in combinations:
            round_receipt(gifts, programme.rounding)
    if len(combinations) == 1:
        return combinations[0]
    return max(combinations, key=lambda gifts: worth(gifts, programme), default=[])


def worth(gifts: list[Gift], programme: ProgrammeRules) -> tuple[int, int]:
    """What gifts are worth, in cash and points by the programme's rate; stamps decide between equals."""
    totals = {"cash": 0, "points": 0, "stamps": 0}
    for gift in gifts:
        totals[gift.unit] += gift.total
    rate = programme.points_rate
    return totals["cash"] * rate.points + totals["points"] * rate.minor_units, totals["stamps"]


def multiplied(multipliers: list[Multiplier], base: list[Gift], size: int) -> list[Gift]:
    """What multipliers add to the base gifts on ``size`` lines, before caps.

    Factors that meet on one line multiply together, and their product is rounded once; what they add is shared among
    them by how far each factor is above 1.
    """
    made: list[Gift] = []
    for unit in UNITS:
        acting = [multiplier for multiplier in multipliers if multiplier.reward.unit == unit]
        if acting:
            sums = [sum(gift.value[i] for gift in base if gift.unit == unit) for i in range(size)]
            made += _added(acting, sums, unit)
    return made


def _added(acting: list[Multiplier], sums: list[int], unit: Unit) -> list[Gift]:
    shares = [[0] * len(sums) for _ in acting]
    for i, amount in enumerate(sums):
        here = [n for n, multiplier in enumerate(acting) if multiplier.mask >> i & 1]
        if not amount or not here:
            continue
        factors = [acting[n].reward.factor_bp for n in here]
        added = half_even(amount * prod(factors), 10_000 ** len(factors)) - amount
        for n, share in zip(here, split(added, [factor - 10_000 for factor in factors]), strict=True):
            shares[n][i] = share
    return [
        Gift(m.campaign, unit, ReasonCode.MULTIPLIED, share, share, sums, factor_bp=m.reward.factor_bp)
        for m, share in zip(acting, shares, strict=True)
    ]
