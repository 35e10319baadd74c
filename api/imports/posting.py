"""Posts a chunk of receipts in one transaction: quoted by the same rules, written by the same ledger as a till's."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg

from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme
from api.campaigns.waves import standings, waves
from api.core.ahead import one_ahead
from api.core.ids import round_id
from api.database.pool import Connection
from api.imports import repository
from api.imports.baskets import Receipt
from api.imports.repository import KnownMember
from api.ledger.repository import PurchasePosting, post_purchases
from api.till.basket import stored
from contract.basket import Basket
from contract.facts import MemberFacts
from contract.rules import WrittenQuote, written_quote

_PART = 50
"""Receipts quoted while those before them are written."""
_COMPARED = ("sku", "name", "category", "tags", "quantity", "unit_price", "discount")


@dataclass(slots=True)
class Chunk:
    """What came of one chunk, once its transaction is committed."""

    posted: int = 0
    already_there: int = 0
    members_created: int = 0
    cashback_issued: int = 0
    refused: list[Receipt] = field(default_factory=list)
    members: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _New:
    """A sound receipt that is not there yet, and whose it is."""

    receipt: Receipt
    basket: Basket
    member_id: UUID


class Poster:
    """Posts chunks for one programme. `now` is the import's own time."""

    def __init__(self, programme_id: UUID, now: datetime) -> None:
        self._programme_id = programme_id
        self._now = now

    async def post(self, connection: Connection, receipts: Sequence[Receipt]) -> Chunk:
        """Post what is new of the receipts, inside the caller's transaction.

        Raises LedgerRefusal, StaleQuote or UniqueViolationError when another process came between: do it again.
        """
        chunk = Chunk(refused=[each for each in receipts if each.basket is None])
        await repository.one_import_at_a_time(connection, self._programme_id)
        programme = await campaigns.programme(connection, self._programme_id)
        sound = [each for each in receipts if each.basket is not None]
        fresh = await self._without_posted(connection, sound, chunk)
        new = await self._with_members(connection, programme, fresh, chunk)
        budgets = await self._budgets(connection, programme)
        for wave in waves(new, _member_of, strictly=bool(budgets)):
            await self._post_wave(connection, wave, budgets, chunk)
        return chunk

    async def _without_posted(self, connection: Connection, receipts: Sequence[Receipt], chunk: Chunk) -> list[Receipt]:
        before = await repository.posted(connection, self._programme_id, [(r.store, r.number) for r in receipts])
        fresh = []
        for receipt in receipts:
            row = before.get((receipt.store, receipt.number))
            if row is None:
                fresh.append(receipt)
            elif column := _difference(receipt, row):
                said = "the receipt was posted before with other content here; what is posted is never changed"
                chunk.refused.append(receipt.refused(column, said))
            else:
                chunk.already_there += 1
        return fresh

    async def _with_members(
        self, connection: Connection, programme: LoadedProgramme, receipts: Sequence[Receipt], chunk: Chunk
    ) -> list[_New]:
        unit = programme.currency
        known = await repository.members(connection, sorted({r.member_number for r in receipts}), unit)
        joined: dict[str, datetime] = {}
        for receipt in receipts:
            if receipt.member_number not in known and receipt.basket is not None:
                joined.setdefault(receipt.member_number, receipt.basket.at)
        if joined:
            known |= await repository.add_members(connection, self._programme_id, joined, self._now)
            chunk.members_created = len(joined)
        without = [m.member_id for m in known.values() if not m.has_wallet and m.programme_id == self._programme_id]
        if without:
            await repository.open_wallets(connection, self._programme_id, without, unit, self._now)
        return [new for receipt in receipts if (new := self._allowed(receipt, known, chunk)) is not None]

    def _allowed(self, receipt: Receipt, known: dict[str, KnownMember], chunk: Chunk) -> _New | None:
        member = known[receipt.member_number]
        reason = ""
        if member.programme_id != self._programme_id:
            reason = f"{receipt.member_number} is a member of another programme"
        elif member.closed:
            reason = f"{receipt.member_number} has left the programme"
        if reason or receipt.basket is None:
            chunk.refused.append(receipt.refused("member_number", reason))
            return None
        return _New(receipt, receipt.basket, member.member_id)

    async def _budgets(self, connection: Connection, programme: LoadedProgramme) -> dict[str, int]:
        return await campaigns.budgets(connection, programme, self._now, fresh=True)

    async def _post_wave(
        self, connection: Connection, wave: Sequence[_New], budgets: dict[str, int], chunk: Chunk
    ) -> None:
        programme, facts = await self._facts(connection, wave)
        parts = [wave[i : i + _PART] for i in range(0, len(wave), _PART)]
        quoted = one_ahead(lambda part: self._quoted(part, programme, facts, budgets), parts)
        async with aclosing(quoted):
            async for postings in quoted:
                await post_purchases(connection, postings, self._now)
                for posting in postings:
                    chunk.posted += 1
                    chunk.cashback_issued += cast(WrittenQuote, posting.quote).earned
                    chunk.members.add(posting.member_id)

    async def _facts(
        self, connection: Connection, wave: Sequence[_New]
    ) -> tuple[LoadedProgramme, dict[UUID, MemberFacts]]:
        moments = {new.member_id: new.basket.at for new in wave}
        programme, found = await standings(connection, self._programme_id, moments)
        return programme, {member_id: standing.facts for member_id, standing in found.items()}

    def _quoted(
        self,
        wave: Sequence[_New],
        programme: LoadedProgramme,
        facts: dict[UUID, MemberFacts],
        budgets: dict[str, int],
    ) -> list[PurchasePosting]:
        postings = []
        for new in wave:
            basket = new.basket
            quoted = written_quote(
                basket, facts[new.member_id], programme.campaigns, basket.at, programme.rules_at(basket.at), budgets
            )
            programme.spend(budgets, quoted.given)
            postings.append(self._posting(new, programme, quoted))
        return postings

    def _posting(self, new: _New, programme: LoadedProgramme, quoted: WrittenQuote) -> PurchasePosting:
        basket = new.basket
        return PurchasePosting(
            claim=None,  # the receipt's own number is what makes it happen once
            member_id=new.member_id,
            purchase_id=round_id(self._now),
            programme_id=self._programme_id,
            store_id=basket.store_id,
            channel=basket.channel,
            receipt_number=basket.receipt_number,
            at=basket.at,
            source="import",
            unit=programme.currency,
            total=basket.total,
            redeem=0,
            basket=stored(basket),
            quote=quoted,
            budgeted=programme.budgeted,
        )


def _member_of(new: _New) -> UUID:
    return new.member_id


def _difference(receipt: Receipt, row: asyncpg.Record) -> str:
    """The first column in which a receipt differs from what was posted under its number; empty when in none."""
    basket = receipt.basket
    if basket is None or row["member_number"] != receipt.member_number:
        return "member_number"
    if row["channel"] != basket.channel:
        return "channel"
    if row["at"] != basket.at:
        return "at"
    mine, theirs = stored(basket)["lines"], row["basket"]["lines"]
    if len(mine) != len(theirs):
        return "sku"
    pairs = list(zip(mine, theirs, strict=True))
    return next((name for name in _COMPARED if any(a[name] != b[name] for a, b in pairs)), "")
