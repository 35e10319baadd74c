"""What a member allows, channel by channel, and the copy of all that is stored of her."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contract.base import Answer, Instant, Message, Told

Channel = Literal["email", "sms", "push"]
Purpose = Literal["expiry", "news", "personal", "feedback"]
CHANNELS: tuple[Channel, ...] = ("email", "sms", "push")
PURPOSES: tuple[Purpose, ...] = ("expiry", "news", "personal", "feedback")

WORDING_VERSION = 2
_FIRST = {
    "news": "News and offers for everyone",
    "personal": "Offers picked for you from what you bought",
    "feedback": "Questions about a purchase, and the answers to your claims",
    "history": "Use my purchases to pick offers for me",
}
_SECOND = {**_FIRST, "expiry": "What is about to expire, a week or two ahead"}
WORDINGS: dict[int, dict[str, str]] = {1: _FIRST, 2: _SECOND}
"""What was read when somebody said yes or no: a sentence that changes gets a new version, and the old one stays."""


class Choice(Message):
    """A yes or a no, for one channel and one purpose."""

    channel: Channel
    purpose: Purpose
    granted: bool


class ConsentsChange(Message):
    """`PUT /v1/me/consents`: what is left out stays."""

    choices: Annotated[list[Choice], Field(max_length=12)] = Field(default_factory=list)
    use_history: bool | None = Field(default=None, description="May purchases be used to pick offers?")
    wording_version: Annotated[int, Field(ge=1, le=WORDING_VERSION)] = WORDING_VERSION
    language: Annotated[str, Field(max_length=16, description="In which the wording was read.")] = "en"


class Consent(Answer):
    """What was said last for one channel and purpose; nothing said is a no."""

    channel: Told[Channel]
    purpose: Told[Purpose]
    granted: bool
    at: Instant | None
    wording_version: int | None


class Consents(Answer):
    """All channels and purposes. `GET /v1/me/consents`."""

    items: list[Consent]
    use_history: bool
    wording_version: int = WORDING_VERSION


class Export(Answer):
    """A copy of everything, asked for once and made in the background."""

    export_id: str
    state: Told[Literal["waiting", "ready", "failed"]]
    done: int = Field(description="Records written so far, of `total`.")
    total: int
    bytes: int | None
    asked_at: Instant
    ready_at: Instant | None
    expires_at: Instant


class Exports(Answer):
    """`GET /v1/me/exports`: newest first, those that are kept."""

    items: list[Export]
