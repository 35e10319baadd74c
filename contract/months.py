"""Cashback by month: what the purchases of each month came to."""

from __future__ import annotations

from pydantic import Field

from contract.base import Answer
from contract.money import Money


class Month(Answer):
    """The purchases of one calendar month in the programme's time zone."""

    month: str = Field(pattern=r"^\d{4}-\d{2}$", description="Such as `2026-03`.")
    purchases: int
    total: Money = Field(description="What they cost.")
    earned: Money = Field(description="What they earned, less what refunds took back.")
    redeemed: Money = Field(description="Cashback that was spent on them.")


class Months(Answer):
    """`GET /v1/me/months`: the months that have purchases, oldest first."""

    currency: str
    timezone: str
    items: list[Month]
