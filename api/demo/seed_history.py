"""About fourteen months of the demo shoppers' purchases, as rows of an import file. Only the dates move with today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from api.demo.seed_products import BLENDER, DELIVERY, HEADPHONES, PRODUCTS, Product

BLENDER_DAYS_AGO = 20
_HEADPHONES_DAYS_AGO = 8
_WEB_DELIVERY_UNDER = 15_000


@dataclass(frozen=True, slots=True)
class Habit:
    """How one shopper shops: how often, since when, where, and how much at once."""

    seed: int
    purchases: int
    since_days: int
    stores: tuple[str, ...]
    lines: tuple[int, int]
    first_online: bool = False
    buys_appliances: bool = False


ANA = Habit(
    seed=11,
    purchases=60,
    since_days=424,
    stores=("centro", "centro", "centro", "jardins", "web"),
    lines=(4, 11),
    buys_appliances=True,
)
BRUNO = Habit(
    seed=23, purchases=25, since_days=118, stores=("jardins", "jardins", "web"), lines=(2, 7), first_online=True
)


@dataclass(frozen=True, slots=True)
class Bought:
    """One line: a product, how many, and what was taken off, in centavos."""

    product: Product
    quantity: int
    discount: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """One purchase."""

    receipt_number: str
    member_number: str
    store: str
    at: datetime
    lines: tuple[Bought, ...]

    def rows(self) -> Iterator[tuple[str | int, ...]]:
        """The rows of the import file."""
        channel = "web" if self.store == "web" else "store"
        head = (self.receipt_number, self.member_number, self.store, channel, self.at.isoformat())
        for line in self.lines:
            p = line.product
            yield (*head, p.sku, p.name, p.category, p.tags, line.quantity, p.price, line.discount)


def visits(habit: Habit, member_number: str, prefix: str, now: datetime, timezone: str) -> list[Visit]:
    """One shopper's purchases up to yesterday, in the order of time."""
    draw = Random(habit.seed)  # noqa: S311 - the same purchases each time is what is wanted
    today = now.astimezone(ZoneInfo(timezone)).date()
    step = habit.since_days / habit.purchases
    found = []
    for number in range(habit.purchases):
        days_ago = max(1, round(habit.since_days - number * step + draw.uniform(-0.4, 0.4) * step))
        moment = time(draw.randint(8, 20), draw.randint(0, 59), draw.randint(0, 59))
        at = datetime.combine(today - timedelta(days=days_ago), moment, ZoneInfo(timezone))
        store = "web" if number == 0 and habit.first_online else draw.choice(habit.stores)
        lines = _basket(draw, habit, store)
        found.append(Visit(f"{prefix}{1001 + number}", member_number, store, at, lines))
    if habit.buys_appliances:
        found += _appliances(member_number, prefix, today, ZoneInfo(timezone))
    return sorted(found, key=lambda visit: visit.at)


def _basket(draw: Random, habit: Habit, store: str) -> tuple[Bought, ...]:
    number = draw.randint(*habit.lines) + (2 if store == "web" else 0)
    lines = []
    for product in _different(draw, number):
        quantity = draw.randint(1, product.most)
        discount = quantity * product.price // 10 if draw.random() < 0.15 else 0
        lines.append(Bought(product, quantity, discount))
    if store == "web" and sum(line.quantity * line.product.price for line in lines) < _WEB_DELIVERY_UNDER:
        lines.append(Bought(DELIVERY, 1))
    return tuple(lines)


def _different(draw: Random, number: int) -> Iterable[Product]:
    """So many different products, the frequent ones rather."""
    by_luck = sorted(PRODUCTS, key=lambda product: draw.random() ** (1 / product.often), reverse=True)
    return by_luck[:number]


def _appliances(member_number: str, prefix: str, today: date, zone: ZoneInfo) -> list[Visit]:
    """Two purchases that show something of their own: one comes back, the other earns by an offer that stands alone."""
    blender = datetime.combine(today - timedelta(days=BLENDER_DAYS_AGO), time(11, 20), zone)
    headphones = datetime.combine(today - timedelta(days=_HEADPHONES_DAYS_AGO), time(21, 5), zone)
    return [
        Visit(blender_receipt(prefix), member_number, "centro", blender, (Bought(BLENDER, 1), Bought(PRODUCTS[5], 1))),
        Visit(f"{prefix}902", member_number, "web", headphones, (Bought(HEADPHONES, 1), Bought(DELIVERY, 1))),
    ]


def blender_receipt(prefix: str) -> str:
    """The receipt whose first line comes back."""
    return f"{prefix}901"


def till_visit(receipt_number: str, at: datetime, first_product: int) -> dict[str, object]:
    """A basket for the till, large enough to pay a part of it with cashback."""
    lines = [
        {
            "sku": p.sku,
            "name": p.name,
            "category": p.category,
            "tags": p.tags.split(";") if p.tags else [],
            "quantity": 2,
            "unit_price": p.price,
        }
        for p in PRODUCTS[first_product::9]
    ]
    return {"store_id": "centro", "channel": "store", "at": at, "receipt_number": receipt_number, "lines": lines}
