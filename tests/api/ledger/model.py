"""The ledger in plain Python: what must come out, said as simply as it can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(eq=False)
class ModelLot:
    purchase: str
    campaign: str
    original: int
    remaining: int
    available_at: datetime
    expires_at: datetime | None
    released: bool = False
    held: bool = False
    expired: int = 0
    forgiven: int = 0


@dataclass(eq=False)
class ModelPurchase:
    total: int
    redeemed: int
    earned: int
    taken: list[tuple[ModelLot, int]] = field(default_factory=list)
    returned: int = 0


class OverBalance(Exception):
    """More is spent than is available."""


@dataclass
class ModelWallet:
    """One member's wallet in one unit: lots, and a debt. Balances are sums, never kept."""

    lots: list[ModelLot] = field(default_factory=list)
    purchases: dict[str, ModelPurchase] = field(default_factory=dict)
    debt: int = 0

    @property
    def pending(self) -> int:
        return sum(lot.remaining for lot in self.lots if not lot.released)

    @property
    def available(self) -> int:
        return sum(lot.remaining for lot in self.lots if lot.released)

    def spendable(self, now: datetime) -> list[ModelLot]:
        lots = [
            lot
            for lot in self.lots
            if lot.released and lot.remaining and (lot.expires_at is None or lot.expires_at > now)
        ]
        # nearest expiry first, then oldest, never-expiring last
        return sorted(lots, key=lambda lot: (lot.expires_at is None, lot.expires_at or now, lot.available_at))

    def settle(self, now: datetime) -> None:
        for lot in self.lots:
            if not lot.released and not lot.held and lot.remaining and lot.available_at <= now:
                lot.released = True
        for lot in self.lots:
            if lot.released and lot.remaining and lot.expires_at is not None and lot.expires_at <= now:
                lot.expired += lot.remaining
                lot.remaining = 0
        self.absorb(now)

    def absorb(self, now: datetime) -> None:
        taken = sum(amount for _, amount in self.take(min(self.debt, self.available), now))
        self.debt -= taken

    def take(self, amount: int, now: datetime) -> list[tuple[ModelLot, int]]:
        taken = []
        for lot in self.spendable(now):
            part = min(amount, lot.remaining)
            if part:
                lot.remaining -= part
                amount -= part
                taken.append((lot, part))
        return taken

    def check(self, redeem: int, now: datetime) -> None:
        if redeem:
            self.settle(now)
            if sum(lot.remaining for lot in self.spendable(now)) < redeem:
                raise OverBalance

    def buy(self, name: str, total: int, redeem: int, rewards: list[ModelLot], at: datetime, now: datetime) -> None:
        taken: list[tuple[ModelLot, int]] = []
        self.check(redeem, now)
        if redeem:
            taken = self.take(redeem, now)
        for lot in rewards:
            lot.released = lot.available_at <= at
            self.lots.append(lot)
        self.purchases[name] = ModelPurchase(total, redeem, sum(lot.original for lot in rewards), taken)
        self.absorb(now)

    def credit(self, lot: ModelLot, now: datetime) -> None:
        """An amount given by a decision: there at once, and what is owed takes of it."""
        self.lots.append(lot)
        self.absorb(now)

    def give_back(self, name: str, restore: int, claws: Mapping[str, int], now: datetime) -> None:
        purchase = self.purchases[name]
        self.settle(now)
        order = sorted(
            range(len(purchase.taken)),
            key=lambda n: (
                purchase.taken[n][0].expires_at is not None,
                -(purchase.taken[n][0].expires_at or now).timestamp(),
                -purchase.taken[n][0].available_at.timestamp(),
                -n,
            ),
        )
        for n in order:
            lot, taken = purchase.taken[n]
            part = min(restore, taken)
            lot.remaining += part
            restore -= part
            purchase.taken[n] = (lot, taken - part)
        assert restore == 0
        self.settle(now)
        for campaign, amount in claws.items():
            self.claw_back(self.lot_of(name, campaign), amount, now)

    def claw_back(self, lot: ModelLot, amount: int, now: datetime) -> None:
        """Out of the lot, then out of what is available, then as a debt; what the lot lost by expiry is forgiven."""
        own = min(amount, lot.remaining)
        lot.remaining -= own
        gone = min(amount - own, lot.expired - lot.forgiven)
        lot.forgiven += gone
        rest = amount - own - gone
        self.debt += rest - sum(part for _, part in self.take(rest, now))

    def hold(self, name: str, now: datetime) -> None:
        """Nothing of the purchase can be spent, nor expires, until somebody has decided."""
        lots = [lot for lot in self.lots if lot.purchase == name]
        for lot in lots:
            lot.held = True
        self.settle(now)
        for lot in lots:
            lot.released = False

    def decide(self, name: str, claws: Mapping[str, int], now: datetime) -> None:
        """The hold is over; `claws` is what a rejection takes of each campaign."""
        self.settle(now)
        for campaign, amount in claws.items():
            self.claw_back(self.lot_of(name, campaign), amount, now)
        for lot in self.lots:
            if lot.purchase == name:
                lot.held, lot.released = False, lot.available_at <= now
        self.settle(now)

    def lot_of(self, name: str, campaign: str) -> ModelLot:
        return next(lot for lot in self.lots if lot.purchase == name and lot.campaign == campaign)
