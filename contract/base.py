"""The base of every message, and the field types that messages share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic import GetJsonSchemaHandler as JsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

Word = TypeVar("Word")


class Message(BaseModel):
    """A message between the client and the API: frozen, and silent about no unknown field it is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(BaseModel):
    """A message that the API sends: frozen; a client ignores fields it does not know yet."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _AsSent:
    """Reads any word of a newer API from JSON; what is built here must be a word that is known here."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Those that are known, or in JSON any other."""
        known, _ = get_args(source)
        here = handler.generate_schema(known)
        return core_schema.json_or_python_schema(
            core_schema.union_schema([here, core_schema.str_schema(max_length=64)], mode="left_to_right"), here
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: JsonSchemaHandler) -> dict[str, Any]:
        """The API says none but those that are known."""
        return handler(schema["python_schema"])


Told = Annotated[Word | str, _AsSent()]
"""One of a few words, such as a state, as an answer tells it: `Told[State]`.

A newer API may have a word that this client does not know. It is kept as it was sent, so that one word does not make a
whole answer unreadable, and so that a newer client finds it again in its cache; who shows it has a sentence for it.
"""


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A moment in UTC; input must name its zone."""

Slug = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A short name that a machine uses: a store, a campaign, a programme."""
