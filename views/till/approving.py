"""A supervisor's word at a cashier's till: her number and PIN, asked only when it is needed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from contract.staff import Approval
from views.session import use_texts
from views.tokens import Color, Space
from views.ui.buttons import primary
from views.ui.cards import card
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.words import body, title

_NUMBER = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.BADGE_OUTLINED, digits=8)
_PIN = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.LOCK_OUTLINE, digits=8, secret=True)


@ft.component
def ApprovalBox(sentence: str, approve: Callable[[Approval], Awaitable[object]], busy: bool) -> ft.Control:
    """Two fields and one button; calls ``approve`` once both could be a number and a PIN."""
    texts = use_texts()
    version, set_version = ft.use_state(0)

    async def submit() -> None:
        who, secret = number.text.strip(), pin.text.strip()
        if who and len(secret) >= 4:
            await approve(Approval(staff_number=who, pin=secret))
            pin.text = ""
            set_version(lambda before: before + 1)

    number = use_entry_field(on_submit=lambda _: submit())
    pin = use_entry_field(on_submit=lambda _: submit())
    parts: list[ft.Control] = [
        title(texts.t("A second person")),
        body(sentence),
        entry_field(number, texts.t("Supervisor's staff number"), focus=True, look=_NUMBER),
        entry_field(pin, texts.t("Supervisor's PIN"), version=version, look=_PIN),
        primary(texts.t("Approve"), submit, busy=busy, icon=ft.Icons.VERIFIED_USER_OUTLINED),
    ]
    return card(
        ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        tone=Color.CARD_RAISED,
    )
