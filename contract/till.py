"""The till: identify a member, quote a basket, post a purchase, take one back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from contract.base import Answer, Instant, Message, Told
from contract.basket import MAX_LINES, Basket
from contract.errors import Problem
from contract.money import MinorUnits, Money
from contract.offers import Offer
from contract.quotes import Quote
from contract.staff import Approval
from contract.till_kit import OfflineMark
from contract.wallet import Wallet

Code = Annotated[str, Field(min_length=1, max_length=64)]


class IdentifyRequest(Message):
    """Who is at the till? `code` is what was scanned or typed, and is consumed; `contact` may earn, never spend."""

    code: Code | None = None
    contact: Annotated[str, Field(min_length=3, max_length=254)] | None = Field(
        default=None, description="An e-mail address or a phone number that the member says."
    )

    @model_validator(mode="after")
    def _one_way(self) -> IdentifyRequest:
        if (self.code is None) == (self.contact is None):
            raise ValueError("give either code or contact")
        return self


class Identification(Answer):
    """The member at the till. Bound to this till; lives a few minutes."""

    identification: str
    expires_at: Instant
    member_name: str
    wallet: Wallet
    can_spend: bool
    spend_limit: Money = Field(description="The most that may be spent without the member's own confirmation.")
    spending_opens_at: Instant | None = Field(
        default=None, description="Where the member's device is new: it earns at once, and spends from then on."
    )
    held: Money | None = Field(
        default=None, description="Earned, and being checked: part of what is pending until somebody has looked."
    )
    tier: str | None = Field(default=None, description="The member's tier, by the name that they know.")
    birthday: Told[Literal["today", "soon", "just_been"]] | None = Field(
        default=None, description="Within a week of today; the date itself is nobody's business at a till."
    )
    offers: list[Offer] = Field(
        default_factory=list, description="The few that fit here and now: what they have activated first."
    )


class QuoteRequest(Basket):
    """What would this basket earn, and what may be spent on it? Writes nothing."""

    identification: str | None = Field(default=None, max_length=64)


class TillQuote(Answer):
    """A quote, with what the member may spend on this basket."""

    quote: Quote
    may_spend: Money
    may_spend_points: Money | None = Field(
        default=None, description="Where the member has points: the most that may be spent, if no cashback is."
    )
    may_spend_both: Money | None = Field(
        default=None, description="With points: the most that cashback and points may be worth together."
    )
    points_worth: Money | None = Field(default=None, description="What `may_spend_points` are worth.")
    spend_limit: Money | None = Field(
        default=None, description="The most that may be spent without the member's own confirmation; null: any amount."
    )
    to_pay: Money = Field(description="The total; less what is spent.")


class PurchaseRequest(Basket):
    """A purchase to post. Names the member by `identification` or by `code`."""

    identification: str | None = Field(default=None, max_length=64)
    code: Code | None = None
    redeem: Money | MinorUnits = 0
    redeem_points: Annotated[
        MinorUnits, Field(description="Points to spend, worth what the programme's rate says, rounded down.")
    ] = 0

    @model_validator(mode="after")
    def _one_member(self) -> PurchaseRequest:
        if (self.identification is None) == (self.code is None):
            raise ValueError("give either identification or code")
        return self


MAX_BATCH = 200


@dataclass(frozen=True, slots=True)
class Unsound:
    """What was sent as a purchase and is none, and pydantic's list of what is wrong with it."""

    errors: tuple[dict[str, Any], ...]


def _by_itself(value: Any, validate: ValidatorFunctionWrapHandler) -> PurchaseRequest | Unsound:
    if isinstance(value, Unsound):
        return value
    try:
        sound: PurchaseRequest = validate(value)
        return sound
    except ValidationError as error:
        return Unsound(tuple(dict(each) for each in error.errors(include_url=False)))


class QueuedReceipt(Message):
    """One receipt of a batch, with the key that makes it happen once. The same key as `Idempotency-Key` singly."""

    key: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\x20-\x7e]+$")]
    purchase: Annotated[PurchaseRequest | Unsound, WrapValidator(_by_itself, json_schema_input_type=PurchaseRequest)]
    scanned_at: Instant | None = Field(
        default=None, description="When the till scanned the member's code; the purchase's own `at` where left out."
    )
    clock_off: int = Field(
        default=0,
        ge=-(10**9),
        le=10**9,
        description="Seconds that the till's clock was found to be behind since; read where its times do not fit.",
    )
    offline: OfflineMark | None = Field(
        default=None, description="Where it was confirmed without a network: then it is posted by the rules for that."
    )


class BatchRequest(Message):
    """Receipts that a till has queued, oldest first. Each stands for itself: one that is refused stops no other."""

    receipts: Annotated[list[QueuedReceipt], Field(min_length=1, max_length=MAX_BATCH)]


class PostedReceipt(Answer):
    """What a receipt of a batch earned and spent, with the wallet after it; its lines stand in the purchase."""

    purchase_id: str
    receipt_number: str
    member_name: str
    total: Money
    earned: Money
    redeemed: Money
    to_pay: Money
    wallet: Wallet


class BatchOutcome(Answer):
    """What came of one receipt: `posted` or `replayed` with `receipt`, or `refused` with `problem`."""

    key: str
    outcome: Literal["posted", "replayed", "refused"]
    receipt: PostedReceipt | None = None
    problem: Problem | None = None
    shortfall: Money | None = Field(
        default=None, description="What was spent at the till and no balance covers: the store's loss."
    )


class BatchAnswer(Answer):
    """The outcomes of a batch, one for each receipt, in the order in which they were sent."""

    outcomes: list[BatchOutcome]


class RefundLine(Message):
    """How many of one line come back; `line` is its position in the basket, from 0."""

    line: Annotated[StrictInt, Field(ge=0, lt=MAX_LINES)]
    quantity: Annotated[StrictInt, Field(gt=0, le=100_000)]


class RefundRequest(Message):
    """Take a purchase back: all of it without `lines`, else the lines named."""

    lines: Annotated[list[RefundLine], Field(min_length=1, max_length=MAX_LINES)] | None = None
    reason: Annotated[str, Field(max_length=200)] = ""
    approval: Approval | None = Field(default=None, description="A supervisor's word for a refund above the limit.")


class TillPurchase(Answer):
    """A purchase in the store's list of the day."""

    purchase_id: str
    receipt_number: str
    at: Instant
    member_name: str
    total: Money
    earned: Money
    redeemed: Money
    refunded: bool
    staff_name: str = ""
    review: Told[Literal["checking", "rejected"]] | None = Field(
        default=None, description="Its cashback is being checked, or was taken back after a check."
    )
    review_kind: str | None = Field(default=None, description="Why: the kind of the review.")


class TillPurchases(Answer):
    """The store's purchases, newest first."""

    items: list[TillPurchase]
    next_cursor: str | None
