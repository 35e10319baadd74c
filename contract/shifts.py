"""A store's working day: opened, counted by the API, closed, and what came later explained."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from contract.base import Answer, Instant, Message
from contract.money import MinorUnits, Money


class ShiftTotals(Answer):
    """What was done. Amounts of refunds are what was given back, earned and spent what was earned and spent."""

    receipts: int
    sold: Money
    earned: Money
    spent: Money
    refunds: int
    refunded: Money
    taken_back: Money = Field(description="Cashback that refunds took back.")
    given_back: Money = Field(description="Spent cashback that refunds gave back.")


class ShiftPart(Answer):
    """The totals of one cashier or one till."""

    name: str
    totals: ShiftTotals


class LateReceipt(Answer):
    """A purchase of the shift that came after it was closed, or long after it was made."""

    purchase_id: str
    receipt_number: str
    at: Instant
    recorded_at: Instant
    total: Money
    after_closing: bool
    staff_name: str


class Counted(Message):
    """What the shop's own till says of the same hours, to compare."""

    receipts: Annotated[StrictInt, Field(ge=0, le=1_000_000)]
    sold: MinorUnits


class Shift(Answer):
    """One shift in a list."""

    shift_id: str
    store_id: str
    opened_at: Instant
    opened_by: str
    closed_at: Instant | None
    closed_by: str
    totals: ShiftTotals = Field(description="As of now: with what came after closing.")


class ShiftReport(Shift):
    """One shift with its parts, and every reason why two totals of it may differ."""

    closing: ShiftTotals | None = Field(description="As counted when it was closed; null while it is open.")
    counted: Counted | None
    cashiers: list[ShiftPart]
    tills: list[ShiftPart]
    late: list[LateReceipt]
    note: str


class ShiftPage(Answer):
    """The store's shifts, newest first."""

    items: list[Shift]
    next_cursor: str | None


class ShiftClose(Message):
    """Close the shift; `counted` is compared with what the API has."""

    counted: Counted | None = None
    note: Annotated[str, Field(max_length=300)] = ""


class ReceiptMail(Message):
    """Send a receipt to the member's own address: she has said yes at the till."""

    consent: Annotated[bool, Field(description="She asked for it just now; nothing is sent without.")]


class PrintLink(Answer):
    """A page to print, for a few minutes."""

    path: str
