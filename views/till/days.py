"""One day of a list, or all of them."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import flet as ft

from services.texts import Texts
from views.session import use_session, use_texts
from views.till.hooks import use_value
from views.ui.calendar import calendar_locale
from views.ui.choices import Choice, choices

LONGEST = timedelta(days=730)
"""How far back the calendar goes."""


@ft.component
def DayChoice(chosen: date | None, today: date, choose: Callable[[date | None], Awaitable[None] | None]) -> ft.Control:
    """Pills for any day, today, yesterday, and another that a calendar asks for."""
    session, texts = use_session(), use_texts()
    picking, set_picking = use_value(False)

    async def take(value: str) -> None:
        if value == "other":
            set_picking(True)
            return
        done = choose(date.fromisoformat(value) if value else None)
        if inspect.isawaitable(done):
            await done

    async def picked(event: ft.Event[ft.DatePicker]) -> None:
        set_picking(False)
        value = event.control.value
        if value is not None:
            day = (value + timedelta(hours=12)).date() if isinstance(value, datetime) else value
            await take(day.isoformat())

    ft.use_dialog(_calendar(texts, chosen, today, picked, lambda: set_picking(False)) if picking else None)
    yesterday = today - timedelta(days=1)
    known = chosen in {None, today, yesterday}
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=session.now().tzinfo)
    other = texts.t("Another day") if known or chosen is None else texts.date(noon + (chosen - today))
    return choices(
        [
            Choice("", texts.t("Any day")),
            Choice(today.isoformat(), texts.t("Today")),
            Choice(yesterday.isoformat(), texts.t("Yesterday")),
            Choice("other", other, ft.Icons.EVENT_OUTLINED),
        ],
        (chosen.isoformat() if chosen else "") if known else "other",
        take,
    )


def _calendar(texts: Texts, chosen: date | None, today: date, picked: object, gone: object) -> ft.DialogControl:
    first, shown = today - LONGEST, chosen or today
    return ft.DatePicker(
        value=datetime(shown.year, shown.month, shown.day),  # noqa: DTZ001 - a day, not a moment
        first_date=datetime(first.year, first.month, first.day),  # noqa: DTZ001
        last_date=datetime(today.year, today.month, today.day),  # noqa: DTZ001
        locale=calendar_locale(texts),
        help_text=texts.t("Which day?"),
        cancel_text=texts.t("Cancel"),
        confirm_text=texts.t("Choose"),
        on_change=picked,  # type: ignore[arg-type]
        on_dismiss=gone,  # type: ignore[arg-type]
    )
