"""Asking about a purchase that is missing, or that earned too little."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import flet as ft

from contract.claims import Claim, ClaimRequest, Claims
from services.texts import Texts
from views.commands import use_command
from views.session import go, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Space
from views.ui.amounts import minor_units
from views.ui.answer_mail import use_answer_mail
from views.ui.buttons import primary, quiet, secondary
from views.ui.calendar import calendar_locale
from views.ui.cards import card
from views.ui.choices import Choice, choices
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.layout import page
from views.ui.notices import error_notice, notice
from views.ui.skeleton import rows
from views.ui.words import body, label, title

_NUMBER = Look(icon=ft.Icons.RECEIPT_LONG_OUTLINED)
_AMOUNT = Look(keyboard=ft.KeyboardType.TEXT, icon=ft.Icons.PAYMENTS_OUTLINED)
_NOTE = Look(icon=ft.Icons.EDIT_NOTE)


@ft.component
def Ask() -> ft.Control:
    """A receipt that is not here: where, when, its number and its total."""
    session, texts, width = use_session(), use_texts(), use_width()

    async def load() -> Claims:
        return await session.client.mine.claims()

    loading = use_command(load)

    async def arrive() -> None:
        await loading.run()

    use_task(arrive)
    known = loading.result
    if known is None:
        problem = error_notice(texts, loading.problem, quiet(texts.t("Try again"), loading.run))
        return page(problem or [rows(texts, 4)], width)
    return page([Missing(known)], width)


@ft.component
def Missing(known: Claims) -> ft.Control:
    """The form; what is missing in it is said before it is sent."""
    session, texts = use_session(), use_texts()
    profile = use_slice(session.store.who).profile
    currency = profile.programme.currency if profile is not None else ""
    store, set_store = ft.use_state(known.stores[0].store_id if known.stores else "")
    today = session.now().date()
    day: date
    day, set_day = ft.use_state(today)
    picking, set_picking = ft.use_state(False)
    missing, set_missing = ft.use_state(False)

    async def send(request: ClaimRequest) -> Claim:
        await mail.keep()
        claim = await session.client.mine.make_claim(request)
        go("/me/claims")
        return claim

    command, mail = use_command(send), use_answer_mail()

    async def submit() -> None:
        total = minor_units(amount.text, currency)
        whole = bool(number.text.strip() and total and store)
        set_missing(not whole)
        if whole:
            await command.run(
                ClaimRequest(
                    kind="missing",
                    store_id=store,
                    day=day,
                    receipt_number=number.text.strip()[:64],
                    total=total,
                    note=note.text.strip()[:500],
                )
            )

    def picked(event: ft.Event[ft.DatePicker]) -> None:
        set_picking(False)
        value = event.control.value
        if value is not None:
            set_day((value + timedelta(hours=12)).date() if isinstance(value, datetime) else value)

    number, amount, note = (use_entry_field(on_submit=lambda _: submit()) for _ in range(3))
    ft.use_dialog(_calendar(texts, today, known.days, picked, lambda: set_picking(False)) if picking else None)
    stores = [Choice(each.store_id, each.name) for each in known.stores]
    shown = texts.date(datetime(day.year, day.month, day.day, 15, tzinfo=session.now().tzinfo))
    within = texts.n(
        "A claim can be made within {n} day of the purchase.",
        "A claim can be made within {n} days of the purchase.",
        known.days,
    )
    return card(
        ft.Column(
            [
                title(texts.t("Which purchase is missing?")),
                body(within, Color.QUIET),
                label(texts.t("Where was it?")),
                choices(stores, store, set_store),
                label(texts.t("Which day?")),
                ft.Row([secondary(shown, lambda: set_picking(True), icon=ft.Icons.EVENT_OUTLINED)]),
                entry_field(number, texts.t("Number on the receipt"), look=_NUMBER),
                entry_field(amount, texts.t("Total on the receipt"), look=_AMOUNT),
                entry_field(note, texts.t("Anything else? (optional)"), look=_NOTE),
                *mail.shown,
                *([notice(texts.t("Fill in the number and the total of the receipt."))] if missing else []),
                *error_notice(texts, command.problem),
                ft.Row([primary(texts.t("Send"), submit, busy=command.busy)]),
            ],
            spacing=Space.M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )


def _calendar(texts: Texts, today: date, days: int, picked: object, gone: object) -> ft.DialogControl:
    first = today - timedelta(days=days)
    return ft.DatePicker(
        first_date=datetime(first.year, first.month, first.day),  # noqa: DTZ001 - a day, not a moment
        last_date=datetime(today.year, today.month, today.day),  # noqa: DTZ001
        locale=calendar_locale(texts),
        help_text=texts.t("Which day?"),
        cancel_text=texts.t("Cancel"),
        confirm_text=texts.t("Choose"),
        on_change=picked,  # type: ignore[arg-type]
        on_dismiss=gone,  # type: ignore[arg-type]
    )
