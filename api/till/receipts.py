"""The answers to a posted purchase and a refund, read back from the ledger: a replay answers the very same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from api.purchases.documents import Document, lines_document, money, points_document, refunded_points
from api.till import repository
from api.till.repository import Connection
from contract.money import Money
from contract.quotes import Reason
from contract.wallet import Refund, RefundedLine, RefundReceipt, Wallet

_REASON = tuple(Reason.model_fields)


async def receipt(connection: Connection, member_id: UUID, purchase_id: UUID) -> Document:
    """The receipt of a purchase that was posted before: byte for byte what it was answered with then."""
    row = await repository.posted(connection, member_id, purchase_id)
    if row is None:
        raise LookupError(f"purchase {purchase_id} is claimed but not there")
    quote: Document = row["quote"]
    for line in quote["lines"]:  # jsonb keeps an order of its own
        line["why"] = [{name: reason[name] for name in _REASON if name in reason} for reason in line["why"]]
    return receipt_document(row, row["member_name"], row["basket"], quote)


def receipt_document(row: asyncpg.Record, member_name: str, basket: Document, quote: Document) -> Document:
    """The receipt of a purchase's row, with the wallet as it was after it: the fields of `contract.wallet.Receipt`."""
    unit, total, redeemed = row["unit"], row["total"], row["redeemed"]
    return {
        "purchase_id": str(row["purchase_id"]),
        "receipt_number": row["receipt_number"],
        "member_name": member_name,
        "total": money(total, unit),
        "earned": money(row["earned"], unit),
        "redeemed": money(redeemed, unit),
        "to_pay": money(total - redeemed - row["points_worth"], unit),
        **points_document(row["points"], row["points_spent"], row["points_worth"], unit),
        "wallet": {
            "pending": money(row["pending_after"], unit),
            "available": money(row["available_after"], unit),
            "debt": money(row["debt_after"], unit),
            "version": row["posted_version"],
            "as_of": row["recorded_at"],
        },
        "lines": lines_document(basket, quote, unit),
        "available_at": max((reward["available_at"] for reward in quote["rewards"]), default=None),
    }


async def refund_receipt(connection: Connection, member_id: UUID, refund_id: UUID, *, preview: bool) -> RefundReceipt:
    """The effect of a refund, with the wallet as it was after it."""
    row = await repository.refund_done(connection, member_id, refund_id)
    if row is None:
        raise LookupError(f"refund {refund_id} is claimed but not there")
    unit = row["unit"]
    refund = Refund(
        refund_id=str(refund_id),
        purchase_id=str(row["purchase_id"]),
        at=row["at"],
        amount=_money(row["amount"], unit),
        clawed_back=_money(row["clawed_back"], unit),
        from_pending=_money(row["from_pending"], unit),
        from_available=_money(row["from_available"], unit),
        to_debt=_money(row["to_debt"], unit),
        restored=_money(row["restored"], unit),
        lines=[RefundedLine(line=line["line"], quantity=line["quantity"]) for line in row["lines"]],
        **refunded_points(row["points"], row["points_restored"], row["lines"], unit),
    )
    return RefundReceipt(refund=refund, wallet=_wallet_after(row, row["version"], row["at"]), preview=preview)


def _wallet_after(row: asyncpg.Record, version: int, as_of: Any) -> Wallet:
    unit = row["unit"]
    return Wallet(
        pending=_money(row["pending_after"], unit),
        available=_money(row["available_after"], unit),
        debt=_money(row["debt_after"], unit),
        version=version,
        as_of=as_of,
    )


def _money(amount: int, unit: str) -> Money:
    return Money(amount=amount, currency=unit)
