"""A receipt on paper, or by mail to the member who asks for it."""

from __future__ import annotations

import flet as ft

from views.commands import use_command
from views.session import use_client, use_session, use_texts
from views.tokens import Space
from views.ui.buttons import secondary
from views.ui.notices import error_notice, notice


@ft.component
def ReceiptWays(purchase_id: str) -> ft.Control:
    """Print it, or send it: only on the member's own word, to the address that the API knows."""
    client, texts, session = use_client(), use_texts(), use_session()
    sent, set_sent = ft.use_state(False)

    async def print_it() -> None:
        address = await client.shop.print_link(purchase_id, session.preferences.language)
        await ft.UrlLauncher().launch_url(address, web_only_window_name="_blank")

    async def mail_it() -> None:
        await client.shop.mail_receipt(purchase_id)
        set_sent(True)

    printing, mailing = use_command(print_it), use_command(mail_it)
    ways: list[ft.Control] = [
        secondary(texts.t("Print"), printing.run, busy=printing.busy, icon=ft.Icons.PRINT_OUTLINED),
        secondary(
            texts.t("They ask for it by e-mail"),
            mailing.run,
            busy=mailing.busy,
            disabled=sent,
            icon=ft.Icons.MAIL_OUTLINE,
        ),
    ]
    said = [notice(texts.t("The receipt is on its way."), icon=ft.Icons.MARK_EMAIL_READ_OUTLINED)] if sent else []
    return ft.Column(
        [
            *ways,
            *said,
            *error_notice(texts, printing.problem or mailing.problem),
        ],
        spacing=Space.S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
