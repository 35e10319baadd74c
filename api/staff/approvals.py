"""The word of a second person: her number and PIN, on the call that needs it."""

from __future__ import annotations

from datetime import datetime

from api.core.security import StaffSession
from api.database.pool import Database
from api.problems import Refusal
from api.sign_in import pins
from api.sign_in.pins import SignedInStaff
from contract.errors import ErrorCode
from contract.staff import Approval


async def approved(database: Database, staff: StaffSession, approval: Approval, now: datetime) -> SignedInStaff:
    """Who approves: another person of this store, a supervisor or manager. Raises Refusal otherwise.

    A wrong PIN counts as a try of hers, and locks her number after too many.
    """
    try:
        who = await pins.check(database, staff.programme_id, staff.store_id, approval.staff_number, approval.pin, now)
    except Refusal as error:
        if error.code is ErrorCode.PIN_LOCKED:
            raise
        raise _wrong() from error
    if who.staff_id == staff.staff_id or who.role == "cashier":
        raise _wrong()
    return who


def needed(detail: str, **params: str | int) -> Refusal:
    """403 that asks for a second person."""
    return Refusal(403, ErrorCode.APPROVAL_NEEDED, detail, params=params)


def _wrong() -> Refusal:
    return Refusal(
        403,
        ErrorCode.APPROVAL_WRONG,
        "That number and PIN cannot approve this: it must be another person, a supervisor or manager of this store.",
    )
