"""Which of a store's receipts a cashier means: by number, by the member, by the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from api.campaigns import service as campaigns
from api.core.security import StaffSession
from api.database.pool import Connection
from api.problems import Refusal
from api.sign_in import members
from api.sign_in.contacts import normalised
from api.till import repository
from api.till.repository import Narrowed
from contract import member_code

NAMED_WITHIN = timedelta(days=60)
"""How far back a name is looked for; a contact and a number find all."""
LATEST = timedelta(days=8)
"""A queued receipt comes within a week, or not at all."""
_EARLY = timedelta(minutes=15)
"""How far ahead the clock of a till may be."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a cashier says of a receipt. Each part narrows; none is all of the store's."""

    receipt_number: str | None = None
    member: str | None = None
    day: date | None = None


async def narrowed(connection: Connection, staff: StaffSession, wanted: Wanted, now: datetime) -> Narrowed | None:
    """What to look for; None where nobody is meant."""
    member_id, name = None, None
    said = (wanted.member or "").strip()
    if said:
        member_id = await _member(connection, staff, said)
        if member_id is None:
            if any(char.isdigit() or char == "@" for char in said):
                return None
            name = said
    at = recorded = None
    if wanted.day is not None:
        zone = ZoneInfo((await campaigns.programme(connection, staff.programme_id)).timezone)
        first = datetime.combine(wanted.day, time(), zone)
        at = first, datetime.combine(wanted.day + timedelta(days=1), time(), zone)
        recorded = at[0] - _EARLY, at[1] + LATEST
    elif name is not None:
        recorded = now - NAMED_WITHIN, now + _EARLY
    return Narrowed(wanted.receipt_number, member_id, name, at, recorded)


async def _member(connection: Connection, staff: StaffSession, said: str) -> UUID | None:
    """Whose the code, the number or the contact is; a code is not used up by it."""
    digits = "".join(char for char in said if char.isdigit())
    try:
        number = member_code.parse(said).member_number
    except member_code.MalformedCode:
        number = digits if len(digits) == member_code.NUMBER_DIGITS and said[:1] != "+" and "@" not in said else ""
    if number:
        found = await repository.member_of_number(connection, number)
        return found[0] if found is not None and found[1] == staff.programme_id else None
    try:
        return await members.member_of_contact(connection, staff.programme_id, normalised(said))
    except Refusal:
        return None
