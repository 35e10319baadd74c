"""The six digits that were sent."""

from __future__ import annotations

from datetime import datetime

import flet as ft

from contract.errors import ErrorCode
from services.texts import Texts
from views.commands import WITHOUT_AN_ANSWER, use_command
from views.session import go, use_now, use_session, use_texts, use_width
from views.tokens import Space
from views.ui.buttons import link, primary, quiet
from views.ui.entry import entry_view, heading
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice
from views.ui.shell import use_entry

DIGITS = 6
RESEND_AFTER = 30
"""Seconds before another code may be asked for."""
_CODE = Look(keyboard=ft.KeyboardType.NUMBER, autofill=ft.AutofillHint.ONE_TIME_CODE, digits=DIGITS, large=True)


@ft.component
def EnterCode() -> ft.View:
    """Take the code; six digits submit themselves. A wrong one empties the field; without an answer it stays."""
    session, texts, width = use_session(), use_texts(), use_width()
    path = ft.use_view_path()
    version, set_version = ft.use_state(0)
    short, set_short = ft.use_state(False)
    use_entry()

    def nobody() -> None:
        if not session.contact:
            go("/sign-in")

    ft.use_effect(nobody, [])

    async def sign_in(code: str) -> None:
        session.code = code
        await session.client.sign_in_with_code(session.contact, code, session.preferences.language)

    command = use_command(sign_in)

    async def typed(text: str) -> None:
        set_short(False)
        if len(text) != DIGITS or command.busy or await command.run(text):
            return
        if command.problem is not None and command.problem.code is ErrorCode.TERMS_REQUIRED:
            command.clear()
            go("/sign-in/join")
            return
        if command.problem is not None and command.problem.code not in WITHOUT_AN_ANSWER:
            entry.text = ""
            set_version(lambda before: before + 1)

    async def submit() -> None:
        await typed(entry.text)
        set_short(len(entry.text) < DIGITS and command.problem is None)

    entry = use_entry_field(on_submit=lambda _: submit(), on_text=typed)
    sentence = texts.t("It went to {contact}. Type or paste its 6 digits.", contact=session.contact)
    return entry_view(
        texts,
        path,
        width,
        [
            heading(texts.t("Enter your code"), sentence),
            entry_field(entry, texts.t("6-digit code"), version=version, focus=True, look=_CODE),
            *([notice(texts.t("The code has 6 digits. Type all of them."))] if short else []),
            *error_notice(texts, command.problem),
            primary(texts.t("Sign in"), submit, busy=command.busy),
            Resend(),
        ],
        back="/sign-in",
    )


@ft.component
def Resend() -> ft.Control:
    """Another code, once the timer has run down."""
    session, texts = use_session(), use_texts()
    now = use_now(1)

    async def again() -> None:
        await session.client.request_code(session.contact, session.preferences.language)
        session.code_sent_at = session.now()

    command = use_command(again)
    left = seconds_left(session.code_sent_at, now)
    parts = [
        quiet(_resend(texts, left), command.run, icon=ft.Icons.REFRESH, disabled=left > 0 or command.busy, flush=True),
        quiet(texts.t("Use another address"), lambda: go("/sign-in"), icon=ft.Icons.EDIT_OUTLINED, flush=True),
        *error_notice(texts, command.problem),
    ]
    if session.demo:
        parts.append(link(texts.t("Mail of this demo"), "/demo/inbox", icon=ft.Icons.MAIL_OUTLINE, flush=True))
    return ft.Column(parts, spacing=Space.XS, tight=True)


def seconds_left(sent_at: datetime | None, now: datetime) -> int:
    """Seconds until another code may be asked for."""
    return max(0, RESEND_AFTER - int((now - sent_at).total_seconds())) if sent_at else 0


def _resend(texts: Texts, left: int) -> str:
    if left > 0:
        return texts.n("Send another code in {n} second", "Send another code in {n} seconds", left)
    return texts.t("Send another code")
