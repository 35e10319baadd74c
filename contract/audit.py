"""The audit trail: what staff did, who, when, where, and the evidence."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from contract.base import Answer, Instant

ACTIONS = (
    "sign_in",
    "sign_out",
    "switch",
    "identify",
    "new_member",
    "purchase",
    "refund",
    "credit",
    "settings",
    "rules",
    "review",
    "review_opened",
    "staff_added",
    "staff_changed",
    "account_linked",
    "account_unlinked",
    "catalogue",
    "shift_opened",
    "shift_closed",
    "receipt_sent",
    "receipt_printed",
)


class AuditEntry(Answer):
    """One act. `subject` is the id of what it was done to."""

    entry_id: str
    at: Instant
    action: str
    store_id: str | None
    store_name: str = ""
    staff_id: str | None
    staff_name: str
    member_name: str
    subject: str
    evidence: dict[str, Any] = Field(description="Figures of the act; never a PIN, a code or a token.")


class AuditPage(Answer):
    """Acts, newest first."""

    items: list[AuditEntry]
    next_cursor: str | None
