"""Which time: this month, last month, this year, or days of the reader's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import cast

import flet as ft

from services.periods import NAMED, Named, Period, named, of_days
from services.texts import Texts
from views.hooks import use_value
from views.session import use_texts
from views.tokens import Space
from views.ui.buttons import secondary
from views.ui.calendar import calendar_locale
from views.ui.choices import Choice, choices

_OWN = "own"


def use_period(now: datetime) -> tuple[Period, ft.Control]:
    """The chosen time, and the pills that choose it."""
    texts = use_texts()
    which, choose = use_value("this_month")
    today = now.astimezone(UTC).date()
    days, set_days = use_value((today.replace(day=1), today))
    asking, ask = use_value("")

    def picked(day: date) -> None:
        set_days((day, days[1]) if asking == "first" else (days[0], day))

    ft.use_dialog(_calendar(texts, days[0 if asking == "first" else 1], now, picked, ask) if asking else None)
    period = of_days(*days, texts.timezone) if which == _OWN else named(cast("Named", which), now, texts.timezone)
    parts = [choices(_options(texts), which, choose)]
    if which == _OWN:
        parts.append(_own(texts, period, ask))
    return period, ft.Column(parts, spacing=Space.S, tight=True)


def _options(texts: Texts) -> list[Choice]:
    names = {
        "this_month": texts.t("This month"),
        "last_month": texts.t("Last month"),
        "this_year": texts.t("This year"),
    }
    own = Choice(_OWN, texts.t("Choose days"), ft.Icons.DATE_RANGE_OUTLINED)
    return [*(Choice(each, names[each]) for each in NAMED), own]


def _own(texts: Texts, period: Period, ask: Callable[[str], None]) -> ft.Control:
    last = period.last_day(texts.timezone)
    end = datetime(last.year, last.month, last.day, 12, tzinfo=period.since.tzinfo)
    return ft.Row(
        [
            secondary(texts.t("From {date}", date=texts.date(period.since)), lambda: ask("first")),
            secondary(texts.t("To {date}", date=texts.date(end)), lambda: ask("last")),
        ],
        spacing=Space.S,
        run_spacing=Space.S,
        wrap=True,
    )


def _calendar(
    texts: Texts, day: date, now: datetime, picked: Callable[[date], None], ask: Callable[[str], None]
) -> ft.DatePicker:
    def chosen(event: ft.Event[ft.DatePicker]) -> None:
        value = event.control.value
        if value is not None:
            at = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
            picked(at.date())

    return ft.DatePicker(
        value=datetime(day.year, day.month, day.day, tzinfo=UTC),
        first_date=datetime(2000, 1, 1, tzinfo=UTC),
        last_date=now,
        current_date=now,
        locale=calendar_locale(texts),
        help_text=texts.t("Choose a day"),
        cancel_text=texts.t("Cancel"),
        confirm_text=texts.t("Choose"),
        on_change=chosen,
        on_dismiss=lambda: ask(""),
    )
