"""Under a purchase: a way to say that it earned too little."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

import flet as ft

from contract.claims import ClaimRequest
from views.commands import use_command
from views.hooks import use_value
from views.session import go, use_session, use_texts
from views.tokens import Color, Space
from views.ui.answer_mail import use_answer_mail
from views.ui.buttons import primary, quiet
from views.ui.cards import card
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice
from views.ui.words import body, title

_NOTE = Look(icon=ft.Icons.EDIT_NOTE)


@ft.component
def AskAbout(purchase_id: str) -> ft.Control:
    """A link that opens into a question; once it was sent, the day by which the answer comes."""
    texts = use_texts()
    open_, set_open = ft.use_state(False)
    due, set_due = use_value(cast("datetime | None", None))
    if due is not None:
        until = texts.t("Sent. You get an answer by {date}.", date=texts.date(due))
        there = quiet(texts.t("Your claims"), lambda: go("/me/claims"))
        return notice(until, icon=ft.Icons.CHECK, action=there)
    if open_:
        return Question(purchase_id, set_due, lambda: set_open(False))
    ask = quiet(texts.t("Something missing?"), lambda: set_open(True), icon=ft.Icons.SUPPORT_AGENT, flush=True)
    return ft.Row([ask])


@ft.component
def Question(purchase_id: str, sent: Callable[[datetime], None], close: Callable[[], None]) -> ft.Control:
    """What was expected, in her own words."""
    session, texts = use_session(), use_texts()

    async def send(words: str) -> None:
        await mail.keep()
        request = ClaimRequest(kind="amount", purchase_id=purchase_id, note=words[:500])
        sent((await session.client.mine.make_claim(request)).due_at)

    command, mail = use_command(send), use_answer_mail()

    async def submit() -> None:
        await command.run(note.text.strip())

    note = use_entry_field(on_submit=lambda _: submit())
    return card(
        ft.Column(
            [
                title(texts.t("Did it earn too little?")),
                body(texts.t("Tell us what you expected. We look at it and answer."), Color.QUIET),
                entry_field(note, texts.t("What did you expect?"), focus=True, look=_NOTE),
                *mail.shown,
                *error_notice(texts, command.problem),
                ft.Row(
                    [primary(texts.t("Send"), submit, busy=command.busy), quiet(texts.t("Cancel"), close)],
                    spacing=Space.M,
                ),
            ],
            spacing=Space.M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )
