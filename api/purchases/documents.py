"""Purchases in the form of `contract.wallet.Purchase`, straight from stored rows: nothing is validated twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json

from api.purchases.repository import PurchaseRow, RefundRow
from contract.money import POINTS

Document = dict[str, Any]
"""A message as plain values that serialise to the contract's JSON."""


def money(amount: int, currency: str) -> Document:
    """An amount of minor units in the contract's form."""
    return {"amount": amount, "currency": currency}


def purchase_document(row: PurchaseRow) -> Document:
    """One purchase with its lines, reasons and refunds: the fields of `contract.wallet.Purchase`."""
    unit, quote = row.unit, from_json(row.quote)
    refunds = [RefundRow(*refund) for refund in row.refunds or ()]
    returned: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for refund in refunds:
        for line in from_json(refund.lines):
            returned[line["line"]][0] += line["quantity"]
            returned[line["line"]][1] += line["clawed_back"]
    whole = bool(refunds) and sum(refund.amount for refund in refunds) >= row.total
    return {
        "purchase_id": str(row.purchase_id),
        "receipt_number": row.receipt_number,
        "store": {"store_id": row.store_id, "name": row.store_name},
        "channel": row.channel,
        "at": row.at,
        "total": money(row.total, unit),
        "redeemed": money(row.redeemed, unit),
        "earned": money(row.earned, unit),
        "clawed_back": money(row.taken + sum(refund.clawed_back for refund in refunds), unit),
        "state": "refunded" if whole else _state(row),
        "available_at": row.available_at,
        "expires_at": row.expires_at,
        "lines": lines_document(from_json(row.basket), quote, unit, returned, rejected=row.review == "rejected"),
        "refunds": [refund_document(refund, row) for refund in refunds],
        "hints": quote.get("hints", []),
        "version": row.version,
        "rules_version": quote.get("rules_version", 1),
        "review": row.review,
        **_points_of(row, refunds),
    }


def _state(row: PurchaseRow) -> str:
    if row.review == "rejected":
        return "rejected"
    return "pending" if row.pending else "available"


def lines_document(
    basket: Document,
    quote: Document,
    unit: str,
    returned: Mapping[int, Sequence[int]] | None = None,
    *,
    rejected: bool = False,
) -> list[Document]:
    """The lines of a stored basket with what its stored quote gave: the fields of `contract.wallet.PurchaseLine`.

    `returned` holds by line how many came back, and what of the line's cashback that took; a check that `rejected` the
    purchase took all of it.
    """
    earned = {line["line"]: line for line in quote.get("lines", ())}
    back: Mapping[int, Sequence[int]] = returned or {}
    documents = []
    for number, line in enumerate(basket["lines"]):
        gain = earned.get(number)
        quantity, discount = line.get("quantity", 1), _minor(line.get("discount", 0))
        price = _minor(line["unit_price"])
        refunded, clawed = back.get(number, (0, 0))
        earned_here = gain["earned"] if gain else money(0, unit)
        documents.append(
            {
                "line": number,
                "sku": line.get("sku", ""),
                "name": line["name"],
                "category": line.get("category", ""),
                "tags": line.get("tags", []),
                "quantity": quantity,
                "unit_price": money(price, unit),
                "discount": money(discount, unit),
                "amount": money(quantity * price - discount, unit),
                "earned": earned_here,
                **({"points": gain["points"]} if gain and gain.get("points") else {}),
                "refunded_quantity": refunded,
                "clawed_back": earned_here if rejected else money(clawed, unit),
                "why": gain["why"] if gain else [],
            }
        )
    return documents


def refund_document(refund: RefundRow, purchase: PurchaseRow) -> Document:
    """One refund: the fields of `contract.wallet.Refund`."""
    unit = purchase.unit
    return {
        "refund_id": str(refund.refund_id),
        "purchase_id": str(purchase.purchase_id),
        "at": refund.at,
        "amount": money(refund.amount, unit),
        "clawed_back": money(refund.clawed_back, unit),
        "from_pending": money(refund.from_pending, unit),
        "from_available": money(refund.from_available, unit),
        "to_debt": money(refund.to_debt, unit),
        "restored": money(refund.restored, unit),
        "lines": [{"line": line["line"], "quantity": line["quantity"]} for line in from_json(refund.lines)],
        **refunded_points(refund.points, refund.points_restored, from_json(refund.lines), unit),
    }


def refunded_points(taken: int, restored: int, lines: Sequence[Document], unit: str) -> Document:
    """What a refund moved in points, those of the fields of `contract.wallet.Refund` that are not 0."""
    worth = sum(line.get("points_worth", 0) for line in lines)
    return {
        **({"points_clawed_back": money(taken, POINTS)} if taken else {}),
        **({"points_restored": money(restored, POINTS), "points_worth": money(worth, unit)} if restored else {}),
    }


def points_document(points: int | None, spent: int, worth: int, unit: str) -> Document:
    """What a purchase earned and spent in points, where it did."""
    return {
        **({"points": money(points, POINTS)} if points else {}),
        **({"points_redeemed": money(spent, POINTS), "points_worth": money(worth, unit)} if spent else {}),
    }


def _points_of(row: PurchaseRow, refunds: Sequence[RefundRow]) -> Document:
    taken = row.points_taken + sum(refund.points for refund in refunds)
    clawed = {"points_clawed_back": money(taken, POINTS)} if taken else {}
    return {**points_document(row.points, row.points_spent, row.points_worth, row.unit), **clawed}


def _minor(amount: Document | int) -> int:
    return amount if isinstance(amount, int) else int(amount["amount"])
