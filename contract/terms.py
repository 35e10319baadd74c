"""The terms of one campaign version, as anyone may read them, years later too."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from contract.base import Answer, Instant
from contract.facts import ProgrammeTerms

SEPARATOR = "@"
"""Between campaign and version in the id of terms: no campaign's id holds it, and a URL takes it as it is."""


def terms_id(campaign_id: str, version: int) -> str:
    """The id of one version's terms, such as `everyday@3`."""
    return f"{campaign_id}{SEPARATOR}{version}"


class RulesTerms(Answer):
    """`GET /v1/terms/rules/{version}`: one version of a programme's own rules, never changed."""

    programme: str = Field(description="The programme's slug.")
    currency: str
    timezone: str
    version: int = Field(description="A purchase names it as `rules_version`.")
    starts_at: Instant = Field(description="From this instant on these rules hold, until a newer version's instant.")
    published_at: Instant
    body: ProgrammeTerms


class Terms(Answer):
    """`GET /v1/terms/{campaign_id@version}`: never changed, whatever becomes of the campaign.

    The plain fields say what `body` says; `body` is the version exactly as the calculator reads it.
    """

    id: str
    programme: str = Field(description="The programme's slug.")
    currency: str
    timezone: str
    campaign_id: str
    version: int
    name: dict[str, str] = Field(description="By language.")
    description: dict[str, str] = Field(description="By language.")
    starts_at: Instant = Field(description="From this instant on these terms hold, until a newer version's instant.")
    ends_at: Instant | None
    reward: str = Field(description="percent, fixed, multiplier, points or stamp.")
    needs_activation: bool
    pending_days: int = Field(description="Days until what is earned becomes available.")
    expires_after: str | None = Field(description="An ISO 8601 duration from then, such as `P6M`; null for never.")
    stores: dict[str, str] = Field(default_factory=dict, description="The stores that the body names, id to name.")
    published_at: Instant
    body: dict[str, Any]
    rules: list[RulesTerms] = Field(
        default_factory=list,
        description="The programme's own rules that hold while these terms do, oldest first; with `at`, that day's.",
    )
