"""What a member may change of herself, her devices, and leaving."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from contract.base import Answer, Instant, Message
from contract.money import Money

OLDEST_AGE, YOUNGEST_AGE = 120, 13


class ProfileChange(Message):
    """`PATCH /v1/me`: what is left out stays. A birthday may be set once; after that only staff may mend it."""

    name: Annotated[str | None, Field(min_length=1, max_length=80)] = None
    birthday: date | None = None
    language: Annotated[str | None, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z]{2})?$")] = None


class TermsAcceptance(Message):
    """`PUT /v1/me/terms`: the terms in force were read and accepted. Twice is once."""

    version: Annotated[int, Field(ge=1)]


class Device(Answer):
    """One device that is signed in."""

    device_id: str
    name: str
    signed_in_at: Instant
    last_seen_at: Instant = Field(description="To within the life of an access token.")
    this: bool


class Devices(Answer):
    """`GET /v1/me/devices`: the one that asks first, then the newest."""

    items: list[Device]


class LeaveRequest(Message):
    """`DELETE /v1/me`: the one-time code shows that it is the member herself who asks."""

    code: Annotated[str, Field(pattern=r"^\d{6}$")]


class Leaving(Answer):
    """What leaving would cost, or, with `erased_at`, when it happens. `GET /v1/me/leaving`."""

    available: Money
    pending: Money
    debt: Money
    days: int = Field(description="Days to think it over.")
    asked_at: Instant | None
    erased_at: Instant | None
