"""Find the receipt that comes back: by its number, or in the store's list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import flet as ft

from contract.till import TillPurchase
from services.texts import Texts
from views.commands import use_command
from views.session import use_client, use_session, use_task, use_texts, use_width
from views.till.field import typing_field, use_port
from views.till.hooks import use_value
from views.till.latest import receipt_row
from views.till.parts import has_keyboard
from views.tokens import Space
from views.ui import layout, skeleton
from views.ui.buttons import quiet, secondary
from views.ui.cards import card
from views.ui.empty import empty
from views.ui.notices import error_notice
from views.ui.rows import list_end, section
from views.ui.words import title


@ft.component
def TillRefund() -> ft.Control:
    """The store's receipts, newest first; a typed or scanned receipt number shows those with it."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    no_items: tuple[TillPurchase, ...] | None = None
    items, set_items = use_value(no_items)
    no_cursor: str | None = None
    cursor, set_cursor = use_value(no_cursor)
    number, set_number = use_value("")
    load = use_command(client.till.purchases)

    async def find(wanted: str) -> None:
        if await load.run(receipt_number=wanted.strip() or None) and load.result is not None:
            set_number(wanted.strip())
            set_items(tuple(load.result.items))
            set_cursor(load.result.next_cursor)

    async def more() -> None:
        if await load.run(receipt_number=number or None, cursor=cursor) and load.result is not None:
            set_items((*(items or ()), *load.result.items))
            set_cursor(load.result.next_cursor)

    use_task(lambda: find(""))
    port = use_port(on_submit=find)
    field = typing_field(
        port, texts.t("Receipt number"), autofocus=has_keyboard(ft.context.page), icon=ft.Icons.RECEIPT_LONG_OUTLINED
    )
    search = ft.Row(
        [ft.Container(content=field, expand=True), secondary(texts.t("Find"), lambda: find(port.typed.text))],
        spacing=Space.M,
    )
    parts: list[ft.Control] = [title(texts.t("Refund"), level=1), search, *error_notice(texts, load.problem)]
    if items is None:
        return layout.page([*parts, skeleton.rows(texts)] if load.problem is None else parts, width)
    if not items:
        return layout.page([*parts, _none(texts, number, find)], width)
    foot = (
        quiet(texts.t("Show older receipts"), more, disabled=load.busy)
        if cursor is not None
        else list_end(texts.t("These are all receipts."))
    )
    return layout.page([*parts, *_days(texts, items, session.now()), foot], width)


def _days(texts: Texts, items: tuple[TillPurchase, ...], now: datetime) -> list[ft.Control]:
    """The receipts under a heading for each day."""
    groups: dict[str, list[ft.Control]] = {}
    for item in items:
        groups.setdefault(texts.day_heading(item.at, now), []).append(receipt_row(texts, item, texts.time(item.at)))
    parts: list[ft.Control] = []
    for heading, rows in groups.items():
        parts += [section(heading), card(ft.Column(rows, spacing=Space.NONE, tight=True), padding=Space.XS)]
    return parts


def _none(texts: Texts, number: str, find: Callable[[str], Awaitable[None]]) -> ft.Control:
    if not number:
        return empty("purchases", texts.t("This store has no receipts yet."))
    sentence = texts.t("No receipt of this store has the number {number}.", number=number)
    return empty("purchases", sentence, quiet(texts.t("Show all receipts"), lambda: find("")))
