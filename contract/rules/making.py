"""Two forms of a quote: messages, and the JSON that they would be written as.

A quote holds thousands of reasons, of values that are already known to be right. `model_construct` looks up every field
of every message, which costs ten times as much as the calculation itself; and who only stores or sends a quote needs no
messages at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from contract.campaigns import CampaignVersion
from contract.rules import messages, writing
from contract.rules.messages import maker
from contract.rules.writing import moment, word

__all__ = ["MESSAGES", "TEXT", "Amounts", "Form", "maker", "moment", "word"]

Amounts = Mapping[int, Any]
"""Amounts of one currency, each made once: ``amounts[1240]``."""


class Form(Protocol):
    """How each part of a quote is made, of parts made before. Each method has its message's fields in their order."""

    def amounts(self, currency: str) -> Amounts:
        """Amounts of one currency."""

    def terms(self, rate_bp: int | None, factor_bp: int | None, threshold: Any) -> Any:
        """What many reasons of one campaign have in common."""

    def reasons(self, campaign: CampaignVersion, name: str) -> Callable[..., Any]:
        """Makes a campaign's reasons, of (code, value, desired_value, basis, terms, missing, match, capped_by)."""

    def line(self, line: int, basis: Any, earned: Any, points: Any, why: list[Any]) -> Any:
        """A line."""

    def reward(
        self,
        campaign: CampaignVersion,
        name: str,
        value: Any,
        desired_value: Any,
        available_at: datetime,
        expires_at: datetime | None,
    ) -> Any:
        """A reward."""

    def stamps(
        self, campaign: CampaignVersion, name: str, stamps: int, available_at: datetime, expires_at: datetime | None
    ) -> Any:
        """Stamps."""

    def hint(
        self, campaign: CampaignVersion, name: str, missing: Any, rate_bp: int | None, value: Any, factor_bp: int | None
    ) -> Any:
        """A hint."""

    def quote(self, totals: Sequence[Any], lists: Sequence[list[Any]], rules_version: int) -> Any:
        """The whole. Totals: total, basis, earned, points; lists: rewards, stamps, lines, hints, notes."""


MESSAGES: Form = messages.MESSAGES
TEXT: Form = writing.TEXT
