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
            if not lot.released and lot.remaining and lot.available_at <= now:
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
            lot = next(each for each in self.lots if each.purchase == name and each.campaign == campaign)
            own = min(amount, lot.remaining)
            lot.remaining -= own
            gone = min(amount - own, lot.expired - lot.forgiven)
            lot.forgiven += gone
            rest = amount - own - gone
            self.debt += rest - sum(part for _, part in self.take(rest, now))
