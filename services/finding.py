"""Which receipts a cashier means by what she types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contract import member_code
from services.contacts import is_contact


@dataclass(frozen=True, slots=True)
class Wanted:
    """A receipt's number, or its member by a contact, a code or a name; and its day. Nothing is every receipt."""

    receipt_number: str | None = None
    member: str | None = None
    day: date | None = None


EVERY = Wanted()


def wanted(text: str, day: date | None = None) -> Wanted:
    """What was typed or scanned: a contact, a code or a word is a member; anything else with a digit is a number."""
    said = text.strip()
    if not said:
        return Wanted(day=day)
    digits = "".join(char for char in said if char.isdigit())
    bare = "".join(said.split()).replace("-", "").upper().removeprefix(member_code.PREFIX)
    is_code = bare == digits and len(digits) in {
        member_code.NUMBER_DIGITS,
        member_code.NUMBER_DIGITS + member_code.TOTP_DIGITS + 1,
    }
    if is_code or is_contact(said) or not digits:
        return Wanted(member=said, day=day)
    return Wanted(receipt_number=said, day=day)
