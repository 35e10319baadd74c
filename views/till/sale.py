"""The sale in hand: who is at the till, what is in the basket, and what of the cashback is spent."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import flet as ft

from contract.basket import BasketLine, minor
from contract.money import Money, decimals
from contract.till import Identification, TillQuote
from contract.wallet import Receipt
from services.offline_sales import is_offline
from services.shelf import Scanned
from services.till import Draft, OfflineMember, OfflineReceipt
from views.session import Session, use_session
from views.till.hooks import use_watched

Spend = Literal["none", "all", "exact"]


@dataclass(frozen=True, slots=True)
class Spends:
    """What a sale spends: minor units of cashback, points, and what those are worth in minor units."""

    redeem: int = 0
    points: int = 0
    worth: int = 0

    @property
    def amount(self) -> int:
        """What both pay, in minor units."""
        return self.redeem + self.worth


MOST = 10_000_000_000
"""The largest amount of one line, in minor units. A telephone costs 15 million rupiah."""
_LONGEST_WHOLE = 8


@ft.observable
@dataclass(eq=False)
class Sale:
    """One customer's turn at the till. Every change goes through a method, so that screens render again."""

    identification: Identification | None = None
    member_name: str = ""
    offline_most: Money | None = None
    """What a member may spend who came without a network, whatever the basket."""
    known_as: str = ""
    """The identification that a basket brought over a restart was begun with."""
    lines: tuple[BasketLine, ...] = ()
    begun: datetime | None = None
    spend: Spend = "none"
    exact: int = 0
    points: bool = False
    """Whether points pay, too: as many as may."""
    removed: tuple[int, BasketLine] | None = None
    receipt: Receipt | OfflineReceipt | None = None
    category: str = "food"
    """Where a typed amount goes by Enter: the category used last."""
    tags: tuple[str, ...] = ()
    """What the next line is, beside its category."""
    asked: Scanned | None = None
    """A scanned product of which the amount, and perhaps all, must be typed."""
    opened: int = -1
    """The line that is open to be changed; -1: none."""
    again: bool = False
    """Whether the next scan is for the basket in hand, whose identification has run out."""

    @property
    def draft(self) -> Draft | None:
        """What is quoted and confirmed; None while the basket is empty or nobody is at the till."""
        if not self.lines or self.begun is None or not self.known_as:
            return None
        return Draft(self.known_as, self.member_name, "", self.lines, self.begun)

    @property
    def total(self) -> int:
        """What the basket costs, in minor units."""
        return sum(line.net for line in self.lines)

    @property
    def is_unchecked(self) -> bool:
        """Whether only a code names the member, which the API has not looked at."""
        return is_offline(self.known_as)

    def begin(self, identification: Identification | OfflineMember, now: datetime) -> None:
        """Take a member in. The basket stays when this scan was asked for by it, or when it waits for a member."""
        keep = self.lines and (self.again or not self.known_as)
        if not keep:
            self.lines, self.spend, self.exact, self.points, self.removed = (), "none", 0, False, None
        self.opened = -1
        self.identification = identification if isinstance(identification, Identification) else None
        self.again = False
        self.offline_most = identification.most if isinstance(identification, OfflineMember) else None
        self.member_name, self.known_as = identification.member_name, identification.identification
        self.begun = self.begun if keep and self.begun else now

    def restore(self, draft: Draft) -> None:
        """Take up a basket from before a restart."""
        self.identification, self.receipt, self.removed = None, None, None
        self.member_name, self.known_as = draft.member_name, draft.identification
        self.lines, self.begun, self.spend, self.exact, self.points = draft.lines, draft.at, "none", 0, False

    def add(self, line: BasketLine) -> None:
        """Put a line into the basket."""
        self.lines, self.removed, self.tags, self.asked, self.opened = (*self.lines, line), None, (), None, -1
        self.category = line.category or self.category

    def ask(self, found: Scanned | None) -> None:
        """A scanned code waits for an amount; None leaves it out."""
        self.asked = found
        if found is not None and found.product is not None:
            self.category = found.product.category or self.category

    def change(self, index: int, line: BasketLine) -> None:
        """Replace a line."""
        self.lines = (*self.lines[:index], line, *self.lines[index + 1 :])

    def remove(self, index: int) -> None:
        """Take a line out; it can be put back until the next change."""
        self.removed, self.opened = (index, self.lines[index]), -1
        self.lines = (*self.lines[:index], *self.lines[index + 1 :])

    def put_back(self) -> None:
        """Undo the last removal."""
        if self.removed is not None:
            index, line = self.removed
            self.removed = None
            self.lines = (*self.lines[:index], line, *self.lines[index:])

    def open(self, index: int) -> None:
        """Open a line to be changed, and close the one before; -1 closes it."""
        self.opened = index

    def toggle(self, tag: str) -> None:
        """Say, or unsay, a tag of the next line."""
        self.tags = tuple(t for t in self.tags if t != tag) if tag in self.tags else (*self.tags, tag)

    def choose(self, spend: Spend, exact: int = 0) -> None:
        """Say how much of the cashback is spent."""
        self.spend, self.exact = spend, exact

    def use_points(self, use: bool) -> None:
        """Say whether points pay, too."""
        self.points = use

    def most_cashback(self, quote: TillQuote) -> int:
        """The most cashback that may be spent under this quote, beside the points: both count against the caps."""
        if not self.points or quote.may_spend_both is None or quote.points_worth is None:
            return quote.may_spend.amount
        return max(0, min(quote.may_spend.amount, quote.may_spend_both.amount - quote.points_worth.amount))

    def spends(self, quote: TillQuote) -> Spends:
        """What is spent under this quote; an exact amount goes as it was said, for the API to judge."""
        redeem = self.most_cashback(quote) if self.spend == "all" else self.exact if self.spend == "exact" else 0
        if not self.points or quote.may_spend_points is None or quote.points_worth is None:
            return Spends(redeem)
        return Spends(redeem, quote.may_spend_points.amount, quote.points_worth.amount)

    def asks(self, quote: TillQuote) -> bool:
        """Whether the member has to allow it on her own device."""
        return quote.spend_limit is not None and self.spends(quote).amount > quote.spend_limit.amount

    def finish(self, receipt: Receipt | OfflineReceipt) -> str:
        """The purchase is posted, or safe in the queue: only its receipt stays in hand. Where it is shown."""
        self.clear()
        self.receipt = receipt
        if isinstance(receipt, OfflineReceipt):
            return f"/till/queue/{receipt.key}"
        return f"/till/receipt/{receipt.purchase_id}"

    def clear(self) -> None:
        """The next customer."""
        self.identification, self.member_name, self.known_as, self.again = None, "", "", False
        self.lines, self.begun, self.spend, self.exact, self.removed = (), None, "none", 0, None
        self.points = False
        self.receipt, self.tags, self.opened = None, (), -1


_sales: weakref.WeakKeyDictionary[Session, Sale] = weakref.WeakKeyDictionary()


def sale_of(session: Session) -> Sale:
    """The one sale in hand of an open app."""
    return _sales.setdefault(session, Sale())


def use_sale() -> Sale:
    """The sale in hand; the component renders again when it changes."""
    return use_watched(sale_of(use_session()))


def parse_amount(text: str, currency: str) -> int | None:
    """A typed amount in minor units; None when it is none. Takes a point or a comma, and never guesses a thousand."""
    whole, mark, part = text.strip().replace(",", ".").partition(".")
    places = decimals(currency)
    if not (whole or part) or not (whole + part).isascii() or not (whole + part).isdigit():
        return None
    if len(part) > places or (mark and not places) or len(whole) > 12:
        return None
    amount = int(whole or "0") * 10**places + int(part.ljust(places, "0") or "0")
    return amount if 0 < amount <= MOST else None


def is_misread(keyed: str, typed: str) -> bool:
    """Whether what stands in the amount is the beginning of more digits than it has room for: a code that is none."""
    digits = len(keyed) - len(keyed.rstrip("0123456789"))
    return bool(typed) and "." not in typed and digits > _LONGEST_WHOLE


def unit_price(line: BasketLine) -> int:
    """The price of one, in minor units."""
    return minor(line.unit_price)


def press(text: str, key: str, currency: str) -> str:
    """What stands in the amount after a key of the pad: a digit, a point, or ``back``."""
    if key == "back":
        return text[:-1]
    places = decimals(currency)
    whole, mark, part = text.partition(".")
    if key == ".":
        return text if mark or not places else (whole or "0") + "."
    if len(part) >= places if mark else len(whole) >= _LONGEST_WHOLE:
        return text
    return key if text == "0" else text + key
