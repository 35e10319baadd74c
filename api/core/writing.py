"""How mails and papers of the API write amounts and days in their reader's language: as the app writes them."""

from __future__ import annotations

import copy
import functools
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel import Locale, dates, numbers

from contract.money import POINTS, Money, decimals

LANGUAGES = ("en", "pt-BR", "fi", "da", "id", "ru")
_LOCALES = {"en": "en_GB", "pt-BR": "pt_BR"}
_DATES = {
    "en": "d MMM y",
    "pt-BR": "d 'de' MMMM 'de' y",
    "fi": "d.M.y",
    "da": "d. MMMM y",
    "id": "d MMM y",
    "ru": "d MMMM y",
}
_SYMBOLS = {"BRL": "R$", "IDR": "Rp", "RUB": "₽"}
_POINTS = {
    "en": {"one": "{n} point", "other": "{n} points"},
    "pt-BR": {"one": "{n} ponto", "other": "{n} pontos"},
    "fi": {"one": "{n} piste", "other": "{n} pistettä"},
    "da": {"other": "{n} point"},
    "id": {"other": "{n} poin"},
    "ru": {"one": "{n} балл", "few": "{n} балла", "other": "{n} баллов"},
}
_LETTER_THEN_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


def nearest(tag: str) -> str:
    """The language of ours for a tag such as ``pt`` or ``en-US``; English where there is none."""
    wanted = tag.replace("_", "-").lower().split("-", maxsplit=1)[0]
    return next((known for known in LANGUAGES if known.lower().split("-")[0] == wanted), "en")


def money(amount: Money, language: str) -> str:
    """An amount of a currency, or of points: ``R$8.20``, ``8,20 €``, ``1,250 points``."""
    places, locale = decimals(amount.currency), _LOCALES.get(language, language)
    if amount.currency == POINTS:
        forms = _POINTS[language]
        form = forms.get(Locale.parse(locale).plural_form(amount.amount), forms["other"])
        return form.format(n=numbers.format_decimal(amount.amount, locale=locale))
    said = numbers.format_currency(
        Decimal(amount.amount).scaleb(-places),
        amount.currency,
        format=_pattern(locale, places),
        locale=locale,
        currency_digits=False,
    )
    sign = _SYMBOLS.get(amount.currency)
    return _LETTER_THEN_DIGIT.sub("\N{NO-BREAK SPACE}", said.replace(amount.currency, sign) if sign else said)


def date(at: datetime, language: str) -> str:
    """A day, in the zone of `at`: ``3 Mar 2026``."""
    return dates.format_date(at, _DATES[language], locale=_LOCALES.get(language, language))


def moment(at: datetime, language: str) -> str:
    """A day and a time, in the zone of `at`: ``3 Mar 2026, 14:05``."""
    return f"{date(at, language)}, {dates.format_time(at, 'short', locale=_LOCALES.get(language, language))}"


@functools.cache
def _pattern(locale: str, places: int) -> Any:
    pattern: Any = copy.copy(Locale.parse(locale).currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return pattern
