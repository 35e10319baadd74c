"""Everything the app says, in its reader's language: sentences, money, dates, ages."""

from __future__ import annotations

from datetime import datetime

from contract.errors import Problem
from contract.money import Money
from contract.quotes import Hint, Reason

LANGUAGES = ("en", "pt-BR", "fi", "da", "id", "ru")


class Texts:
    """The texts of one language and time zone. English is the message id; a missing translation shows English."""

    def __init__(self, language: str = "en", timezone: str = "UTC") -> None:
        self.language = language
        self.timezone = timezone

    def t(self, msgid: str, /, **params: object) -> str:
        """A sentence: ``t("Hi {name}", name="Ana")``."""
        raise NotImplementedError

    def n(self, singular: str, plural: str, count: int, /, **params: object) -> str:
        """A sentence about a number: ``n("{n} item", "{n} items", 3)``; ``{n}`` is the number in the locale's form."""
        raise NotImplementedError

    def money(self, value: Money, *, signed: bool = False) -> str:
        """An amount in the locale's form: ``R$ 8.20``; points as ``120 points``; with `signed` a plus or a minus."""
        raise NotImplementedError

    def rate(self, bp: int) -> str:
        """A rate of hundredths of a percent: ``5%``."""
        raise NotImplementedError

    def date(self, at: datetime) -> str:
        """A day: ``3 Mar 2026``."""
        raise NotImplementedError

    def time(self, at: datetime) -> str:
        """A time of day: ``14:05``."""
        raise NotImplementedError

    def ago(self, at: datetime, now: datetime) -> str:
        """An age: ``2 minutes ago``."""
        raise NotImplementedError

    def until(self, at: datetime, now: datetime) -> str:
        """A span ahead: ``in 2 days``."""
        raise NotImplementedError

    def day_heading(self, at: datetime, now: datetime) -> str:
        """A heading for a day in a list: ``Today``, ``Yesterday``, ``Tuesday, 17 March``."""
        raise NotImplementedError

    def month_heading(self, at: datetime) -> str:
        """A heading for a month in a list: ``March 2026``."""
        raise NotImplementedError

    def reason(self, reason: Reason) -> str:
        """Why a rule gave, or did not."""
        raise NotImplementedError

    def problem(self, problem: Problem) -> str:
        """What was refused, and the way out."""
        raise NotImplementedError

    def hint(self, hint: Hint) -> str:
        """What would earn more."""
        raise NotImplementedError
