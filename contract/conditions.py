"""The conditions of a campaign: who, when, where and what. One left empty holds for everyone, always, everywhere."""

from __future__ import annotations

from datetime import time
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from contract.base import Instant, Message, Slug
from contract.basket import Channel, Word
from contract.facts import CategoryPath

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# who


class SegmentCondition(Message):
    """Members of any of these segments."""

    kind: Literal["segment"] = "segment"
    any_of: Annotated[tuple[Slug, ...], Field(min_length=1)]


class TierCondition(Message):
    """Members of any of these tiers."""

    kind: Literal["tier"] = "tier"
    any_of: Annotated[tuple[Slug, ...], Field(min_length=1)]


class BirthdayCondition(Message):
    """From `days_before` the birthday to `days_after` it; 29 February is kept on the 28th in a common year."""

    kind: Literal["birthday"] = "birthday"
    days_before: Annotated[StrictInt, Field(ge=0, le=180)] = 0
    days_after: Annotated[StrictInt, Field(ge=0, le=180)] = 0


class FirstPurchaseCondition(Message):
    """The member's first purchase."""

    kind: Literal["first_purchase"] = "first_purchase"


class NthPurchaseCondition(Message):
    """The member's nth purchase: that one only, that one and all after it, or every nth."""

    kind: Literal["nth_purchase"] = "nth_purchase"
    n: Annotated[StrictInt, Field(ge=1, le=10_000)]
    repeat: Literal["once", "onwards", "every"] = "once"


class FavouriteCondition(Message):
    """Members with a favourite category among these, or below them."""

    kind: Literal["favourite"] = "favourite"
    any_of: Annotated[tuple[CategoryPath, ...], Field(min_length=1)]


MemberCondition = Annotated[
    SegmentCondition
    | TierCondition
    | BirthdayCondition
    | FirstPurchaseCondition
    | NthPurchaseCondition
    | FavouriteCondition,
    Field(discriminator="kind"),
]

# when and where


class Hours(Message):
    """From `start` to before `end`, local time; over midnight where `end` is not after `start`."""

    start: time
    end: time


class When(Message):
    """From `starts_at` to before `ends_at`; within that, on these weekdays and hours of the programme's time zone."""

    starts_at: Instant
    ends_at: Instant | None = None
    weekdays: tuple[Weekday, ...] = ()
    hours: tuple[Hours, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be after starts_at")
        return self


class Where(Message):
    """In these stores, through these channels, paid by these means."""

    stores: tuple[Slug, ...] = ()
    channels: tuple[Channel, ...] = ()
    payment_means: tuple[Word, ...] = ()


# what


class Products(Message):
    """Lists of products, categories (each with all below it), brands and tags."""

    skus: tuple[Word, ...] = ()
    categories: tuple[CategoryPath, ...] = ()
    brands: tuple[Word, ...] = ()
    tags: tuple[Word, ...] = ()

    @cached_property
    def by_kind(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The lists that name anything, as sets."""
        lists = (("sku", self.skus), ("category", self.categories), ("brand", self.brands), ("tag", self.tags))
        return tuple((kind, frozenset(names)) for kind, names in lists if names)


class What(Message):
    """Lines that are in *every* list of `only` that names anything, and in *no* list of `exclude`."""

    only: Products = Products()
    exclude: Products = Products()
    exclude_discounted: bool = False
    favourites_only: bool = Field(default=False, description="Only lines in the member's own favourite categories.")
