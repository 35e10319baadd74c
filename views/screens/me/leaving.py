"""Leaving: signing out, and in the demo being someone else."""

from __future__ import annotations

import flet as ft

from services.texts import Texts
from views.commands import Command, use_command
from views.session import use_client, use_session, use_texts
from views.tokens import Color, Size, Space
from views.ui.buttons import Tap, primary, quiet, secondary
from views.ui.notices import error_notice
from views.ui.words import body, title


@ft.component
def Leaving() -> ft.Control:
    """Ask before signing out: what this device holds goes with it."""
    session, client, texts = use_session(), use_client(), use_texts()
    asking, set_asking = ft.use_state(False)
    leave = use_command(client.sign_out)

    async def away() -> None:
        set_asking(False)
        await leave.run()

    ft.use_dialog(_question(texts, leave, away, lambda: set_asking(False)) if asking else None)
    parts = [*error_notice(texts, leave.problem)]
    if session.demo:
        other = ft.Icons.SWITCH_ACCOUNT_OUTLINED
        parts.append(secondary(texts.t("Be someone else"), leave.run, icon=other, busy=leave.busy))
    parts.append(secondary(texts.t("Sign out"), lambda: set_asking(True), icon=ft.Icons.LOGOUT, disabled=leave.busy))
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _question(texts: Texts, leave: Command[None], away: Tap, stay: Tap) -> ft.AlertDialog:
    sentence = texts.t(
        "What this device keeps of your wallet is wiped. Your cashback stays yours: sign in again to see it."
    )
    return ft.AlertDialog(
        modal=True,
        title=title(texts.t("Sign out on this device?")),
        content=ft.Container(content=body(sentence), width=Size.NARROW),
        bgcolor=Color.CARD,
        actions=[
            quiet(texts.t("Stay signed in"), stay),
            primary(texts.t("Sign out"), away, busy=leave.busy),
        ],
    )
