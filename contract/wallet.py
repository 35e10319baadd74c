"""The wallet: its balances, its lots, and the purchases behind them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contract.base import Answer, Instant, Told
from contract.basket import Channel
from contract.money import Money
from contract.quotes import Hint, Reason


class PointsBalance(Answer):
    """A member's balances in points (`PTS`); they move as cashback does, beside it."""

    pending: Money
    available: Money
    debt: Money


class Wallet(Answer):
    """A member's balances. `pending` becomes available later; `debt` is taken from the next credits."""

    pending: Money
    available: Money
    debt: Money
    version: int
    as_of: Instant
    points: PointsBalance | None = Field(default=None, description="Where the member has had points.")


class Lot(Answer):
    """One earned amount: what is left of it, when it becomes available, when it expires."""

    lot_id: str
    purchase_id: str | None
    campaign_id: str
    campaign_version: int
    name: str
    original: Money
    remaining: Money
    state: Told[Literal["pending", "available"]]
    held: bool = Field(
        default=False, description="Its purchase is being checked: it cannot be spent, nor expire, until that is over."
    )
    available_at: Instant
    expires_at: Instant | None


class PurchaseLine(Answer):
    """One line bought, what it earned and why, and how much of it came back."""

    line: int
    sku: str
    name: str
    category: str
    tags: list[str]
    quantity: int
    unit_price: Money
    discount: Money
    amount: Money = Field(description="What was paid for the line.")
    earned: Money
    points: Money | None = Field(default=None, description="Points that the line earned, where it did.")
    refunded_quantity: int = 0
    clawed_back: Money
    why: list[Reason]


class Refund(Answer):
    """One refund of a purchase, and its effect on the wallet."""

    refund_id: str
    purchase_id: str
    at: Instant
    amount: Money = Field(description="The value of the goods that came back.")
    clawed_back: Money = Field(description="Earned cashback that was taken back.")
    from_pending: Money
    from_available: Money
    to_debt: Money
    restored: Money = Field(description="Spent cashback that went back to its lots.")
    points_clawed_back: Money | None = Field(default=None, description="Earned points that were taken back.")
    points_restored: Money | None = Field(default=None, description="Spent points that went back to their lots.")
    points_worth: Money | None = Field(default=None, description="What the restored points had paid for these goods.")
    lines: list[RefundedLine]


class RefundedLine(Answer):
    """How many of one line came back."""

    line: int
    quantity: int


class StoreRef(Answer):
    """A store by id and name."""

    store_id: str
    name: str


class Purchase(Answer):
    """One purchase with everything that a shopper may ask about it."""

    purchase_id: str
    receipt_number: str
    store: StoreRef
    channel: Told[Channel]
    at: Instant
    total: Money
    redeemed: Money
    earned: Money
    clawed_back: Money
    points: Money | None = Field(default=None, description="Points earned, where it earned any.")
    points_clawed_back: Money | None = None
    points_redeemed: Money | None = Field(default=None, description="Points spent, where any were.")
    points_worth: Money | None = Field(default=None, description="What the spent points paid.")
    state: Told[Literal["pending", "available", "refunded", "rejected"]] = Field(
        description="`rejected`: a check took back what it earned; `clawed_back` says how much that was."
    )
    available_at: Instant | None
    expires_at: Instant | None
    lines: list[PurchaseLine]
    refunds: list[Refund]
    hints: list[Hint] = Field(default_factory=list, description="The next steps as they were then, the nearest first.")
    rules_version: int = Field(default=1, description="Of the programme's own rules: `GET /v1/terms/rules/{version}`.")
    version: int
    review: Told[Literal["checking", "rejected"]] | None = Field(
        default=None, description="Its cashback is being checked, or was taken back after a check."
    )


class PurchasePage(Answer):
    """Purchases, newest first, and the cursor of the next page."""

    items: list[Purchase]
    next_cursor: str | None


class Receipt(Answer):
    """The answer to a posted purchase: what it earned and spent, and the wallet after it."""

    purchase_id: str
    receipt_number: str
    member_name: str
    total: Money
    earned: Money
    redeemed: Money
    points: Money | None = Field(default=None, description="Points earned, where it earned any.")
    points_redeemed: Money | None = Field(default=None, description="Points spent, where any were.")
    points_worth: Money | None = Field(default=None, description="What the spent points paid.")
    to_pay: Money
    wallet: Wallet
    lines: list[PurchaseLine]
    available_at: Instant | None


class RefundReceipt(Answer):
    """The effect of a refund, previewed or done, and the wallet after it."""

    refund: Refund
    wallet: Wallet
    preview: bool
