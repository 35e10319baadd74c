"""Claims in the contract's form."""

from __future__ import annotations

from typing import Any

from contract.claims import Claim, ProgrammeClaim
from contract.money import Money


def claim(row: Any) -> Claim:
    """One claim as its member sees it."""
    return Claim.model_validate(_fields(row))


def programme_claim(row: Any) -> ProgrammeClaim:
    """One claim as the manager sees it."""
    posted = (
        "no" if row["posted_to"] is None else "this_member" if row["posted_to"] == row["member_id"] else "other_member"
    )
    more = {"member_id": str(row["member_id"]), "posted": posted}
    more |= {name: row[name] for name in ("member_name", "purchases", "claims")}
    return ProgrammeClaim.model_validate(_fields(row) | more)


def _fields(row: Any) -> dict[str, Any]:
    currency = row["currency"]
    about = row["posted_id"] or row["purchase_id"]
    same = [
        "kind",
        "store_id",
        "store_name",
        "receipt_number",
        "day",
        "note",
        "asked_at",
        "due_at",
        "state",
        "reason",
        "words",
        "decided_at",
    ]
    return {
        **{name: row[name] for name in same},
        "claim_id": str(row["claim_id"]),
        "purchase_id": None if about is None else str(about),
        "total": Money(amount=row["total"], currency=currency),
        "given": None if row["given"] is None else Money(amount=row["given"], currency=currency),
    }
