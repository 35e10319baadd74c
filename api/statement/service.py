"""The statement of a wallet, a page at a time or whole as CSV, and its balance at a past instant."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.core.security import MemberSession, session_ended
from api.database.pool import Connection, Database
from api.problems import Refusal, invalid
from api.purchases.documents import Document, money
from api.statement import repository
from api.statement.paper import Heading, pdf_of
from api.statement.repository import After, MovementRow
from api.statement.words import language_of
from contract.errors import ErrorCode
from contract.journal import effect_of
from contract.statement import Balances, PastBalance, balance_at

MAX_PAGE = 500
_CSV_PAGE = 2_000
MOST_ON_PAPER = 1_500
"""Movements in one PDF: some 35 pages, a second's work."""
_CURSOR = re.compile(r"v(\d{1,18})")
_IDENTITY = ("member_id", "unit", "version", "kind", "from_account", "to_account", "amount")
_SUMS = ("pending_effect", "available_effect", "debt_effect", "pending", "available", "debt")
_ORIGIN = ("lot_id", "purchase_id", "refund_id", "event_at", "recorded_at", "previous_hash", "hash")
COLUMNS = (*_IDENTITY, *_SUMS, *_ORIGIN)


@dataclass(frozen=True, slots=True)
class Range:
    """Of whom, in which unit, and recorded when: from the one to before the other; open where None."""

    member: MemberSession
    unit: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    """A range as places in the journal."""

    unit: str
    opening: After
    closing: After


async def statement(connection: Connection, asked: Range, cursor: str | None, limit: int) -> Document:
    """One page: the fields of `contract.statement.Statement`. The journal only grows, so pages fit together."""
    span = await _span(connection, asked)
    before = await _place(connection, asked, span, cursor)
    member_id = asked.member.member_id
    rows = await repository.movements(connection, member_id, span.unit, before.version, span.closing.version, limit + 1)
    items = []
    for row in rows[:limit]:
        items.append(_movement(row, before, span.unit))
        before = _after(row)
    return {
        "member_id": str(member_id),
        "unit": span.unit,
        "opening": _balances(span.opening[1:4], span.unit),
        "closing": _balances(span.closing[1:4], span.unit),
        "items": items,
        "next_cursor": f"v{before.version}" if len(rows) > limit else None,
    }


async def csv_pages(database: Database, asked: Range, cursor: str | None) -> AsyncIterator[str]:
    """The whole range as CSV, its header first; each page read by itself, so that no connection waits for a reader."""
    async with database.connection() as connection:
        span = await _span(connection, asked)
        before = await _place(connection, asked, span, cursor)
    member_id, opening = asked.member.member_id, before

    async def pages() -> AsyncIterator[str]:
        yield _csv([COLUMNS])
        before = opening
        while True:
            async with database.connection() as connection:
                rows = await repository.movements(
                    connection, member_id, span.unit, before.version, span.closing.version, _CSV_PAGE
                )
            if not rows:
                return
            lines = []
            for row in rows:
                lines.append(_csv_row(row, before, span.unit, str(member_id)))
                before = _after(row)
            yield _csv(lines)

    return pages()


async def pdf(database: Database, asked: Range, language: str | None, now: datetime) -> bytes:
    """The whole range as a PDF, in the member's language or the one asked for. Refuses with 413 what is too long."""
    async with database.connection() as connection:
        span = await _span(connection, asked)
        member_id, most = asked.member.member_id, MOST_ON_PAPER + 1
        holder = await repository.holder(connection, member_id)
        rows = await repository.movements(
            connection, member_id, span.unit, span.opening.version, span.closing.version, most
        )
    if holder is None:
        raise session_ended()
    if len(rows) > MOST_ON_PAPER:
        raise Refusal(413, ErrorCode.TOO_LARGE, "This is too long for one PDF. Choose a shorter time, or take the CSV.")
    heading = Heading(
        programme=holder.programme,
        name=holder.name,
        number=holder.number,
        unit=span.unit,
        timezone=holder.timezone,
        language=language_of(language or holder.language),
        since=asked.since,
        until=asked.until,
        made=now,
    )
    return await asyncio.to_thread(pdf_of, heading, span.opening, rows, span.closing)


async def past_balance(
    connection: Connection, asked: Range, at: datetime | None, as_known_at: datetime | None
) -> PastBalance:
    """What the wallet held at an instant, as `PastBalance` says."""
    unit = asked.unit or await repository.unit_of(connection, asked.member.programme_id)
    member_id = asked.member.member_id
    known = await repository.last_before(connection, member_id, unit, as_known_at, inclusive=True)
    version, sums = known.version, known[1:4]
    if at is not None:
        version, sums = balance_at(await repository.steps(connection, member_id, unit, known.version), at)
    return PastBalance(
        at=at, as_known_at=as_known_at, balance=Balances.model_validate(_balances(sums, unit)), version=version
    )


async def _span(connection: Connection, asked: Range) -> _Span:
    if asked.since is not None and asked.until is not None and asked.until < asked.since:
        raise invalid("to", "must not be before from")
    unit = asked.unit or await repository.unit_of(connection, asked.member.programme_id)
    member_id = asked.member.member_id
    closing = await repository.last_before(connection, member_id, unit, asked.until)
    if asked.since is None:
        return _Span(unit, After(), closing)
    opening = await repository.last_before(connection, member_id, unit, asked.since)
    return _Span(unit, opening, max(opening, closing))


async def _place(connection: Connection, asked: Range, span: _Span, cursor: str | None) -> After:
    if cursor is None:
        return span.opening
    found = _CURSOR.fullmatch(cursor)
    place = found and await repository.at_version(connection, asked.member.member_id, span.unit, int(found[1]))
    if not place:
        raise invalid("cursor", "is none that we gave out")
    return max(place, span.opening)


def _after(row: MovementRow) -> After:
    return After(row.version, row.pending_after, row.available_after, row.debt_after, row.hash)


def _movement(row: MovementRow, before: After, unit: str) -> Document:
    return {
        "version": row.version,
        "kind": row.kind,
        "from_account": row.from_account,
        "to_account": row.to_account,
        "amount": money(row.amount, unit),
        "effect": _balances(effect_of(row.from_account, row.to_account, row.amount), unit),
        "balance": _balances((row.pending_after, row.available_after, row.debt_after), unit),
        "lot_id": row.lot_id,
        "purchase_id": row.purchase_id,
        "refund_id": row.refund_id,
        "event_at": row.event_at,
        "recorded_at": row.recorded_at,
        "previous_hash": before.hash.hex(),
        "hash": row.hash.hex(),
        "store": row.store,
    }


def _balances(sums: Sequence[int], unit: str) -> Document:
    pending, available, debt = sums
    return {"pending": money(pending, unit), "available": money(available, unit), "debt": money(debt, unit)}


def _csv_row(row: MovementRow, before: After, unit: str, member_id: str) -> list[object]:
    effect = effect_of(row.from_account, row.to_account, row.amount)
    balance = (row.pending_after, row.available_after, row.debt_after)
    ids = [row.lot_id or "", row.purchase_id or "", row.refund_id or ""]
    times = [row.event_at.isoformat(), row.recorded_at.isoformat()]
    moved = [row.version, row.kind, row.from_account, row.to_account, row.amount]
    return [member_id, unit, *moved, *effect, *balance, *ids, *times, before.hash.hex(), row.hash.hex()]


def _csv(lines: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return out.getvalue()
