"""Someone joins at the till: a name and a contact, and the sale goes on."""

from __future__ import annotations

import flet as ft

from views.commands import use_command
from views.session import go, use_client, use_session, use_texts, use_width
from views.till.sale import use_sale
from views.tokens import Size
from views.ui import layout
from views.ui.buttons import primary, quiet
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice
from views.ui.words import body

_NAME = Look(icon=ft.Icons.PERSON_OUTLINE)
_CONTACT = Look(keyboard=ft.KeyboardType.EMAIL, icon=ft.Icons.ALTERNATE_EMAIL)


@ft.component
def Join() -> ft.Control:
    """Two fields, and the new member is at the till."""
    client, session, texts, width = use_client(), use_session(), use_texts(), use_width()
    sale = use_sale()
    missing, set_missing = ft.use_state(False)

    async def join() -> None:
        found = await client.till.add_member(name.text, contact.text, session.preferences.language)
        sale.begin(found, session.now())
        go("/till/basket")

    command = use_command(join)

    async def submit() -> None:
        whole = bool(name.text.strip() and contact.text.strip())
        set_missing(not whole)
        if whole:
            await command.run()

    name = use_entry_field(on_submit=lambda _: submit())
    contact = use_entry_field(on_submit=lambda _: submit())
    parts: list[ft.Control] = [
        body(texts.t("They earn from this purchase on. To spend, they sign in to the app and accept the terms.")),
        entry_field(name, texts.t("Name"), focus=True, look=_NAME),
        entry_field(contact, texts.t("E-mail or phone"), look=_CONTACT),
        *([notice(texts.t("Fill in the name and a contact."))] if missing else []),
        *error_notice(texts, command.problem),
        primary(texts.t("Join and go on"), submit, busy=command.busy, icon=ft.Icons.PERSON_ADD_ALT),
        quiet(texts.t("Back to the scan"), lambda: go("/till")),
    ]
    return layout.page(parts, width, most=Size.NARROW)
