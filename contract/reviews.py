"""Limits that a programme sets for its tills, and what came of them: holds and other things for a manager to decide."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from contract.base import Answer, Instant, Message, Told
from contract.money import MinorUnits, Money

Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class SettingsBody(Message):
    """What a programme sets for its tills. 0 switches a limit off; amounts are minor units."""

    refund_limit: Annotated[
        MinorUnits, Field(description="Above it a refund needs a supervisor, or her PIN; 0: never.")
    ] = 0
    lock_after_minutes: Annotated[StrictInt, Field(ge=0, le=240, description="An idle till locks; 0: never.")] = 15
    confirm_seconds: Annotated[
        StrictInt,
        Field(ge=0, le=300, description="How long a member has to allow spending on her device; 0: five minutes."),
    ] = 90
    new_device_hours: Annotated[
        StrictInt, Field(ge=0, le=720, description="How long a member's new device may earn but not spend.")
    ] = 0
    member_purchases_per_hour: Count = 6
    member_purchases_per_day: Count = 15
    member_amount_per_day: MinorUnits = 0
    cashier_purchases_per_hour: Count = 240
    cashier_amount_per_day: MinorUnits = 0
    till_purchases_per_hour: Count = 300
    refunds_per_week: Annotated[Count, Field(description="Of one member's purchases, before the next is checked.")] = 4
    same_pair_per_day: Annotated[Count, Field(description="Purchases of one member with one cashier.")] = 6


class Settings(Answer):
    """The settings in force, and who set them."""

    version: int
    body: SettingsBody
    changed_at: Instant | None
    changed_by: str = ""


class SettingsChange(Message):
    """New settings. `version` is the one that was looked at: another by now is refused."""

    version: Annotated[StrictInt, Field(ge=0)]
    body: SettingsBody


ReviewKind = Literal[
    "member_velocity",
    "cashier_velocity",
    "till_velocity",
    "same_pair",
    "refund_loop",
    "own_account",
    "receipt_on_two_members",
]


class HeldPurchase(Answer):
    """A purchase whose cashback waits for the decision."""

    purchase_id: str
    receipt_number: str
    at: Instant
    member_name: str
    staff_name: str
    total: Money
    earned: Money
    state: Told[Literal["checking", "cleared", "rejected"]]


class Review(Answer):
    """Something unusual with its evidence, and what was decided."""

    review_id: str
    kind: Told[ReviewKind]
    state: Told[Literal["open", "cleared", "rejected"]]
    store_id: str | None
    store_name: str = ""
    opened_at: Instant
    member_name: str = ""
    staff_name: str = ""
    evidence: dict[str, str | int] = Field(
        description="Figures and names: `count`, `limit`, `hours`, `receipt_number`."
    )
    purchases: list[HeldPurchase]
    decided_at: Instant | None = None
    decided_by: str = ""
    note: str = ""


class ReviewPage(Answer):
    """Reviews, newest first."""

    items: list[Review]
    open: int = Field(description="How many wait for a decision.")
    next_cursor: str | None


class ReviewDecision(Message):
    """Cleared: what was held is released when it is due. Rejected: it is taken back."""

    decision: Literal["cleared", "rejected"]
    note: Annotated[str, Field(max_length=500)] = ""
