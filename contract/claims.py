"""Claims: something is missing from the wallet, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from contract.base import Answer, Instant, Message, Slug, Told
from contract.basket import BasketLine
from contract.money import Money, PositiveMinorUnits

ClaimKind = Literal["missing", "amount"]
ClaimState = Literal["open", "accepted", "refused"]
RefusalReason = Literal[
    "not_found", "already_credited", "not_eligible", "other_member", "returned", "too_little_known", "other"
]


class ClaimRequest(Message):
    """`POST /v1/me/claims`: a purchase that is not here (store, day, number, total), or earned too little (its id)."""

    kind: ClaimKind
    purchase_id: Annotated[str | None, Field(max_length=64)] = None
    store_id: Slug | None = None
    day: date | None = None
    receipt_number: Annotated[str | None, Field(min_length=1, max_length=64)] = None
    total: PositiveMinorUnits | None = None
    note: Annotated[str, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "amount" and self.purchase_id is None:
            raise ValueError("purchase_id must say which purchase earned too little")
        if self.kind == "missing" and None in (self.store_id, self.day, self.receipt_number, self.total):
            raise ValueError("store_id, day, receipt_number and total must describe the receipt")
        return self


class Claim(Answer):
    """One claim and what came of it."""

    claim_id: str
    kind: Told[ClaimKind]
    purchase_id: str | None = Field(description="The purchase that it is about, or that came of it.")
    store_id: str
    store_name: str
    receipt_number: str
    day: date
    total: Money
    note: str
    asked_at: Instant
    due_at: Instant = Field(description="By when it is answered.")
    state: Told[ClaimState]
    reason: Told[RefusalReason] | None
    words: str = Field(description="What the manager wrote.")
    decided_at: Instant | None
    given: Money | None = Field(description="What it brought.")


class ClaimStore(Answer):
    """A store that a claim may be about."""

    store_id: str
    name: str


class Claims(Answer):
    """`GET /v1/me/claims`: newest first, and what a new one may be about."""

    items: list[Claim]
    stores: list[ClaimStore]
    days: int = Field(description="How long after a purchase a claim may be made.")


class ProgrammeClaim(Claim):
    """A claim as the manager sees it, with the evidence."""

    member_id: str
    member_name: str
    posted: Told[Literal["no", "this_member", "other_member"]] = Field(
        description="Who has a receipt of that number already."
    )
    purchases: int = Field(description="Purchases of the member so far.")
    claims: int = Field(description="Claims of the member so far, this one included.")


class ProgrammeClaims(Answer):
    """`GET /v1/programme/claims`: oldest first, for those are due first."""

    items: list[ProgrammeClaim]
    next_cursor: str | None


class Decision(Message):
    """`POST /v1/programme/claims/{id}/decision`.

    Accepting a missing purchase posts it: its `lines`, or one line of all of it. Accepting an amount gives `amount`.
    """

    accepted: bool
    reason: RefusalReason | None = None
    words: Annotated[str, Field(max_length=500)] = ""
    lines: Annotated[list[BasketLine] | None, Field(min_length=1, max_length=100)] = None
    amount: PositiveMinorUnits | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.accepted and self.reason is None:
            raise ValueError("reason must say why it is refused")
        return self
