"""The people who work at a store: who there is, what each may do, and the second person's word for what needs two."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract.base import Answer, Instant, Message, Slug, Told
from contract.money import Money, PositiveMinorUnits
from contract.wallet import Wallet

Role = Literal["cashier", "supervisor", "manager"]
ROLES: tuple[Role, ...] = ("cashier", "supervisor", "manager")

StaffNumber = Annotated[str, Field(pattern=r"^\d{1,8}$")]
Pin = Annotated[str, Field(pattern=r"^\d{4,8}$")]
PersonName = Annotated[str, Field(min_length=1, max_length=80)]


class Approval(Message):
    """A second person at the same store says yes: her number and PIN, on the call that needs it. Never stored."""

    staff_number: StaffNumber
    pin: Pin = Field(repr=False)


class SwitchRequest(Message):
    """Another member of staff takes the till over, or the same one unlocks it. The till stays as it is."""

    staff_number: StaffNumber
    pin: Pin = Field(repr=False)


class StaffMember(Answer):
    """One member of staff as a manager sees her."""

    staff_id: str
    store_id: str
    store_name: str
    staff_number: str
    name: str
    role: Told[Role]
    all_stores: bool = Field(description="A manager who looks after the staff of every store.")
    active: bool
    locked_until: Instant | None = Field(description="After too many wrong PINs.")
    last_seen_at: Instant | None
    linked: int = Field(description="Member accounts that she may not serve: her own, and those linked to her.")


class StaffList(Answer):
    """The staff whom this manager looks after, by store and number."""

    items: list[StaffMember]


class StaffAdd(Message):
    """Somebody new. She signs in with the store, her number and the PIN."""

    store_id: Slug
    staff_number: StaffNumber
    name: PersonName
    role: Role = "cashier"
    pin: Pin = Field(repr=False)
    all_stores: bool = False


class StaffChange(Message):
    """What changes; what is left out stays. A new role, a new PIN or the end of work ends her sessions at once."""

    name: PersonName | None = None
    role: Role | None = None
    pin: Pin | None = None
    active: bool | None = None
    all_stores: bool | None = None


class AccountLink(Message):
    """A member account that a member of staff may not serve, by its contact or its ten-digit number."""

    member: Annotated[str, Field(min_length=3, max_length=254)]


class CreditRequest(Message):
    """Give a member cashback by hand. Needs a supervisor, a reason, and a second supervisor's or manager's PIN."""

    identification: Annotated[str, Field(max_length=64)]
    amount: PositiveMinorUnits
    reason: Annotated[str, Field(min_length=5, max_length=200)]
    approval: Approval


class Credit(Answer):
    """What was given, and the wallet after it."""

    credit_id: str
    amount: Money
    member_name: str
    wallet: Wallet


class NewMember(Message):
    """Someone joins at the till: a name and a contact. The terms go to the contact; she accepts them at sign-in."""

    name: PersonName
    contact: Annotated[str, Field(min_length=3, max_length=254)]
    language: Annotated[str, Field(max_length=16)] = "en"
