"""Staff: the store, the staff number and the PIN."""

from __future__ import annotations

import flet as ft

from views.commands import use_command
from views.session import use_session, use_texts, use_width
from views.ui.buttons import primary
from views.ui.entry import entry_view, heading
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice
from views.ui.shell import use_entry

_STORE = Look(icon=ft.Icons.STOREFRONT_OUTLINED)
_NUMBER = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.BADGE_OUTLINED, digits=8)
_PIN = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.LOCK_OUTLINE, digits=8, secret=True)


@ft.component
def StaffSignIn() -> ft.View:
    """Sign in to one store's till. A wrong PIN empties the PIN only."""
    session, texts, width = use_session(), use_texts(), use_width()
    path = ft.use_view_path()
    missing, set_missing = ft.use_state(False)
    version, set_version = ft.use_state(0)
    use_entry()

    async def sign_in(store: str, number: str, pin: str) -> None:
        await session.client.sign_in_with_pin(store, number, pin)

    command = use_command(sign_in)

    async def submit() -> None:
        values = store.text.strip().lower(), number.text.strip(), pin.text.strip()
        set_missing(not all(values))
        if all(values) and not await command.run(*values):
            pin.text = ""
            set_version(lambda before: before + 1)

    store = use_entry_field(on_submit=lambda _: submit())
    number = use_entry_field(on_submit=lambda _: submit())
    pin = use_entry_field(on_submit=lambda _: submit())
    return entry_view(
        texts,
        path,
        width,
        [
            heading(
                texts.t("Sign in to the till"),
                texts.t("Your manager gave you these. A store goes by its short name, such as centro."),
            ),
            entry_field(store, texts.t("Store"), focus=True, look=_STORE),
            entry_field(number, texts.t("Staff number"), look=_NUMBER),
            entry_field(pin, texts.t("PIN"), version=version, focus=version > 0, look=_PIN),
            *([notice(texts.t("Fill in the store, your staff number and your PIN."))] if missing else []),
            *error_notice(texts, command.problem),
            primary(texts.t("Sign in"), submit, busy=command.busy),
        ],
        back="/sign-in",
    )
