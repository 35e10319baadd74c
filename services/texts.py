"""Everything the app says, in its reader's language: sentences, money, dates, ages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from datetime import time as Time  # noqa: N812 - `time` is a method here
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, dates, numbers

from contract.errors import ErrorCode, Problem
from contract.money import POINTS, Money
from contract.quotes import Hint, Reason
from services import catalogs, forms, problems, sentences

LANGUAGES = ("en", "pt-BR", "fi", "da", "id", "ru")
NAMES = {
    "en": "English",
    "pt-BR": "Português (Brasil)",
    "fi": "Suomi",
    "da": "Dansk",
    "id": "Bahasa Indonesia",
    "ru": "Русский",
}
"""Each language in its own words, for a menu."""
_LOCALES = {"en": "en_GB", "pt-BR": "pt_BR", "fi": "fi", "da": "da", "id": "id", "ru": "ru"}


class Texts:
    """The texts of one language and time zone. English is the message id; a missing translation shows English."""

    def __init__(self, language: str = "en", timezone: str = "UTC") -> None:
        self.language = nearest(language)
        self.timezone = timezone
        self._locale = Locale.parse(_LOCALES[self.language])
        self._catalog = catalogs.translations(self.language)
        try:
            self._zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError):
            self._zone = ZoneInfo("UTC")

    def t(self, msgid: str, /, **params: object) -> str:
        """A sentence: ``t("Hi {name}", name="Ana")``."""
        return _fill(self._catalog.gettext(msgid), params) if params else self._catalog.gettext(msgid)

    def p(self, context: str, msgid: str, /, **params: object) -> str:
        """A sentence that another language says in two ways: ``p("offers", "All")``; the context is never shown."""
        return _fill(self._catalog.pgettext(context, msgid), params)

    def n(self, singular: str, plural: str, count: int, /, **params: object) -> str:
        """A sentence about a number: ``n("{n} item", "{n} items", 3)``; ``{n}`` is the number in the locale's form."""
        return _fill(self._catalog.ngettext(singular, plural, abs(count)), {"n": self.number(count)} | params)

    # figures

    def number(self, value: int | Decimal) -> str:
        """A number: ``1,234``."""
        return str(numbers.format_decimal(value, locale=self._locale))

    def money(self, value: Money, *, signed: bool = False) -> str:
        """An amount in the locale's form: ``R$8.20``; points as ``120 points``; with `signed` a plus or a minus."""
        if value.currency == POINTS:
            text = self.n("{n} point", "{n} points", value.amount)
        else:
            text = forms.money(self._locale, value)
        return f"+{text}" if signed and value.amount > 0 else text

    def rate(self, bp: int) -> str:
        """A rate of hundredths of a percent: ``5%``, ``2.5%``."""
        return forms.percent(self._locale, bp)

    def factor(self, bp: int) -> str:
        """A factor of ten-thousandths: 20000 is ``2``, 15000 is ``1.5``."""
        return self.number((Decimal(bp) / 10_000).normalize())

    # days and times

    def date(self, at: datetime) -> str:
        """A day with its year: ``3 Mar 2026``."""
        return forms.day(self._locale, self._there(at), "date")

    def short_date(self, at: datetime) -> str:
        """A day without its year: ``3 Mar``."""
        return forms.day(self._locale, self._there(at), "day")

    def weekday(self, day: int) -> str:
        """A day of the week, 0 is Monday: ``Saturday``."""
        names: Mapping[int, str] = dates.get_day_names("wide", locale=self._locale)
        return names[day]

    def clock(self, at: Time) -> str:
        """A time of any day: ``18:00``."""
        return dates.format_time(at, "short", locale=self._locale)

    def time(self, at: datetime) -> str:
        """A time of day: ``14:05``."""
        return dates.format_time(self._there(at), "short", locale=self._locale)

    def ago(self, at: datetime, now: datetime) -> str:
        """An age: ``2 minutes ago``; under a minute ``just now``."""
        if (now - at).total_seconds() < 60:
            return self.t("just now")
        return self._span(at - now)

    def until(self, at: datetime, now: datetime) -> str:
        """A span ahead: ``in 2 days``; under a minute ``now``."""
        if (at - now).total_seconds() < 60:
            return self.t("now")
        return self._span(at - now)

    def _span(self, span: timedelta) -> str:
        return dates.format_timedelta(
            span, granularity="minute", add_direction=True, threshold=1.2, locale=self._locale
        )

    def day_heading(self, at: datetime, now: datetime) -> str:
        """A heading for a day in a list: ``Today``, ``Yesterday``, ``Tuesday 17 March``."""
        day, today = self._there(at).date(), self._there(now).date()
        if day == today:
            return self.t("Today")
        if (today - day).days == 1:
            return self.t("Yesterday")
        return _capital(forms.day(self._locale, day, "heading" if day.year == today.year else "heading_year"))

    def month_heading(self, at: datetime) -> str:
        """A heading for a month in a list: ``March 2026``."""
        return _capital(forms.day(self._locale, self._there(at), "month"))

    def short_month(self, at: datetime) -> str:
        """A month beside eleven others: ``Mar``."""
        return _capital(dates.format_date(self._there(at), "LLL", locale=self._locale).rstrip("."))

    def _there(self, at: datetime) -> datetime:
        return at.astimezone(self._zone)

    # what the contract's codes say

    def reason(self, reason: Reason) -> str:
        """Why a rule gave, or did not."""
        return sentences.reason(self, reason)

    def problem(self, problem: Problem | ErrorCode) -> str:
        """What was refused, and the way out."""
        return problems.problem(self, problem)

    def hint(self, hint: Hint) -> str:
        """What would earn more."""
        return sentences.hint(self, hint)

    def missed_step(self, hint: Hint) -> str:
        """What would have earned more."""
        return sentences.missed_step(self, hint)

    def category(self, path: str) -> str:
        """A category in words: the last part of its path, ``food/fruit`` is ``Fruit``. Tags likewise."""
        return sentences.category(self, path)


def nearest(*tags: str) -> str:
    """The first language that the app has among tags such as ``pt_PT`` or ``en-US``; English where it has none."""
    found = (_known(tag.replace("_", "-").split(".")[0].lower()) for tag in tags)
    return next((language for language in found if language is not None), "en")


def _known(tag: str) -> str | None:
    whole = (known for known in LANGUAGES if known.lower() == tag)
    alike = (known for known in LANGUAGES if known.lower().split("-")[0] == tag.split("-", maxsplit=1)[0])
    return next(whole, None) or next(alike, None)


def _fill(sentence: str, params: dict[str, object]) -> str:
    return sentence.format(**params)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
