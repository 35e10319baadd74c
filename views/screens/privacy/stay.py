"""What somebody sees who has asked to leave: the day, and the way back."""

from __future__ import annotations

from datetime import datetime

import flet as ft

from views.commands import use_command
from views.screens.privacy.copies import Copies
from views.session import use_client, use_session, use_texts, use_width
from views.tokens import Color, Space
from views.ui.buttons import primary, secondary
from views.ui.cards import card
from views.ui.layout import page
from views.ui.notices import error_notice
from views.ui.words import body, title


@ft.component
def Stay(erased_at: datetime) -> ft.Control:
    """In place of the wallet, until she stays or is gone."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()

    async def stay() -> None:
        await client.mine.stay()
        await client.refresh()

    staying, leaving = use_command(stay), use_command(client.sign_out)
    until = texts.t(
        "Everything is erased on {date}, {until}. Until then you can stay, and nothing is lost.",
        date=texts.date(erased_at),
        until=texts.until(erased_at, session.now()),
    )
    asked = card(
        ft.Column(
            [
                title(texts.t("You asked to leave"), level=1),
                body(until, Color.QUIET),
                *error_notice(texts, staying.problem or leaving.problem),
                ft.Row(
                    [
                        primary(texts.t("Stay after all"), staying.run, busy=staying.busy),
                        secondary(texts.t("Sign out"), leaving.run, icon=ft.Icons.LOGOUT, busy=leaving.busy),
                    ],
                    wrap=True,
                    spacing=Space.M,
                    run_spacing=Space.S,
                ),
            ],
            spacing=Space.M,
            tight=True,
        )
    )
    return page([asked, Copies()], width)
