"""Puts rows together to receipts, and says what is wrong with each row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Protocol

from pydantic import ValidationError

from api.imports.columns import COLUMNS
from api.imports.reader import Row
from contract.basket import MAX_LINES, Basket
from contract.imports import RefusedRow
from contract.money import MAX_AMOUNT

_MEMBER_NUMBER = re.compile(r"[0-9]{10}")
_WHOLE = re.compile(r"[0-9]{1,15}")
_TAGS = re.compile(r"[;|]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOST_PIECES = 100_000
_HEAD = slice(0, 5)
_PER_RECEIPT = ("member_number", "store", "channel", "at")
_FIELDS = {"store_id": "store"}
_CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt of the file: sound, or with its faults. `lines` are its rows' line numbers."""

    number: str
    store: str
    lines: tuple[int, ...]
    member_number: str = ""
    basket: Basket | None = None
    faults: tuple[RefusedRow, ...] = ()

    def refused(self, column: str, reason: str) -> Receipt:
        """The same receipt, refused for one reason that holds for all its rows."""
        return Receipt(self.number, self.store, self.lines, faults=everywhere(self.number, self.lines, column, reason))


class Seen(Protocol):
    """Remembers where in the file each receipt stood."""

    def first_line(self, store: str, number: str, line: int) -> int | None:
        """The line where this receipt stood before, or None: it is new, and now remembered."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What a receipt must agree with: the programme's stores, and the time of the import."""

    stores: frozenset[str]
    now: datetime


@dataclass(slots=True)
class _Faults:
    number: str
    found: list[RefusedRow] = field(default_factory=list)

    def add(self, line: int, column: str, reason: str) -> None:
        self.found.append(RefusedRow(line=line, receipt_number=self.number[:64], column=column, reason=reason))


def receipts(rows: Iterable[Row], terms: Terms, seen: Seen) -> Iterator[Receipt]:
    """One receipt for each run of rows that belong together."""
    for first, run in groupby(_with_first(rows), key=itemgetter(0)):
        kept = [row for _, row in islice(run, MAX_LINES)]
        beyond = next(run, None) is not None
        yield _receipt(first, kept, terms, seen, beyond=beyond)


def _with_first(rows: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Each row with the first row of its receipt."""
    first: Row | None = None
    for row in rows:
        if first is None or not _together(first, row):
            first = row
        yield first, row


def _together(first: Row, row: Row) -> bool:
    """Whether a row goes on with a receipt. One at fault rather does: half a receipt must never be posted."""
    if row.cells[_HEAD] == first.cells[_HEAD]:
        return bool(first.cells[0])
    same_visit = row["member_number"] == first["member_number"] and row["at"] == first["at"]
    if not row["receipt_number"]:
        return same_visit
    if row["receipt_number"] != first["receipt_number"]:
        return False
    return row["store"] == first["store"] or same_visit or bool(row.fault or first.fault)


def everywhere(number: str, lines: Iterable[int], column: str, reason: str) -> tuple[RefusedRow, ...]:
    """One reason for each of a receipt's rows."""
    return tuple(RefusedRow(line=line, receipt_number=number[:64], column=column, reason=reason) for line in lines)


def _receipt(first: Row, rows: list[Row], terms: Terms, seen: Seen, *, beyond: bool) -> Receipt:
    number, store, lines = first["receipt_number"], first["store"], tuple(row.line for row in rows)
    refused = Receipt(number, store, lines)
    before = seen.first_line(store, number, lines[0]) if number else None
    if before is not None:
        said = f"stood before on line {before}; the rows of one receipt must follow each other"
        return refused.refused("receipt_number", said)
    if beyond:
        return refused.refused("receipt_number", f"has more than {MAX_LINES} rows")
    faults = _Faults(number)
    basket = _basket(number, rows, terms, faults)
    if basket is None:
        return Receipt(number, store, lines, faults=_with_the_rest(number, lines, faults.found))
    return Receipt(number, store, lines, first["member_number"], basket)


def _with_the_rest(number: str, lines: tuple[int, ...], found: list[RefusedRow]) -> tuple[RefusedRow, ...]:
    """All rows of the receipt: those at fault, and those that go with them."""
    at_fault = sorted({fault.line for fault in found})
    named = ", ".join(map(str, at_fault[:3])) + (" and others" if len(at_fault) > 3 else "")
    rest = everywhere(
        number, (n for n in lines if n not in at_fault), "", f"refused with its receipt, for line {named}"
    )
    return tuple(sorted((*found, *rest), key=lambda fault: fault.line))


def _basket(number: str, rows: list[Row], terms: Terms, faults: _Faults) -> Basket | None:
    for row in rows:
        if row.fault:
            faults.add(row.line, "", row.fault)
    if faults.found:
        return None
    for row in rows:
        if not row.cells[0]:
            faults.add(row.line, "receipt_number", "is empty")
    _check_agreement(rows, faults)
    at = _check_head(rows[0], terms, faults)
    lines = [_line(row, faults) for row in rows]
    if faults.found or at is None:
        return None
    head = {"store_id": rows[0]["store"], "channel": rows[0]["channel"], "at": at, "receipt_number": number}
    if sum(line["quantity"] * line["unit_price"] for line in lines) > MAX_AMOUNT:
        faults.add(rows[0].line, "unit_price", "the receipt's total is too large")
        return None
    try:
        return Basket.model_validate({**head, "lines": lines})
    except ValidationError as error:
        _name_columns(error, rows, faults)
        return None


def _check_agreement(rows: list[Row], faults: _Faults) -> None:
    first = rows[0]
    for row in rows[1:]:
        if row.cells[_HEAD] == first.cells[_HEAD]:
            continue
        for name in _PER_RECEIPT:
            if row[name] != first[name]:
                faults.add(row.line, name, f"differs from line {first.line} of the same receipt")


def _check_head(row: Row, terms: Terms, faults: _Faults) -> datetime | None:
    if not _MEMBER_NUMBER.fullmatch(row["member_number"]):
        faults.add(row.line, "member_number", f"must have 10 digits; found {_shown(row['member_number'])}")
    if row["store"] not in terms.stores:
        known = ", ".join(sorted(terms.stores)[:10])
        said = f"is unknown: {_shown(row['store'])}; the programme's stores are {known}"
        faults.add(row.line, "store", said)
    if row["channel"] not in ("store", "web"):
        faults.add(row.line, "channel", f"must be store or web; found {_shown(row['channel'])}")
    return _moment(row.line, row["at"], terms.now, faults)


def _moment(line: int, text: str, now: datetime, faults: _Faults) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        faults.add(line, "at", f"must be ISO 8601 such as 2026-03-14T18:05:00-03:00; found {_shown(text)}")
        return None
    if at.tzinfo is None:
        faults.add(line, "at", f"lacks its time zone, such as -03:00 or Z; found {_shown(text)}")
        return None
    if not 1970 <= at.year < 9999:
        faults.add(line, "at", f"is before 1970 or after 9998; found {_shown(text)}")
        return None
    if at > now + _CLOCK_SKEW:
        faults.add(line, "at", f"is in the future; found {_shown(text)}")
    return at.astimezone(UTC)


def _line(row: Row, faults: _Faults) -> dict[str, Any]:
    _, _, _, _, _, sku, name, category, tags, _, _, discount = row.cells
    if not "".join(row.cells).isprintable():
        _name_control_characters(row, faults)
    return {
        "sku": sku,
        "name": name,
        "category": category,
        "tags": [tag for tag in map(str.strip, _TAGS.split(tags)) if tag] if tags else [],
        "quantity": _whole(row, "quantity", "a whole number of pieces, such as 2", faults, least=1, most=_MOST_PIECES),
        "unit_price": _whole(row, "unit_price", _MONEY, faults, least=1),
        "discount": _whole(row, "discount", _MONEY, faults) if discount else 0,
    }


def _name_control_characters(row: Row, faults: _Faults) -> None:
    for name, text in zip(COLUMNS, row.cells, strict=True):
        if _NOT_TEXT.search(text):
            faults.add(row.line, name, "holds a control character")


_MONEY = "a whole number of minor units, such as 1290 for 12.90"


def _whole(row: Row, name: str, what: str, faults: _Faults, *, least: int = 0, most: int = MAX_AMOUNT) -> int:
    text = row[name]
    if not _WHOLE.fullmatch(text):
        faults.add(row.line, name, f"must be {what}; found {_shown(text)}")
        return least
    number = int(text)
    if number < least:
        faults.add(row.line, name, f"must be {least} or more; found {text}")
    elif number > most:
        faults.add(row.line, name, f"must be {most} at most; found {text}")
    return number


def _name_columns(error: ValidationError, rows: list[Row], faults: _Faults) -> None:
    """Say pydantic's findings in the file's terms."""
    said: set[tuple[int, str]] = set()
    for found in error.errors(include_url=False, include_input=False):
        where = found["loc"]
        in_line = len(where) > 1 and where[0] == "lines" and isinstance(where[1], int)
        line = rows[int(where[1])].line if in_line else rows[0].line
        name = str(where[2]) if in_line and len(where) > 2 else "" if in_line or not where else str(where[0])
        said_of = found["msg"].removeprefix("Value error, ")
        column = _FIELDS.get(name, name) or next((c for c in COLUMNS if said_of.startswith(c)), "")
        if (line, column) not in said:
            said.add((line, column))
            faults.add(line, column, said_of)


def _shown(text: str) -> str:
    return repr(text[:40] + ("..." if len(text) > 40 else "")) if text else "nothing"
