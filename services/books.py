"""What is read on demand and kept for later: statements, months, terms, older purchases, files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from contract.basket import Channel
from contract.journal import check_chain
from contract.months import Months
from contract.statement import Balances, Movement, Statement
from contract.terms import Terms
from contract.wallet import PurchasePage, Wallet
from services.cache import CacheClosed
from services.clock import Clock
from services.gateway import Gateway
from services.periods import Period
from services.remembered import Cache

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

MOST_MOVEMENTS = 2_000
"""Movements of a statement that a device takes; more is for the files."""
_PAGE = 500
_STATEMENTS_KEPT = 12
_TERMS_KEPT = 200


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """Something with the moment when the API last said it."""

    value: T
    at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which purchases to look for; `store_id`, `channel` and `returned` narrow, `text` is words."""

    text: str = ""
    store_id: str | None = None
    channel: Channel | None = None
    returned: bool = False

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.text.strip() or self.store_id or self.channel or self.returned)


class LastVisit(BaseModel):
    """What there was when someone last looked: the wallet's version, and the offers."""

    version: int
    offers: list[str]


class Books:
    """The books of whoever is signed in. `fresh_*` raise Offline or Refused; `kept_*` give what this device has."""

    def __init__(self, gateway: Gateway, clock: Clock, cache: Callable[[], Cache | None]) -> None:
        self._gateway = gateway
        self._clock = clock
        self._cache = cache

    async def kept_statement(self, period: Period) -> Kept[Statement] | None:
        """The statement as last read."""
        return await self._kept(Statement, "statement", period.key)

    async def fresh_statement(self, period: Period) -> Kept[Statement]:
        """The statement now, whole; with a `next_cursor` where it is longer than a device takes."""
        page = await self._gateway.statement(period.since, period.until, None, _PAGE)
        items = list(page.items)
        while page.next_cursor is not None and len(items) < MOST_MOVEMENTS:
            page = await self._gateway.statement(period.since, period.until, page.next_cursor, _PAGE)
            items += page.items
        whole = page.model_copy(update={"items": items})
        return await self._keep(whole, "statement", period.key, _STATEMENTS_KEPT)

    async def statement_file(self, period: Period, kind: Literal["csv", "pdf"], language: str) -> bytes:
        """The statement as a file."""
        return await self._gateway.statement_file(period.since, period.until, kind, language)

    async def kept_months(self) -> Kept[Months] | None:
        """The months as last read."""
        return await self._kept(Months, "months", "")

    async def fresh_months(self) -> Kept[Months]:
        """The months now."""
        return await self._keep(await self._gateway.months(), "months", "", 1)

    async def kept_terms(self, terms_id: str) -> Kept[Terms] | None:
        """Terms that were read before; they never change."""
        return await self._kept(Terms, "terms", terms_id)

    async def fresh_terms(self, terms_id: str, programme: str) -> Kept[Terms]:
        """Terms from the API."""
        return await self._keep(await self._gateway.terms(terms_id, programme), "terms", terms_id, _TERMS_KEPT)

    async def find_purchases(self, wanted: Wanted, cursor: str | None = None) -> PurchasePage:
        """Purchases that the API finds, newest first."""
        return await self._gateway.find_purchases(wanted.text, wanted.store_id, wanted.channel, wanted.returned, cursor)

    async def last_visit(self) -> LastVisit | None:
        """What there was at the last visit; None at a first."""
        kept = await self._kept(LastVisit, "visit", "")
        return None if kept is None else kept.value

    async def keep_visit(self, visit: LastVisit) -> None:
        """Keep what there is now, for the next visit."""
        await self._keep(visit, "visit", "", 1)

    async def _kept(self, model: type[M], kind: str, key: str) -> Kept[M] | None:
        cache = self._cache()
        if cache is None:
            return None
        with suppress(CacheClosed, ValidationError):  # what this app cannot read any more is read anew
            found = await cache.aside(kind, key)
            if found is not None:
                return Kept(model.model_validate_json(found[0]), datetime.fromisoformat(found[1]))
        return None

    async def _keep(self, value: M, kind: str, key: str, most: int) -> Kept[M]:
        kept = Kept(value, self._clock.now())
        cache = self._cache()
        if cache is not None:
            with suppress(CacheClosed):  # signed out meanwhile
                await cache.keep_aside(kind, key, value.model_dump_json(), kept.at.isoformat(), most)
        return kept


Verdict = Literal["adds_up", "cut", "broken"]


def check(statement: Statement) -> Verdict:
    """Recompute a statement: what was before and every line make what is after, and no line was changed or lost."""
    if statement.next_cursor is not None:
        return "cut"
    sums = _sums(statement.opening)
    for item in statement.items:
        sums = tuple(had + change for had, change in zip(sums, _sums(item.effect), strict=True))
        if sums != _sums(item.balance):
            return "broken"
    if sums != _sums(statement.closing) or check_chain(statement.journal()) is not None:
        return "broken"
    return "adds_up"


def is_wallet(statement: Statement, wallet: Wallet) -> bool:
    """Whether the last line is the wallet."""
    return _sums(statement.closing) == (wallet.pending.amount, wallet.available.amount, wallet.debt.amount)


def change_of(item: Movement) -> int:
    """What a line is about: the available balance where that changed, else what is pending, else what is owed."""
    pending, available, debt = _sums(item.effect)
    return available or pending or -debt


def _sums(balances: Balances) -> tuple[int, ...]:
    return balances.pending.amount, balances.available.amount, balances.debt.amount
