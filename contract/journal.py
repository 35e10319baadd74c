"""The journal of one wallet as a chain: each movement's hash holds the one before it and all that the movement says.

A reader who keeps an exported statement can check it here, or with a few lines of any language: the hash of a movement
is the SHA-256 of the hash before it (nothing, for the first) followed by the UTF-8 text of `said`.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One movement as the journal keeps it; amounts in minor units, ids as text, empty where there is none."""

    member_id: str
    unit: str
    version: int
    kind: str
    from_account: str
    to_account: str
    amount: int
    lot_id: str
    purchase_id: str
    refund_id: str
    event_at: datetime
    recorded_at: datetime
    pending: int
    available: int
    debt: int
    previous_hash: str
    hash: str


def said(row: JournalRow) -> bytes:
    """What a movement's hash is made of, beside the hash before it. The same as `ledger.said` in the database."""
    fields = (
        row.member_id,
        row.unit,
        row.version,
        row.kind,
        row.from_account,
        row.to_account,
        row.amount,
        row.lot_id,
        row.purchase_id,
        row.refund_id,
        _microseconds(row.event_at),
        _microseconds(row.recorded_at),
        row.pending,
        row.available,
        row.debt,
    )
    return "|".join(map(str, fields)).encode()


def hash_of(row: JournalRow) -> str:
    """The hash that a movement must have, in hexadecimal digits."""
    return hashlib.sha256(bytes.fromhex(row.previous_hash) + said(row)).hexdigest()


def check_chain(rows: Iterable[JournalRow]) -> JournalRow | None:
    """The first row that breaks the chain, or None: every row is as it was written, and none is missing between two.

    The rows are one wallet's, in the order of their versions; they may begin anywhere. Beside the hashes, each balance
    must follow from the one before it by the amount that moved.
    """
    before: JournalRow | None = None
    for row in rows:
        try:
            whole = row.hash == hash_of(row)
        except ValueError:  # a hash that is no hexadecimal number
            return row
        if not whole or not _follows(row, before):
            return row
        before = row
    return None


def _follows(row: JournalRow, before: JournalRow | None) -> bool:
    if before is None:
        return bool(row.previous_hash) or _effect(row) == (row.pending, row.available, row.debt)
    moved = tuple(map(sum, zip((before.pending, before.available, before.debt), _effect(row), strict=True)))
    return (
        row.previous_hash == before.hash
        and row.version > before.version
        and (row.member_id, row.unit) == (before.member_id, before.unit)
        and moved == (row.pending, row.available, row.debt)
    )


def _effect(row: JournalRow) -> tuple[int, int, int]:
    return effect_of(row.from_account, row.to_account, row.amount)


def effect_of(from_account: str, to_account: str, amount: int) -> tuple[int, int, int]:
    """What a movement adds to a wallet's (pending, available, debt), in minor units; a draw on debt is owed."""

    def on(account: str) -> int:
        return amount * ((to_account == account) - (from_account == account))

    return on("pending"), on("available"), -on("debt")


def rows_of_csv(text: str) -> list[JournalRow]:
    """The rows of a statement as `GET /v1/me/statement` exports it. Raises KeyError or ValueError where it is none."""
    return [_row_of(record) for record in csv.DictReader(io.StringIO(text))]


def _row_of(record: Mapping[str, str]) -> JournalRow:
    return JournalRow(
        member_id=record["member_id"],
        unit=record["unit"],
        version=int(record["version"]),
        kind=record["kind"],
        from_account=record["from_account"],
        to_account=record["to_account"],
        amount=int(record["amount"]),
        lot_id=record["lot_id"],
        purchase_id=record["purchase_id"],
        refund_id=record["refund_id"],
        event_at=datetime.fromisoformat(record["event_at"]),
        recorded_at=datetime.fromisoformat(record["recorded_at"]),
        pending=int(record["pending"]),
        available=int(record["available"]),
        debt=int(record["debt"]),
        previous_hash=record["previous_hash"],
        hash=record["hash"],
    )


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
