"""Closing a shift: what the shop's own till counted may stand beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from contract.shifts import Counted
from views.commands import use_command
from views.session import go, use_client, use_session, use_texts
from views.state import use_slice
from views.till.hooks import use_value
from views.till.sale import parse_amount
from views.tokens import Color, Space
from views.ui.buttons import primary, quiet, secondary
from views.ui.cards import card
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice
from views.ui.words import body, title

_COUNT = Look(keyboard=ft.KeyboardType.NUMBER, digits=7)
_AMOUNT = Look(keyboard=ft.KeyboardType.NUMBER)


@ft.component
def CloseShift(shift_id: str, closed: Callable[[], Awaitable[bool]]) -> ft.Control:
    """One button; then two figures that may be left out, and a note."""
    client, session, texts = use_client(), use_session(), use_texts()
    staff = use_slice(session.store.who).staff
    currency = staff.currency if staff is not None else "EUR"
    asking, set_asking = use_value(False)
    wrong, set_wrong = use_value(False)

    async def close(counted: Counted | None) -> None:
        await client.shop.close_shift(shift_id, counted, note.text)
        set_asking(False)
        await closed()
        go(f"/till/day/{shift_id}")

    command = use_command(close)

    async def submit() -> None:
        counted = None
        if receipts.text or sold.text:
            amount = parse_amount(sold.text, currency)
            set_wrong(amount is None or not receipts.text)
            if amount is None or not receipts.text:
                return
            counted = Counted(receipts=int(receipts.text), sold=amount)
        await command.run(counted)

    receipts, sold, note = use_entry_field(), use_entry_field(), use_entry_field(on_submit=lambda _: submit())
    if not asking:
        return ft.Row(
            [secondary(texts.t("Close the shift"), lambda: set_asking(True), icon=ft.Icons.STOP_CIRCLE_OUTLINED)]
        )
    parts: list[ft.Control] = [
        title(texts.t("Close the shift")),
        body(texts.t("Kierto has counted its own receipts. Add what your till says, to compare; or leave it empty.")),
        entry_field(receipts, texts.t("Receipts, by your till"), look=_COUNT),
        entry_field(sold, texts.t("Sold, by your till"), look=_AMOUNT),
        entry_field(note, texts.t("Note")),
        *([notice(texts.t("Give both figures, or neither."))] if wrong else []),
        *error_notice(texts, command.problem),
        ft.Row(
            [
                primary(texts.t("Close the shift"), submit, busy=command.busy, icon=ft.Icons.CHECK),
                quiet(texts.t("Not yet"), lambda: set_asking(False), disabled=command.busy),
            ],
            wrap=True,
            spacing=Space.S,
        ),
    ]
    stretched = ft.CrossAxisAlignment.STRETCH
    return card(ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=stretched), tone=Color.CARD_RAISED)
