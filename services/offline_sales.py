"""What a till without a network knows of a member, and keeps of a sale."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from contract import member_code
from contract.money import Money
from contract.till import BatchOutcome, TillQuote
from contract.till_kit import TillKey
from services.till_book import QueueRow, QueueState

_MARK = "offline"


@dataclass(frozen=True, slots=True)
class OfflineMember:
    """Who is at the till, as far as a code says that nobody can check. `identification` is good at this till only."""

    identification: str
    member_name: str
    most: Money
    """What may be spent at this till before it is back on the network, whatever the balance."""


class OfflineQuote(TillQuote):
    """What a basket earns at least. `more`: it may come to more once the till is back on the network."""

    more: bool
    limit: Money | None = None
    """What this member may still spend at this till without a network, on whatever basket."""


class OfflineReceipt(BaseModel):
    """A receipt that is kept on this till until it is sent."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    receipt_number: str
    member_name: str
    at: datetime
    total: Money
    told: Money
    more: bool
    redeemed: Money
    to_pay: Money


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One receipt of the queue, with what came of it."""

    receipt: OfflineReceipt
    state: QueueState
    seen: bool
    outcome: BatchOutcome | None

    @property
    def earned_less(self) -> bool:
        """Whether it earned less than was told."""
        posted = self.outcome.receipt if self.outcome else None
        return posted is not None and posted.earned.amount < self.receipt.told.amount

    @property
    def is_problem(self) -> bool:
        """Whether it did not come out as it was told."""
        return self.outcome is not None and (
            self.outcome.outcome == "refused" or self.outcome.shortfall is not None or self.earned_less
        )


@dataclass(frozen=True, slots=True)
class Signer:
    """Who confirms: the till by its key, and the person at it."""

    key: TillKey
    staff_id: str


@dataclass(frozen=True, slots=True)
class Known:
    """A member whom the API had named before the network went: her balance then, and her number if a code said it."""

    available: int
    member: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """What an offline identification holds: the code, when it was scanned (as UTC), and a lost identify call's key.

    `skew` is what the till's clock was set right by then.
    """

    code: member_code.MemberCode
    at: datetime
    identify_key: str
    skew: timedelta = timedelta(0)

    @classmethod
    def read(cls, text: str) -> Scanned | None:
        """What an identification of this till says; None of one that the API has given."""
        mark, _, rest = text.partition(":")
        if mark != _MARK:
            return None
        digits, at, key, *skew = rest.split("|")
        corrected = timedelta(seconds=float(skew[0])) if skew else timedelta(0)
        return cls(member_code.parse(digits), datetime.fromisoformat(at), key, corrected)

    def written(self) -> str:
        """As an identification."""
        parts = (self.code.digits, self.at.isoformat(), self.identify_key, str(self.skew.total_seconds()))
        return f"{_MARK}:{'|'.join(parts)}"


def is_offline(identification: str) -> bool:
    """Whether an identification was made without a network."""
    return identification.startswith(f"{_MARK}:")


def name_of(code: member_code.MemberCode) -> str:
    """What a member of whom only the number is known is called."""
    return f"#{code.member_number[-4:]}"


def item_of(row: QueueRow) -> QueueItem:
    """A row of the book as the queue shows it."""
    outcome = None if row.outcome is None else BatchOutcome.model_validate_json(row.outcome)
    return QueueItem(OfflineReceipt.model_validate_json(row.shown), row.state, row.seen, outcome)


def new_key() -> str:
    """A key that makes a receipt happen once."""
    return str(uuid.uuid4())
