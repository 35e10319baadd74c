"""What a review is about, in words."""

from __future__ import annotations

from contract.money import Money
from contract.reviews import Review
from services.texts import Texts
from views.till.holds import kind_name

__all__ = ["kind_name", "sentence"]


def sentence(texts: Texts, review: Review, currency: str) -> str:
    """The evidence as one sentence."""
    found = review.evidence
    if review.kind == "own_account":
        return texts.n(
            "Tried {n} time to serve an account that is their own or linked to them. It was refused.",
            "Tried {n} times to serve an account that is their own or linked to them. It was refused.",
            _figure(found.get("count", 1)),
        )
    if review.kind == "receipt_on_two_members":
        return texts.t(
            "Receipt {number} was posted for {first}, and then tried for {second}. The second was refused.",
            number=found.get("receipt_number", ""),
            first=found.get("first_member", ""),
            second=review.member_name,
        )
    count, limit, hours = (_figure(found.get(name, 0)) for name in ("count", "limit", "hours"))
    span = texts.n("{n} hour", "{n} hours", hours) if hours < 48 else texts.n("{n} day", "{n} days", hours // 24)
    if found.get("unit") == "amount":
        return texts.t(
            "{amount} of cashback in {span}; your limit is {limit}.",
            amount=texts.money(Money(amount=count, currency=currency)),
            limit=texts.money(Money(amount=limit, currency=currency)),
            span=span,
        )
    if review.kind == "refund_loop":
        return texts.t("{count} refunds in {span}; your limit is {limit}.", count=count, limit=limit, span=span)
    return texts.t("{count} purchases in {span}; your limit is {limit}.", count=count, limit=limit, span=span)


def _figure(value: str | int) -> int:
    return value if isinstance(value, int) else 0
