"""The profile: a name, a birthday that is asked for with its reason, and where codes go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import cast

import flet as ft

from contract.members import Profile
from services.texts import Texts
from views.commands import Command, use_command
from views.hooks import use_value
from views.session import use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Size, Space
from views.ui import skeleton
from views.ui.buttons import Tap, primary, quiet, secondary
from views.ui.calendar import calendar_locale
from views.ui.cards import card
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.layout import page
from views.ui.notices import error_notice, notice
from views.ui.rows import row
from views.ui.words import body, title

_NAME = Look(keyboard=ft.KeyboardType.NAME, autofill=ft.AutofillHint.GIVEN_NAME, icon=ft.Icons.PERSON_OUTLINE)
_AGES = range(13, 121)


@ft.component
def MyProfile() -> ft.Control:
    """What may be changed, and what only staff may."""
    session, texts, width = use_session(), use_texts(), use_width()
    profile = use_slice(session.store.who).profile
    if profile is None:
        return page([skeleton.rows(texts, 3)], width)
    return page([Name(profile.name), Birthday(profile.birthday), _contact(texts, profile)], width)


@ft.component
def Name(name: str) -> ft.Control:
    """What the app and the till call her."""
    session, texts = use_session(), use_texts()
    saved, set_saved = ft.use_state(False)

    async def save(value: str) -> None:
        await session.client.mine.change_profile(name=value)

    command = use_command(save)

    async def submit() -> None:
        value = entry.text.strip() or name
        set_saved(False)
        if value and await command.run(value):
            set_saved(True)

    entry = use_entry_field(on_submit=lambda _: submit())
    return card(
        ft.Column(
            [
                title(texts.t("Your name")),
                body(texts.t("The app and the till call you by it."), Color.QUIET),
                entry_field(entry, texts.t("Name"), start=name, look=_NAME),
                *error_notice(texts, command.problem),
                *([notice(texts.t("Saved."), icon=ft.Icons.CHECK)] if saved else []),
                ft.Row([primary(texts.t("Save"), submit, busy=command.busy)]),
            ],
            spacing=Space.M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )


@ft.component
def Birthday(birthday: date | None) -> ft.Control:
    """Asked once, with the reason, and asked again before it is kept: it cannot be changed here afterwards."""
    session, texts = use_session(), use_texts()
    picking, set_picking = ft.use_state(False)
    chosen, set_chosen = use_value(cast("date | None", None))

    async def save(day: date) -> None:
        await session.client.mine.change_profile(birthday=day)

    command = use_command(save)

    def picked(event: ft.Event[ft.DatePicker]) -> None:
        set_picking(False)
        value = event.control.value
        if value is not None:
            set_chosen(_day(value))

    async def keep() -> None:
        if chosen is not None and await command.run(chosen):
            set_chosen(None)

    ft.use_dialog(_dialog(texts, session.now(), picking, picked, set_picking, chosen, command, keep, set_chosen))
    if birthday is not None:
        day = texts.date(datetime(birthday.year, birthday.month, birthday.day, 12, tzinfo=session.now().tzinfo))
        return card(
            row(day, texts.t("Your birthday. Wrong? Ask in a store."), icon=ft.Icons.CAKE_OUTLINED), padding=Space.NONE
        )
    sentence = texts.t(
        "Some offers are for the days around your birthday. It is used for nothing else, and you may leave it out."
    )
    return card(
        ft.Column(
            [
                title(texts.t("Your birthday")),
                body(sentence, Color.QUIET),
                *error_notice(texts, command.problem),
                ft.Row(
                    [
                        secondary(
                            texts.t("Set your birthday"),
                            lambda: set_picking(True),
                            icon=ft.Icons.CAKE_OUTLINED,
                            busy=command.busy,
                        )
                    ]
                ),
            ],
            spacing=Space.M,
            tight=True,
        )
    )


def _day(value: date) -> date:
    """The day that was picked: the browser gives its own midnight, which may be the day before elsewhere."""
    if not isinstance(value, datetime):
        return value
    moment = value.astimezone(UTC) if value.tzinfo else value
    return (moment + timedelta(hours=12)).date()


def _dialog(
    texts: Texts,
    now: datetime,
    picking: bool,
    picked: Tap,
    set_picking: Tap,
    chosen: date | None,
    command: Command[None],
    keep: Tap,
    set_chosen: Tap,
) -> ft.DialogControl | None:
    """The calendar, then the question whether that is it."""
    if picking:
        return ft.DatePicker(
            first_date=datetime(now.year - _AGES[-1] + 1, 1, 1),  # noqa: DTZ001 - a day, not a moment
            last_date=datetime(now.year - _AGES[0], now.month, min(now.day, 28)),  # noqa: DTZ001
            current_date=datetime(now.year - 30, 1, 1),  # noqa: DTZ001
            date_picker_mode=ft.DatePickerMode.YEAR,
            entry_mode=ft.DatePickerEntryMode.CALENDAR,
            locale=calendar_locale(texts),
            help_text=texts.t("Your birthday"),
            cancel_text=texts.t("Cancel"),
            confirm_text=texts.t("Choose"),
            on_change=picked,
            on_dismiss=lambda: set_picking(False),
        )
    if chosen is None:
        return None
    day = texts.date(datetime(chosen.year, chosen.month, chosen.day, 12, tzinfo=now.tzinfo))
    sentence = texts.t("It can be set once. After that only staff can mend it, in a store.")
    return ft.AlertDialog(
        modal=True,
        title=title(texts.t("Is {date} your birthday?", date=day)),
        content=ft.Container(
            content=ft.Column([body(sentence), *error_notice(texts, command.problem)], spacing=Space.M, tight=True),
            width=Size.NARROW,
        ),
        bgcolor=Color.CARD,
        actions=[
            quiet(texts.t("No"), lambda: set_chosen(None)),
            primary(texts.t("Yes, that is it"), keep, busy=command.busy),
        ],
    )


def _contact(texts: Texts, profile: Profile) -> ft.Control:
    rows = []
    if profile.email:
        rows.append(row(profile.email, texts.t("Your codes go here."), icon=ft.Icons.ALTERNATE_EMAIL))
    if profile.phone:
        rows.append(row(profile.phone, texts.t("Your codes go here."), icon=ft.Icons.PHONE_OUTLINED))
    return card(ft.Column(rows, spacing=Space.NONE, tight=True), padding=Space.NONE)
