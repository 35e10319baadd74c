"""One receipt of a batch on its way, and what is answered about it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from api.ledger.repository import Claim
from api.problems import Refusal, problem_of
from api.purchases.documents import Document, money
from api.till.batch_members import AtTime, Scanned
from api.till.refusing import too_many_at_once
from api.till_kit import queued as offline
from api.till_kit.queued import CameOf
from contract.errors import ErrorCode
from contract.till import PurchaseRequest, QueuedReceipt
from contract.till_kit import OfflineMark


@dataclass(slots=True)
class Entry:
    """One sound receipt on its way, until it is refused, found posted, or posted."""

    request: PurchaseRequest
    claim: Claim
    scanned: Scanned
    mark: OfflineMark | None = None
    set_right: Scanned | None = None  # by the till's clock as it was found to be since
    who: AtTime | None = None
    refusal: Refusal | None = None
    posted: tuple[UUID, UUID] | None = None  # purchase, member
    row: asyncpg.Record | None = None  # of what was posted
    name: str = ""  # the member's
    replayed: bool = False
    twin: Entry | None = None  # the same call, earlier in this chunk

    @property
    def is_open(self) -> bool:
        """Whether its fate is not known yet."""
        return self.refusal is None and self.posted is None and self.twin is None

    @property
    def member_id(self) -> UUID:
        """Whose it is."""
        assert self.who is not None  # noqa: S101 - asked of open entries only, whose member is known
        return self.who.member_id


def is_used(who: AtTime | Refusal) -> bool:
    """Whether a code was good but accepted before."""
    return isinstance(who, Refusal) and who.code is ErrorCode.CODE_USED


def is_out_of_time(who: AtTime | Refusal) -> bool:
    """Whether nobody showed this at the time that the till named."""
    return isinstance(who, Refusal) and who.code in {
        ErrorCode.CODE_UNKNOWN,
        ErrorCode.CODE_OLD,
        ErrorCode.IDENTIFICATION_EXPIRED,
    }


def is_for_later(entry: Entry | Refusal) -> bool:
    """Whether nothing came of it yet: the till is to send it again."""
    refusal = entry if isinstance(entry, Refusal) else (entry.twin or entry).refusal
    return refusal is not None and refusal.status >= 500


def came_of(entry: Entry | Refusal) -> CameOf:
    """What the evidence says of a receipt."""
    if isinstance(entry, Entry) and entry.twin is not None:
        return came_of(entry.twin)
    if isinstance(entry, Entry) and entry.posted is not None and entry.row is not None:
        return CameOf(entry.posted[1], entry.posted[0], entry.row["earned"], entry.row["redeemed"])
    refusal = entry if isinstance(entry, Refusal) else entry.refusal or too_many_at_once()
    return CameOf(code=refusal.code)


def outcome(receipt: QueuedReceipt, entry: Entry | Refusal) -> Document:
    """The fields of `contract.till.BatchOutcome`."""
    if isinstance(entry, Refusal):
        return refused_document(receipt.key, entry)
    if entry.twin is not None:
        first = outcome(receipt, entry.twin)
        return {**first, "outcome": "replayed"} if first["receipt"] else first
    row = entry.row
    if entry.refusal is not None or row is None:
        return refused_document(receipt.key, entry.refusal or too_many_at_once())
    short = offline.shortfall(entry.request, row["redeemed"]) if entry.mark else 0
    return {
        "key": receipt.key,
        "outcome": "replayed" if entry.replayed else "posted",
        "receipt": _receipt(row, entry.name),
        "problem": None,
        "shortfall": money(short, row["unit"]) if short else None,
    }


def refused_document(key: str, refusal: Refusal) -> Document:
    """The outcome of a receipt that was not posted."""
    return {"key": key, "outcome": "refused", "receipt": None, "problem": problem_of(refusal), "shortfall": None}


def _receipt(row: asyncpg.Record, name: str) -> Document:
    """The fields of `contract.till.PostedReceipt`."""
    unit, total, redeemed = row["unit"], row["total"], row["redeemed"]
    return {
        "purchase_id": row["purchase_id"],
        "receipt_number": row["receipt_number"],
        "member_name": name,
        "total": money(total, unit),
        "earned": money(row["earned"], unit),
        "redeemed": money(redeemed, unit),
        "to_pay": money(total - redeemed - row["points_worth"], unit),
        "wallet": {
            "pending": money(row["pending_after"], unit),
            "available": money(row["available_after"], unit),
            "debt": money(row["debt_after"], unit),
            "version": row["posted_version"],
            "as_of": row["recorded_at"],
        },
    }
