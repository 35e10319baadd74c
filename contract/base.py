"""The base of every message, and the field types that messages share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field


class Message(BaseModel):
    """A message between the client and the API: frozen, and silent about no unknown field it is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(BaseModel):
    """A message that the API sends: frozen; a client ignores fields it does not know yet."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A moment in UTC; input must name its zone."""

Slug = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A short name that a machine uses: a store, a campaign, a programme."""
