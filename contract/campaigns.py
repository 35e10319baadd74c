"""Campaign versions: the immutable terms that the rules read.

Every condition left empty holds for everyone, always, everywhere and for everything. Amounts are minor units of the
programme's currency; the limits of a points or stamp campaign count points or stamps.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from contract.base import Message, Slug
from contract.conditions import (
    WEEKDAYS,
    BirthdayCondition,
    FavouriteCondition,
    FirstPurchaseCondition,
    Hours,
    MemberCondition,
    NthPurchaseCondition,
    Products,
    SegmentCondition,
    TierCondition,
    Weekday,
    What,
    When,
    Where,
)
from contract.facts import MemberFacts, PointsRate, ProgrammeRules, Rate, Rounding
from contract.money import PositiveMinorUnits

__all__ = [
    "WEEKDAYS",
    "BirthdayCondition",
    "BudgetFacts",
    "CampaignReward",
    "CampaignVersion",
    "Expiry",
    "ExpiryAfterDays",
    "ExpiryAfterMonths",
    "FavouriteCondition",
    "FirstPurchaseCondition",
    "FixedReward",
    "Hours",
    "Limits",
    "MemberCondition",
    "MemberFacts",
    "Minimum",
    "MultiplierReward",
    "NoExpiry",
    "NthPurchaseCondition",
    "PercentReward",
    "PointsRate",
    "PointsReward",
    "Products",
    "ProgrammeRules",
    "Rounding",
    "SegmentCondition",
    "Stacking",
    "StampReward",
    "Step",
    "Steps",
    "Texts",
    "Threshold",
    "TierCondition",
    "Weekday",
    "What",
    "When",
    "Where",
    "text_in",
]


Texts = Annotated[dict[str, str], Field(min_length=1, description="A text by language: `en`, `pt-BR`.")]
BudgetFacts = Mapping[str, int]
"""What remains of each campaign's total budget, by campaign id."""


# threshold


Measure = Literal["basket", "matching"]


class Minimum(Message):
    """The basis of the whole basket, or of the matching lines only, must reach `amount`."""

    kind: Literal["minimum"] = "minimum"
    amount: PositiveMinorUnits
    of: Measure = "basket"


class Step(Message):
    """From `threshold` on, `rate_bp`."""

    threshold: PositiveMinorUnits
    rate_bp: Rate


class Steps(Message):
    """Rates that rise with the amount: on all of it, or (marginal) each on the part within its step.

    Below the first step the reward's own rate applies, which may be 0.
    """

    kind: Literal["steps"] = "steps"
    mode: Literal["whole", "marginal"] = "whole"
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)]
    of: Measure = "basket"


Threshold = Annotated[Minimum | Steps, Field(discriminator="kind")]

# reward


class PercentReward(Message):
    """A rate of each matching line's basis."""

    kind: Literal["percent"] = "percent"
    rate_bp: Rate


class FixedReward(Message):
    """An amount for the receipt, or for each unit of its matching lines."""

    kind: Literal["fixed"] = "fixed"
    value: PositiveMinorUnits
    per: Literal["receipt", "unit"] = "receipt"


class MultiplierReward(Message):
    """What the base rules give on the matching lines, times `factor_bp` / 10000; the added part is this campaign's."""

    kind: Literal["multiplier"] = "multiplier"
    factor_bp: Annotated[StrictInt, Field(gt=10_000, le=100_000)]
    unit: Literal["cash", "points"] = "cash"


class PointsReward(Message):
    """`points` for every full `per` minor units of the matching lines' basis together."""

    kind: Literal["points"] = "points"
    points: Annotated[StrictInt, Field(gt=0, le=1_000_000)] = 1
    per: PositiveMinorUnits


class StampReward(Message):
    """Stamps for a receipt with a matching line."""

    kind: Literal["stamp"] = "stamp"
    stamps: Annotated[StrictInt, Field(gt=0, le=100)] = 1


CampaignReward = Annotated[
    PercentReward | FixedReward | MultiplierReward | PointsReward | StampReward, Field(discriminator="kind")
]


class Limits(Message):
    """The most that the campaign gives to one line, one receipt, one member, and in all."""

    per_line: PositiveMinorUnits | None = None
    per_receipt: PositiveMinorUnits | None = None
    per_member: PositiveMinorUnits | None = None
    total: Annotated[StrictInt, Field(gt=0)] | None = None


# expiry


class NoExpiry(Message):
    """What is earned never expires."""

    kind: Literal["none"] = "none"


class ExpiryAfterDays(Message):
    """At the end of the day this many days after it became available, or of that month."""

    kind: Literal["days"] = "days"
    days: Annotated[StrictInt, Field(ge=1, le=3_650)]
    to_month_end: bool = False


class ExpiryAfterMonths(Message):
    """At the end of the day this many months after it became available, or of that month."""

    kind: Literal["months"] = "months"
    months: Annotated[StrictInt, Field(ge=1, le=120)]
    to_month_end: bool = False


Expiry = Annotated[NoExpiry | ExpiryAfterDays | ExpiryAfterMonths, Field(discriminator="kind")]

Stacking = Literal["base", "multiplier", "exclusive"]


class CampaignVersion(Message):
    """One version of a campaign's terms. Never changed: other terms are another version."""

    campaign_id: Slug
    version: Annotated[StrictInt, Field(ge=1)] = 1
    name: Texts
    description: Texts = Field(default_factory=lambda: {"en": ""})
    picture: str = ""
    who: tuple[MemberCondition, ...] = ()
    when: When
    where: Where = Where()
    what: What = What()
    threshold: Threshold | None = None
    reward: CampaignReward
    limits: Limits = Limits()
    pending_days: Annotated[StrictInt, Field(ge=0, le=3_650)] = 0
    expiry: Expiry = NoExpiry()
    stacking: Stacking = "base"
    needs_activation: bool = False

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.reward.kind == "multiplier") != (self.stacking == "multiplier"):
            raise ValueError("a multiplier stacks as a multiplier, and nothing else does")
        if isinstance(self.threshold, Steps):
            self._sound_steps(self.threshold.steps)
        elif self.reward.kind == "percent" and self.reward.rate_bp == 0:
            raise ValueError("rate_bp must be above 0")
        return self

    def _sound_steps(self, steps: tuple[Step, ...]) -> None:
        if not isinstance(self.reward, PercentReward):
            raise ValueError("steps go with a percent reward")  # noqa: TRY004  pydantic reports a ValueError
        rates = [self.reward.rate_bp, *(step.rate_bp for step in steps)]
        amounts = [0, *(step.threshold for step in steps)]
        for row in (rates, amounts):
            if any(a >= b for a, b in pairwise(row)):
                raise ValueError("thresholds and rates must rise from step to step")

    def name_in(self, language: str) -> str:
        """The name in a language, or the nearest that there is."""
        return text_in(self.name, language)

    @property
    def expires_after(self) -> str | None:
        """The expiry as an ISO 8601 duration such as `P6M`, or None for never."""
        match self.expiry:
            case ExpiryAfterDays(days=days):
                return f"P{days}D"
            case ExpiryAfterMonths(months=months):
                return f"P{months}M"
        return None


def text_in(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, in that language without its region, in English, or else the first by name."""
    if language in texts:
        return texts[language]
    for key in (language.split("-", maxsplit=1)[0], "en"):
        if key in texts:
            return texts[key]
    return texts[min(texts)] if texts else ""
