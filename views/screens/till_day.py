"""The store's day: what was sold, earned, spent and taken back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import flet as ft

from contract.money import Money
from contract.till import TillPurchase
from services.texts import Texts
from views.commands import use_command
from views.session import use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.till.hooks import use_value
from views.till.latest import receipt_row
from views.till.parts import figure
from views.tokens import Color, Space
from views.ui import layout, skeleton
from views.ui.buttons import icon_button, quiet
from views.ui.cards import card
from views.ui.empty import empty
from views.ui.notices import error_notice
from views.ui.rows import list_end
from views.ui.words import caption, title

MOST_PAGES = 40
"""Pages that one look reads; a store with more receipts in a day sees that the list goes on."""


@ft.component
def TillDay() -> ft.Control:
    """Today's receipts of this store with their sums."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    staff = use_slice(session.store.who).staff
    nothing: tuple[TillPurchase, ...] | None = None
    items, set_items = use_value(nothing)
    zone = ZoneInfo(staff.timezone if staff is not None else "UTC")

    async def read() -> None:
        found: list[TillPurchase] = []
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = await client.till.purchases(cursor=cursor)
            today = [item for item in page.items if _same_day(item.at, session.now(), zone)]
            found += today
            cursor = page.next_cursor
            if cursor is None or len(today) < len(page.items):
                break
        set_items(tuple(found))

    load = use_command(read)

    async def first() -> None:
        await load.run()

    use_task(first)
    head = ft.Row(
        [
            ft.Container(content=title(texts.t("Today"), level=1), expand=True),
            icon_button(ft.Icons.REFRESH, texts.t("Refresh"), load.run, disabled=load.busy),
        ]
    )
    if items is None:
        again = quiet(texts.t("Try again"), load.run)
        rest = error_notice(texts, load.problem, again) if load.problem else [skeleton.rows(texts)]
        return layout.page([head, *rest], width)
    trouble = error_notice(texts, load.problem)
    if not items:
        return layout.page([head, *trouble, empty("purchases", texts.t("Nothing was sold yet today."))], width)
    rows = [receipt_row(texts, item, texts.time(item.at)) for item in items]
    listed = card(ft.Column(rows, spacing=Space.NONE, tight=True), padding=Space.XS)
    return layout.page([head, *trouble, _sums(texts, items), listed, list_end(texts.t("That is all of today."))], width)


def _same_day(at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    return at.astimezone(zone).date() == now.astimezone(zone).date()


def _sums(texts: Texts, items: tuple[TillPurchase, ...]) -> ft.Control:
    currency = items[0].total.currency

    def total(amounts: list[Money]) -> str:
        return texts.money(Money(amount=sum(amount.amount for amount in amounts), currency=currency))

    back = [item for item in items if item.refunded]
    rows = [
        caption(texts.n("{n} receipt", "{n} receipts", len(items))),
        figure(texts.t("Sold"), total([item.total for item in items])),
        figure(texts.t("Earned"), total([item.earned for item in items]), tone=Color.BRAND, icon=ft.Icons.SOUTH_WEST),
        figure(texts.t("Spent"), total([item.redeemed for item in items]), icon=ft.Icons.NORTH_EAST),
    ]
    if back:
        rows.append(figure(texts.t("Receipts taken back"), str(len(back)), icon=ft.Icons.UNDO))
    return card(ft.Column(rows, spacing=Space.M, tight=True), tone=Color.CARD_RAISED)
