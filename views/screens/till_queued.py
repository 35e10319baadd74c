"""The receipt of a sale without a network: what is sure, what is not yet, and the next customer by one key."""

from __future__ import annotations

import flet as ft

from contract.money import Money
from services.offline_sales import QueueItem
from services.texts import Texts
from views.session import go, use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.till.hooks import use_value
from views.till.keys import use_keys
from views.till.parts import figure, has_keyboard, with_key
from views.till.queue import QUEUE, came_of
from views.till.sale import use_sale
from views.tokens import Color, Size, Space
from views.ui import layout, skeleton
from views.ui.buttons import primary, quiet
from views.ui.cards import card, divider
from views.ui.chips import line
from views.ui.words import caption, display, title


@ft.component
def TillQueued() -> ft.Control:
    """Shown after a confirm without a network; once the receipt is sent it says what came of it."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    sale, status = use_sale(), use_slice(session.store.till)
    key_of_receipt = ft.use_route_params().get("id", "")
    nothing: QueueItem | None = None
    item, set_item = use_value(nothing)

    async def look() -> None:
        set_item(await client.till.queue.item(key_of_receipt))

    def next_customer() -> None:
        sale.clear()
        go("/till")

    def key(name: str) -> None:
        if name in {"Enter", "Escape"}:
            next_customer()

    use_task(look, [key_of_receipt, status])
    use_keys(key)
    keys = has_keyboard(ft.context.page)
    forward = primary(with_key(texts.t("Next customer"), "Enter", keys), next_customer, icon=ft.Icons.QR_CODE_SCANNER)
    if item is None:
        return layout.page([skeleton.rows(texts), forward], width, most=Size.NARROW)
    queue = quiet(texts.t("See the queue"), lambda: go(QUEUE), icon=ft.Icons.SCHEDULE_SEND_OUTLINED)
    return layout.page([*_paper(texts, item), forward, queue], width, most=Size.NARROW)


def _paper(texts: Texts, item: QueueItem) -> list[ft.Control]:
    receipt = item.receipt
    who = texts.t("Member {number}", number=receipt.member_name)
    waits = item.state == "waiting"
    head = ft.Column(
        [
            ft.Icon(
                ft.Icons.SCHEDULE_SEND_OUTLINED if waits else ft.Icons.CHECK_CIRCLE,
                color=Color.WARM if waits or item.is_problem else Color.BRAND,
                size=Size.LOGO,
            ),
            caption(texts.t("To pay")),
            display(texts.money(receipt.to_pay), centred=True),
        ],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=Space.XS,
        tight=True,
    )
    rows: list[ft.Control] = [
        title(texts.t("{name} earns at least {amount}", name=who, amount=texts.money(receipt.told))),
        *([caption(texts.t("It may come to more once this till is online."))] if receipt.more and waits else []),
        divider(),
        figure(texts.t("Basket"), texts.money(receipt.total)),
    ]
    if receipt.redeemed:
        spent = Money(amount=-receipt.redeemed.amount, currency=receipt.redeemed.currency)
        rows.append(figure(texts.t("Spent cashback"), texts.money(spent, signed=True), icon=ft.Icons.NORTH_EAST))
    rows += [divider(), line(*_state(texts, item)), caption(texts.t("Receipt {number}", number=receipt.receipt_number))]
    return [head, card(ft.Column(rows, spacing=Space.M, tight=True))]


def _state(texts: Texts, item: QueueItem) -> tuple[ft.IconData, str]:
    if item.state == "waiting":
        return (
            ft.Icons.SAVE_OUTLINED,
            texts.t("This receipt is safe on this till. It is sent when the network is back."),
        )
    return ft.Icons.ERROR_OUTLINE if item.is_problem else ft.Icons.CHECK, came_of(texts, item)
