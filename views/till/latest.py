"""The store's latest receipts, for a refund that is asked for at the till."""

from __future__ import annotations

from datetime import datetime, timedelta

import flet as ft

from contract.errors import ErrorCode
from contract.till import TillPurchase, TillPurchases
from services.texts import Texts
from views.commands import use_command
from views.session import go, use_client, use_session, use_task, use_texts
from views.state import use_slice
from views.till.holds import hold_words
from views.till.hooks import use_value
from views.tokens import Color, Space
from views.ui import skeleton
from views.ui.buttons import quiet
from views.ui.cards import card
from views.ui.money import money
from views.ui.notices import error_notice
from views.ui.rows import row, section
from views.ui.words import caption


@ft.component
def LatestReceipts(limit: int) -> ft.Control:
    """The newest few, with the way to all of them."""
    client, texts, session = use_client(), use_texts(), use_session()
    nothing: TillPurchases | None = None
    page, set_page = use_value(nothing)
    load = use_command(client.till.purchases)

    async def look() -> None:
        if await load.run():
            set_page(load.result)

    connection = use_slice(session.store.link).connection
    use_task(look, [connection])
    head = section(texts.t("Latest receipts"), texts.t("All"), lambda: go("/till/refund"))
    if page is None:
        if load.problem is not None and load.problem.code is ErrorCode.OFFLINE:
            return _below(head, caption(texts.t("They come back with the network.")))
        if load.problem is None:
            return _below(head, skeleton.rows(texts, 3))
        retry = quiet(texts.t("Try again"), look)
        return _below(head, *error_notice(texts, load.problem, retry))
    if not page.items:
        return _below(head, caption(texts.t("Nothing was sold yet today.")))
    now = session.now()
    newest = sorted(page.items, key=lambda item: item.at, reverse=True)[
        :limit
    ]  # a queue is sent later than it was sold
    rows = [receipt_row(texts, item, _when(texts, item, now)) for item in newest]
    return _below(head, card(ft.Column(rows, spacing=Space.NONE, tight=True), padding=Space.XS))


def _below(head: ft.Control, *parts: ft.Control) -> ft.Control:
    return ft.Column([head, *parts], tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _when(texts: Texts, item: TillPurchase, now: datetime) -> str:
    recent = now - item.at < timedelta(hours=16)
    return texts.time(item.at) if recent else texts.date(item.at)


def receipt_row(texts: Texts, item: TillPurchase, when: str) -> ft.Control:
    """One receipt; it opens to its refund."""
    what = texts.t("refunded") if item.refunded else texts.t("earned {amount}", amount=texts.money(item.earned))
    total, held = texts.money(item.total), hold_words(texts, item.review, item.review_kind)
    return row(
        item.member_name,
        "\n".join(part for part in (f"{item.receipt_number} · {when}", held) if part),
        icon=_icon(item),
        trailing=ft.Column(
            [money(texts, item.total), caption(what, Color.QUIET)],
            spacing=Space.HAIR,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.END,
        ),
        on_click=lambda: go(f"/till/refund/{item.purchase_id}"),
        spoken=", ".join(part for part in (item.member_name, total, what, item.receipt_number, held) if part),
        key=item.purchase_id,
    )


def _icon(item: TillPurchase) -> ft.IconData:
    if item.review is not None:
        return ft.Icons.FLAG_OUTLINED
    return ft.Icons.UNDO if item.refunded else ft.Icons.RECEIPT_LONG_OUTLINED
