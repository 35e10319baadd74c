"""Facts that the rules may use: the programme's own, and what may be known about a member."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StrictInt

from contract.base import Message
from contract.money import MinorUnits, PositiveMinorUnits

CategoryPath = Annotated[str, Field(min_length=1, max_length=128, description="A category with all below it: `food`.")]
Rate = Annotated[StrictInt, Field(ge=0, le=10_000, description="Hundredths of a percent: 500 is 5 %.")]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"{name!r} is no time zone") from problem
    return name


class Rounding(Message):
    """How a receipt's cashback is rounded: to a multiple of `unit` minor units, down or half to even."""

    mode: Literal["floor", "half_even"] = "floor"
    unit: Annotated[StrictInt, Field(ge=1, le=100_000)] = 1


class PointsRate(Message):
    """`points` points are worth `minor_units`."""

    points: Annotated[StrictInt, Field(gt=0, le=1_000_000)] = 1
    minor_units: PositiveMinorUnits = 1


class OfflineLimits(Message):
    """What a till may do without a network. Amounts are minor units; 0 spends nothing."""

    spend_per_member: MinorUnits = Field(default=0, description="The most that one member may spend at one till.")
    spend_per_till: MinorUnits = Field(default=0, description="The most that all members may spend at one till.")
    kit_hours: Annotated[StrictInt, Field(ge=1, le=168, description="How old a till's kit may be.")] = 72
    queue: Annotated[StrictInt, Field(ge=1, le=10_000, description="The most receipts that may wait.")] = 2_000


class ProgrammeTerms(Message):
    """What a programme says for all its campaigns; a change is another version, from its instant on."""

    basis: Literal["with_tax", "without_tax"] = "with_tax"
    never_earning: tuple[CategoryPath, ...] = ("delivery", "giftcard")
    rounding: Rounding = Rounding()
    points_rate: PointsRate = PointsRate()
    redeem_max_share_bp: Rate = 10_000
    redeem_minimum: MinorUnits = 0
    spend_limit: MinorUnits | None = Field(default=None, description="The most that one fresh code may spend.")
    confirm_above: MinorUnits | None = Field(
        default=None, description="Above it a member confirms on her own device; null: never, unless she says so."
    )
    offline: OfflineLimits = OfflineLimits()


class ProgrammeRules(ProgrammeTerms):
    """What the calculator knows of a programme: one version of its own rules, which a quote names."""

    version: Annotated[StrictInt, Field(ge=1)] = 1
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    timezone: Annotated[str, AfterValidator(_zone)]


class MemberFacts(Message):
    """What the calculator may know about a member; the defaults are a shopper of whom nothing is known."""

    member_id: str = ""
    language: str = "en"
    segments: tuple[str, ...] = ()
    tier: str | None = None
    birthday: date | None = None
    purchase_count: Annotated[StrictInt, Field(ge=0, description="Purchases before this one.")] = 0
    favourite_categories: tuple[str, ...] = ()
    activated: frozenset[str] = Field(default=frozenset(), description="Ids of the campaigns that were activated.")
    earned: dict[str, int] = Field(default_factory=dict, description="Given so far, by campaign id: for member caps.")
    use_history: bool = Field(default=True, description="Off: segments, favourites and purchase counts do not count.")
