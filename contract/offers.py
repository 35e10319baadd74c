"""Offers: campaigns as a shopper sees them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contract.base import Answer, Instant, Told
from contract.basket import Channel
from contract.conditions import Hours, Weekday
from contract.money import Money


class OfferStep(Answer):
    """From `threshold` on, `rate_bp` of the basis."""

    threshold: Money
    rate_bp: int


class Offer(Answer):
    """One live or coming campaign, in the shopper's terms."""

    offer_id: str = Field(description="The campaign's id.")
    campaign_version: int
    name: str
    description: str
    picture: str = Field(default="", description="Name of a picture that the app carries.")
    kind: Told[Literal["percent", "fixed", "steps", "multiplier", "points", "stamp"]]
    rate_bp: int | None = None
    value: Money | None = None
    per: Money | None = Field(default=None, description="Points: `value` for each time that this is spent.")
    per_item: bool = Field(default=False, description="Whether `value` is for each item, not for the purchase.")
    factor_bp: int | None = None
    steps: list[OfferStep] = Field(default_factory=list)
    minimum: Money | None = None
    categories: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    brands: list[str] = Field(default_factory=list)
    excluded: list[str] = Field(default_factory=list)
    exclude_discounted: bool = False
    stores: list[str] = Field(default_factory=list, description="By name; everywhere when empty.")
    channels: list[Told[Channel]] = Field(default_factory=list)
    payment_means: list[str] = Field(default_factory=list, description="Only when paid so; any when empty.")
    starts_at: Instant
    ends_at: Instant | None
    weekdays: list[Weekday] = Field(default_factory=list, description="Only on these; every day when empty.")
    hours: list[Hours] = Field(default_factory=list, description="Only in these, local time; all day when empty.")
    pending_days: int
    expires_after: str | None = Field(default=None, description="ISO 8601 duration such as P6M, or null for never.")
    needs_activation: bool
    state: Told[Literal["open", "activated", "used", "used_up", "ended"]]
    activated_at: Instant | None = None
    cap: Money | None = Field(default=None, description="The most that one member gets.")
    per_purchase: Money | None = Field(default=None, description="The most that one purchase gets.")
    earned: Money | None = Field(default=None, description="What this member has got from it.")
    most_stamps: int | None = Field(default=None, description="The most stamps that one member gets.")
    stamps: int | None = Field(default=None, description="The stamps that this member has.")
    hidden: bool = Field(default=False, description="This member wants to see less of it.")


class OfferList(Answer):
    """Offers open to the member."""

    items: list[Offer]
    next_cursor: str | None = None
