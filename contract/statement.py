"""The statement: every movement of a wallet with the balance after it, and the balance at any past instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import Field

from contract.base import Answer, Instant, Told
from contract.journal import JournalRow, effect_of
from contract.money import Money

MovementKind = Literal[
    "accrual", "release", "redemption", "restoration", "clawback", "absorption", "expiry", "adjustment", "hold"
]


class Balances(Answer):
    """Pending, available and owed, together; as an effect each may be below 0."""

    pending: Money
    available: Money
    debt: Money


class Movement(Answer):
    """One amount that moved, what it did to the balances, and the balances after it."""

    version: int = Field(description="Its place in the wallet's journal: rises, with gaps.")
    kind: Told[MovementKind]
    from_account: str
    to_account: str
    amount: Money
    effect: Balances
    balance: Balances = Field(description="The balances after it.")
    lot_id: str | None
    purchase_id: str | None
    refund_id: str | None
    event_at: Instant = Field(description="When it happened: the purchase, the day of release or expiry.")
    recorded_at: Instant = Field(description="When it was written. The journal's order is that of writing.")
    previous_hash: str = Field(description="The hash of the movement before it; empty for the wallet's first.")
    hash: str
    store: str | None = Field(default=None, description="Where the purchase was, by the store's name.")


class Statement(Answer):
    """`GET /v1/me/statement`: the movements recorded in a range of time, oldest first, with the balances around it."""

    member_id: str
    unit: str
    opening: Balances = Field(description="Before the first movement of the range, whatever the page.")
    closing: Balances = Field(description="After the last movement of the range, whatever the page.")
    items: list[Movement]
    next_cursor: str | None

    def journal(self) -> list[JournalRow]:
        """The page's rows for `contract.journal.check_chain`."""
        return [
            JournalRow(
                member_id=self.member_id,
                unit=self.unit,
                version=item.version,
                kind=item.kind,
                from_account=item.from_account,
                to_account=item.to_account,
                amount=item.amount.amount,
                lot_id=item.lot_id or "",
                purchase_id=item.purchase_id or "",
                refund_id=item.refund_id or "",
                event_at=item.event_at,
                recorded_at=item.recorded_at,
                pending=item.balance.pending.amount,
                available=item.balance.available.amount,
                debt=item.balance.debt.amount,
                previous_hash=item.previous_hash,
                hash=item.hash,
            )
            for item in self.items
        ]


class PastBalance(Answer):
    """`GET /v1/me/balance`: what a wallet held at an instant.

    `at` asks by the time of events: every movement that had happened by then counts, also one that was recorded later,
    such as a purchase that a till queued, an import, or a release that a job wrote the next hour. So the answer for one
    `at` may change as such movements come in. `as_known_at` asks by the time of recording: what the wallet itself said
    at that instant; its answer never changes. Both together: what was known at the one of what had happened by the
    other. Nothing that is only due counts before it is recorded.
    """

    at: Instant | None
    as_known_at: Instant | None
    balance: Balances
    version: int = Field(description="The newest movement that counts; 0 for none.")


class Step(NamedTuple):
    """What `balance_at` needs of one movement."""

    version: int
    from_account: str
    to_account: str
    amount: int
    lot_id: object
    event_at: datetime


def balance_at(steps: Iterable[Step], at: datetime) -> tuple[int, tuple[int, int, int]]:
    """The newest version that counts, and (pending, available, debt) by the time of events, in minor units.

    A movement takes effect at its own time, but never before what it builds on: an amount that came back into a lot and
    expired at once expired when it came back, though the lot's end was earlier. So no balance is ever below 0. `steps`
    are one wallet's, in the order of their versions.
    """
    lots: dict[object, datetime] = {}
    owed: datetime | None = None
    newest, sums = 0, (0, 0, 0)
    for step in steps:
        touches_debt = "debt" in (step.from_account, step.to_account)
        before = [lots.get(step.lot_id) if step.lot_id else None, owed if touches_debt else None]
        happened = max([step.event_at, *(moment for moment in before if moment is not None)])
        if step.lot_id:
            lots[step.lot_id] = happened
        if touches_debt:
            owed = happened
        if happened <= at:
            newest = step.version
            pending, available, debt = effect_of(step.from_account, step.to_account, step.amount)
            sums = sums[0] + pending, sums[1] + available, sums[2] + debt
    return newest, sums
