"""Where should the code go?"""

from __future__ import annotations

import flet as ft

from views.commands import use_command
from views.session import go, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Space
from views.ui.buttons import primary, quiet
from views.ui.entry import entry_view, heading
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice
from views.ui.shell import use_entry
from views.ui.words import caption

_CONTACT = Look(keyboard=ft.KeyboardType.EMAIL, autofill=ft.AutofillHint.USERNAME, icon=ft.Icons.ALTERNATE_EMAIL)
_SHORTEST = 3


@ft.component
def SignIn() -> ft.View:
    """Ask for an e-mail address or a phone number, and have a code sent there."""
    session, texts, width = use_session(), use_texts(), use_width()
    who, path = use_slice(session.store.who), ft.use_view_path()
    missing, set_missing = ft.use_state(False)
    use_entry()

    async def send(contact: str) -> None:
        await session.client.request_code(contact, session.preferences.language)
        session.contact, session.code_sent_at = contact, session.now()
        go("/sign-in/code")

    command = use_command(send)

    async def submit() -> None:
        contact = entry.text.strip()
        set_missing(len(contact) < _SHORTEST)
        if len(contact) >= _SHORTEST:
            await command.run(contact)

    entry = use_entry_field(on_submit=lambda _: submit())
    parts: list[ft.Control] = [
        heading(
            texts.t("Welcome to Kierto"), texts.t("We send you a code. No password, and no account to set up first.")
        ),
    ]
    if who.notice is not None:
        parts.append(notice(texts.problem(who.notice)))
    demo = quiet(texts.t("Try the demo"), lambda: go("/demo"), icon=ft.Icons.PLAY_ARROW)
    parts += [
        entry_field(entry, texts.t("E-mail or phone"), start=session.contact, focus=True, look=_CONTACT),
        caption(texts.t("With a phone number, begin with + and the country code.")),
        *([notice(texts.t("Enter your e-mail address or your phone number."))] if missing else []),
        *error_notice(texts, command.problem),
        primary(texts.t("Send me a code"), submit, busy=command.busy),
        ft.Row(
            [
                quiet(texts.t("I work here"), lambda: go("/sign-in/staff"), icon=ft.Icons.STOREFRONT_OUTLINED),
                quiet(texts.t("Help"), lambda: go("/help"), icon=ft.Icons.HELP_OUTLINE),
                *([demo] if session.demo else []),
            ],
            wrap=True,
            spacing=Space.S,
            run_spacing=Space.NONE,
        ),
    ]
    return entry_view(texts, path, width, parts)
