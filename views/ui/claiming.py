"""Under a purchase: a way to say that it earned too little."""

from __future__ import annotations

import flet as ft

from contract.claims import Claim, ClaimRequest
from views.commands import use_command
from views.session import go, use_session, use_texts
from views.tokens import Color, Space
from views.ui.buttons import primary, quiet
from views.ui.cards import card
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice
from views.ui.words import body, title

_NOTE = Look(icon=ft.Icons.EDIT_NOTE)


@ft.component
def AskAbout(purchase_id: str) -> ft.Control:
    """A link that opens into a question; once it was sent, the day by which the answer comes."""
    session, texts = use_session(), use_texts()
    open_, set_open = ft.use_state(False)

    async def send(words: str) -> Claim:
        request = ClaimRequest(kind="amount", purchase_id=purchase_id, note=words[:500])
        return await session.client.mine.make_claim(request)

    command = use_command(send)

    async def submit() -> None:
        await command.run(note.text.strip())

    note = use_entry_field(on_submit=lambda _: submit())
    if command.result is not None:
        until = texts.t("Sent. You get an answer by {date}.", date=texts.date(command.result.due_at))
        there = quiet(texts.t("Your claims"), lambda: go("/me/claims"))
        return notice(until, icon=ft.Icons.CHECK, action=there)
    if not open_:
        return ft.Row([quiet(texts.t("Something missing?"), lambda: set_open(True), icon=ft.Icons.SUPPORT_AGENT)])
    return card(
        ft.Column(
            [
                title(texts.t("Did it earn too little?")),
                body(texts.t("Tell us what you expected. We look at it and answer."), Color.QUIET),
                entry_field(note, texts.t("What did you expect?"), focus=True, look=_NOTE),
                *error_notice(texts, command.problem),
                ft.Row(
                    [
                        primary(texts.t("Send"), submit, busy=command.busy),
                        quiet(texts.t("Cancel"), lambda: set_open(False)),
                    ],
                    spacing=Space.M,
                ),
            ],
            spacing=Space.M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )
