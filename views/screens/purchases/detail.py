"""One purchase: what it cost, what it earned, why, when that can be spent, and what came back."""

from __future__ import annotations

import flet as ft

from contract.wallet import Purchase
from services.texts import Texts
from views.commands import use_command
from views.screens.purchases.lines import lines_card
from views.screens.purchases.refunds import refund_cards
from views.screens.purchases.summary import summary_card
from views.screens.purchases.terms import terms_that_applied
from views.session import go, use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Size, Space, Type
from views.ui.buttons import icon_button, quiet, secondary
from views.ui.claiming import AskAbout
from views.ui.empty import empty
from views.ui.feedback import HowWasIt
from views.ui.keyed import keyed
from views.ui.layout import page
from views.ui.notices import error_notice
from views.ui.skeleton import rows
from views.ui.words import caption, text


@ft.component
def PurchaseDetail() -> ft.Control:
    """The purchase that the route names, from this device or else from the API."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    purchase_id = ft.use_route_params().get("id", "")
    purchases = use_slice(session.store.purchases)
    asked, set_asked = ft.use_state("")
    command = use_command(client.purchase)
    known = next((each for each in purchases.items if each.purchase_id == purchase_id), None)

    async def fetch() -> None:
        if known is None:
            await command.run(purchase_id)
            set_asked(purchase_id)

    use_task(fetch, [purchase_id])
    purchase = known or command.result
    if purchase is not None and purchase.purchase_id == purchase_id:
        parts = [
            _head(texts, purchase),
            summary_card(texts, purchase, session.now()),
            *refund_cards(texts, purchase),
            lines_card(texts, purchase),
            keyed(HowWasIt, f"feedback-{purchase_id}", purchase_id),
            keyed(AskAbout, f"claim-{purchase_id}", purchase_id),
            *terms_that_applied(texts, purchase),
        ]
        return page(parts, width)
    if command.problem is not None:
        return page(error_notice(texts, command.problem, secondary(texts.t("Try again"), fetch)), width)
    if asked != purchase_id:
        return page([rows(texts)], width)
    back = quiet(texts.t("Show all purchases"), lambda: go("/purchases"))
    return page([empty("lost", texts.t("You have no such purchase."), back)], width)


def _head(texts: Texts, purchase: Purchase) -> ft.Control:
    when = texts.t("{date} at {time}", date=texts.date(purchase.at), time=texts.time(purchase.at))
    return ft.Column(
        [
            ft.Semantics(content=text(purchase.store.name, Type.HEADLINE), header=True, heading_level=1),
            text(when, color=Color.QUIET),
            keyed(ReceiptNumber, f"number-{purchase.purchase_id}", purchase.receipt_number),
        ],
        spacing=Space.HAIR,
        tight=True,
    )


@ft.component
def ReceiptNumber(number: str) -> ft.Control:
    """The receipt's number, and a tap that copies it."""
    texts = use_texts()
    copied, set_copied = ft.use_state(False)

    async def copy() -> None:
        await ft.Clipboard().set(number)
        set_copied(True)

    icon = ft.Icons.CHECK if copied else ft.Icons.CONTENT_COPY
    name = texts.t("Copied") if copied else texts.t("Copy the receipt number")
    return ft.Row(
        [
            caption(texts.t("Receipt {number}", number=number)),
            icon_button(icon, name, copy, color=Color.BRAND if copied else Color.QUIET, size=Size.ICON_SMALL),
        ],
        spacing=Space.NONE,
        wrap=True,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
