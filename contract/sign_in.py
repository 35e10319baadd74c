"""Signing in: one-time codes for members, PINs for staff, and the tokens that come of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract.base import Answer, Message, Slug, Told
from contract.members import CodeSecret, Profile
from contract.privacy import Choice
from contract.till_kit import TillKey

Contact = Annotated[
    str, Field(min_length=3, max_length=254, description="An e-mail address, or a phone number with its country code.")
]


class CodeRequest(Message):
    """Ask for a one-time code. Always answered with 202, whether the contact is known or not."""

    contact: Contact
    programme: Slug | None = Field(
        default=None, description="The programme's slug; may be left out where there is only one."
    )
    language: Annotated[str, Field(max_length=16)] = "en"


class Joining(Message):
    """What somebody says who joins: the terms that were read and accepted, a name, and what may be sent."""

    terms_version: Annotated[int, Field(ge=1)]
    name: Annotated[str, Field(max_length=80)] = ""
    choices: Annotated[list[Choice], Field(max_length=9)] = Field(default_factory=list)
    use_history: bool = True


class ProgrammeTerms(Answer):
    """The terms that are in force. `GET /v1/sign-in/terms`."""

    version: int
    programme_name: str
    language: str
    text: str
    changes: list[str] = Field(
        default_factory=list, description="With `since`: what each version after that one changed, in plain words."
    )


class CodeSignIn(Message):
    """Sign in as a member with the one-time code that was sent."""

    method: Literal["code"] = "code"
    contact: Contact
    code: Annotated[str, Field(pattern=r"^\d{6}$")]
    programme: Slug | None = None
    device_name: Annotated[str, Field(max_length=80)] = ""
    language: Annotated[str, Field(max_length=16, description="Of this device; a new member begins with it.")] = "en"
    joining: Joining | None = Field(default=None, description="Needed once, by whom nobody knows yet.")


class PinSignIn(Message):
    """Sign in as staff of one store."""

    method: Literal["pin"] = "pin"
    store_id: Slug
    staff_number: Annotated[str, Field(pattern=r"^\d{1,8}$")]
    pin: Annotated[str, Field(pattern=r"^\d{4,8}$")]
    programme: Slug | None = None
    device_name: Annotated[str, Field(max_length=80)] = ""


SignIn = Annotated[CodeSignIn | PinSignIn, Field(discriminator="method")]


class RefreshRequest(Message):
    """Swap a refresh token for a new pair. The old one stops working, but for a lost answer's retry."""

    refresh_token: Annotated[str, Field(min_length=16, max_length=512)]


class Staff(Answer):
    """The signed-in member of staff."""

    staff_id: str
    name: str
    role: Told[Literal["cashier", "supervisor", "manager"]]
    store_id: str
    store_name: str
    currency: str
    timezone: str
    programme_name: str
    staff_number: str = ""
    lock_after_minutes: int = Field(default=0, description="An idle till locks after so long; 0: never.")


class Session(Answer):
    """Tokens, and who they are for. `member` with `code_secret`, or `staff` with `till_key`."""

    access_token: str
    refresh_token: str
    expires_in: int = Field(description="Seconds that the access token lives.")
    kind: Literal["member", "staff"]
    member: Profile | None = None
    code_secret: CodeSecret | None = None
    staff: Staff | None = None
    till_key: TillKey | None = None


class DemoPersona(Answer):
    """Someone whom a newcomer may be, in demo mode."""

    persona: str
    name: str
    kind: Told[Literal["member", "staff"]]
    hint: str


class DemoPersonas(Answer):
    """`GET /v1/demo/personas`, in demo mode only."""

    items: list[DemoPersona]


class DemoSignIn(Message):
    """`POST /v1/demo/sign-in`, in demo mode only."""

    persona: Slug
    device_name: Annotated[str, Field(max_length=80)] = ""
