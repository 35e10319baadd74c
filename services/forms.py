"""How a language writes an amount and a day: Babel's forms, and our own where a reader would stumble over them.

Days are never figures alone where a reader could take the month for the day; only Finnish, which writes ``3.3.2026``
everywhere and never the other way round, keeps them. docs/languages.md says why for each.
"""

from __future__ import annotations

import copy
import functools
import re
from datetime import date as Day  # noqa: N812 - `date` names a form here
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from babel import Locale, dates, numbers

from contract.money import Money, decimals

DayForm = Literal["day", "date", "heading", "heading_year", "month"]

_DAYS: dict[str, dict[DayForm, str]] = {
    "en": {
        "day": "d MMM",
        "date": "d MMM y",
        "heading": "EEEE d MMMM",
        "heading_year": "EEEE d MMMM y",
        "month": "LLLL y",
    },
    "pt": {
        "day": "d 'de' MMMM",
        "date": "d 'de' MMMM 'de' y",
        "heading": "EEEE, d 'de' MMMM",
        "heading_year": "EEEE, d 'de' MMMM 'de' y",
        "month": "LLLL 'de' y",
    },
    "fi": {
        "day": "d.M.",
        "date": "d.M.y",
        "heading": "cccc d. MMMM",
        "heading_year": "cccc d. MMMM y",
        "month": "LLLL y",
    },
    "da": {
        "day": "d. MMMM",
        "date": "d. MMMM y",
        "heading": "EEEE 'den' d. MMMM",
        "heading_year": "EEEE 'den' d. MMMM y",
        "month": "LLLL y",
    },
    "id": {
        "day": "d MMM",
        "date": "d MMM y",
        "heading": "EEEE, d MMMM",
        "heading_year": "EEEE, d MMMM y",
        "month": "LLLL y",
    },
    "ru": {
        "day": "d MMMM",
        "date": "d MMMM y",
        "heading": "EEEE, d MMMM",
        "heading_year": "EEEE, d MMMM y",
        "month": "LLLL y",
    },
}
_SYMBOLS = {"BRL": "R$", "IDR": "Rp", "RUB": "₽"}
"""Signs that no other currency shares, for locales that would show a code."""
_LETTER_THEN_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


def day(locale: Locale, at: datetime | Day, form: DayForm) -> str:
    """A day: ``3 Mar``, ``3 Mar 2026``, ``Tuesday 3 March`` with or without its year, ``March 2026``."""
    return dates.format_date(at, _DAYS[locale.language][form], locale=locale)


def money(locale: Locale, value: Money) -> str:
    """An amount of a currency with all the places that the contract counts: ``R$8.20``, ``8,20 €``, ``Rp 1.234,00``."""
    places = decimals(value.currency)
    said = numbers.format_currency(
        Decimal(value.amount).scaleb(-places),
        value.currency,
        format=_money_pattern(str(locale), places),
        locale=locale,
        currency_digits=False,
    )
    sign = _SYMBOLS.get(value.currency)
    return _LETTER_THEN_DIGIT.sub("\N{NO-BREAK SPACE}", said.replace(value.currency, sign) if sign else said)


def percent(locale: Locale, bp: int) -> str:
    """A share of hundredths of a percent: ``5%``, ``2.5%``."""
    return numbers.format_percent(Decimal(bp) / 10_000, format=_percent_pattern(str(locale)), locale=locale)


@functools.cache
def _money_pattern(locale: str, places: int) -> Any:
    pattern: Any = copy.copy(Locale.parse(locale).currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return pattern


@functools.cache
def _percent_pattern(locale: str) -> Any:
    pattern: Any = copy.copy(Locale.parse(locale).percent_formats[None])
    pattern.frac_prec = (0, 2)
    return pattern
