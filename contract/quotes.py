"""What the rules answer: for each line what it earns and why, and what would earn more."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from contract.base import Answer, Instant
from contract.money import Money


class ReasonCode(StrEnum):
    """Why a rule gave, or did not give. A client turns each into a sentence."""

    # gave
    PERCENT = "percent"  # rate_bp of basis
    FIXED = "fixed"  # a fixed amount, this line's share of it
    STEP = "step"  # rate_bp, because the basket reached `threshold`
    MULTIPLIED = "multiplied"  # base amounts times `factor_bp` / 10000; value is what was added
    POINTS = "points"
    STAMP = "stamp"  # stamps, which are not money: value is 0
    # gave less than it would have
    CAPPED_LINE = "capped_line"
    CAPPED_RECEIPT = "capped_receipt"
    CAPPED_MEMBER = "capped_member"
    CAPPED_BUDGET = "capped_budget"
    # did not give
    EXCLUDED_PRODUCT = "excluded_product"
    EXCLUDED_CATEGORY = "excluded_category"
    EXCLUDED_BRAND = "excluded_brand"
    EXCLUDED_TAG = "excluded_tag"
    EXCLUDED_DISCOUNTED = "excluded_discounted"
    NEVER_EARNS = "never_earns"  # delivery, gift cards
    OTHER_PRODUCT = "other_product"  # the rule is about other products
    OTHER_PLACE = "other_place"  # other store or channel
    OTHER_TIME = "other_time"  # other weekday or hour
    OTHER_PAYMENT = "other_payment"
    OTHER_MEMBER = "other_member"  # segment, tier, birthday, nth purchase
    BELOW_MINIMUM = "below_minimum"  # `missing` more would do
    NOT_ACTIVATED = "not_activated"
    USED_UP = "used_up"  # the budget, or the member's own limit, is spent
    BETTER_RULE = "better_rule"  # another lawful combination gives more
    # what a newer API says to an older client
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> ReasonCode | None:
        """A code that came after this client: the amounts beside it are still good."""
        return cls.UNKNOWN if isinstance(value, str) else None


class Reason(Answer):
    """What one campaign version did for one line."""

    code: ReasonCode
    campaign_id: str
    campaign_version: int
    name: str
    value: Money
    desired_value: Money | None = Field(default=None, description="What it would have given without a cap.")
    basis: Money | None = None
    rate_bp: int | None = Field(default=None, description="With marginal steps the average rate, rounded.")
    factor_bp: int | None = None
    threshold: Money | None = None
    missing: Money | None = None
    match: str | None = Field(default=None, description="The category, tag, product, brand or place that decided.")
    capped_by: ReasonCode | None = None


class Hint(Answer):
    """The nearest next step: `missing` more in the basket gives `rate_bp` or `value`."""

    campaign_id: str
    name: str
    missing: Money
    rate_bp: int | None = None
    value: Money | None = None
    factor_bp: int | None = None


class StampGift(Answer):
    """The stamps that one campaign version gives for the whole basket, and the dates of the lot they make."""

    campaign_id: str
    campaign_version: int
    name: str
    stamps: int
    available_at: Instant | None = Field(default=None, description="Null in quotes of before stamps were booked.")
    expires_at: Instant | None = None


class Reward(Answer):
    """What one campaign version gives for the whole basket, and the dates of the lot it makes."""

    campaign_id: str
    campaign_version: int
    name: str
    value: Money
    desired_value: Money
    available_at: Instant
    expires_at: Instant | None


class QuoteLine(Answer):
    """One line of the basket with what it earns; `reasons` add up to `earned`."""

    line: int = Field(description="Position in the basket, from 0.")
    basis: Money = Field(description="What the rates apply to; 0 where the line never earns.")
    earned: Money
    points: Money | None = None
    why: list[Reason]


class Quote(Answer):
    """What a basket earns. Line sums, reward sums and totals agree."""

    total: Money = Field(description="What the basket costs before cashback is spent.")
    basis: Money
    earned: Money
    points: Money | None = None
    rewards: list[Reward] = Field(description="In cash, adding up to `earned`, and in points (`PTS`), to `points`.")
    stamps: list[StampGift] = Field(default_factory=list)
    lines: list[QuoteLine]
    hints: list[Hint]
    notes: list[Reason] = Field(
        default_factory=list, description="Campaigns that gave nothing to the basket as a whole, and why."
    )
    rules_version: int = Field(default=1, description="The version of the programme's own rules that it was made by.")
