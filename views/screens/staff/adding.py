"""Somebody new among the staff."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

import flet as ft

from contract.staff import ROLES, Role
from views.commands import use_command
from views.hooks import use_value
from views.session import use_client, use_texts
from views.tokens import Space
from views.ui.buttons import primary
from views.ui.cards import card
from views.ui.choices import Choice, choices
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice
from views.ui.roles import role_name
from views.ui.words import caption, title

_NAME = Look(icon=ft.Icons.PERSON_OUTLINE)
_STORE = Look(icon=ft.Icons.STOREFRONT_OUTLINED)
_NUMBER = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.BADGE_OUTLINED, digits=8)
_PIN = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.LOCK_OUTLINE, digits=8, secret=True)


@ft.component
def AddStaff(store_id: str, added: Callable[[], Awaitable[None]]) -> ft.Control:
    """Store, number, name, role and a first PIN."""
    client, texts = use_client(), use_texts()
    cashier: Role = "cashier"
    role, set_role = use_value(cashier)
    missing, set_missing = use_value(False)

    async def add() -> None:
        at = store.text.strip() or store_id
        await client.shop.add_staff(at, number.text, name.text, role, pin.text)
        await added()

    command = use_command(add)

    async def submit() -> None:
        whole = bool(name.text.strip() and number.text and len(pin.text) >= 4)
        set_missing(not whole)
        if whole:
            await command.run()

    name = use_entry_field(on_submit=lambda _: submit())
    store = use_entry_field(on_submit=lambda _: submit())
    number = use_entry_field(on_submit=lambda _: submit())
    pin = use_entry_field(on_submit=lambda _: submit())
    options = [Choice(each, role_name(texts, each)) for each in ROLES]
    parts: list[ft.Control] = [
        title(texts.t("Add somebody")),
        entry_field(name, texts.t("Name"), focus=True, look=_NAME),
        entry_field(store, texts.t("Store"), start=store_id, look=_STORE),
        entry_field(number, texts.t("Staff number"), look=_NUMBER),
        entry_field(pin, texts.t("New PIN, 4 to 8 digits"), look=_PIN),
        caption(texts.t("May do")),
        choices(options, role, lambda chosen: set_role(cast("Role", chosen))),
        *([notice(texts.t("Fill in the name, the number and a PIN of 4 to 8 digits."))] if missing else []),
        *error_notice(texts, command.problem),
        primary(texts.t("Add"), submit, busy=command.busy, icon=ft.Icons.PERSON_ADD_ALT),
    ]
    stretched = ft.CrossAxisAlignment.STRETCH
    return card(ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=stretched))
