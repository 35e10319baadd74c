"""Find the receipt that comes back: by its number, by its member, by its day, or in the store's list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import flet as ft

from contract.till import TillPurchase, TillPurchases
from services.finding import EVERY, Wanted, wanted
from services.scanning import Keyed, is_member_code
from services.texts import Texts
from views.commands import Command, use_command
from views.session import use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.till.days import DayChoice
from views.till.field import typing_field, use_port
from views.till.hooks import use_value
from views.till.keys import typing_in_a_field, use_scanner
from views.till.latest import receipt_row
from views.till.parts import has_keyboard
from views.tokens import Space
from views.ui import layout, skeleton
from views.ui.buttons import icon_button, quiet, secondary
from views.ui.cards import card
from views.ui.empty import empty
from views.ui.notices import error_notice
from views.ui.rows import list_end, section
from views.ui.words import caption, title

SHORTEST = 8
"""Keys that a scan has at least."""
Find = Callable[[str, date | None], Awaitable[None]]


@ft.component
def TillRefund() -> ft.Control:
    """The store's receipts, newest first; what is typed or scanned, and a day, narrow them."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    staff = use_slice(session.store.who).staff
    zone = ZoneInfo(staff.timezone if staff is not None else "UTC")
    no_items: tuple[TillPurchase, ...] | None = None
    items, set_items = use_value(no_items)
    no_cursor: str | None = None
    cursor, set_cursor = use_value(no_cursor)
    meant, set_meant = use_value(EVERY)
    said, set_said = use_value("")
    version, set_version = use_value(0)
    load = use_command(client.till.purchases)

    async def find(text: str, day: date | None) -> None:
        asked = wanted(text, day)
        if await load.run(asked) and load.result is not None:
            set_meant(asked)
            set_said(text.strip())
            set_items(tuple(load.result.items))
            set_cursor(load.result.next_cursor)

    async def more() -> None:
        if await load.run(meant, cursor=cursor) and load.result is not None:
            set_items((*(items or ()), *load.result.items))
            set_cursor(load.result.next_cursor)

    async def everything() -> None:
        port.typed.text = ""
        set_version(version + 1)
        await find("", None)

    page = ft.context.page

    async def scanned(keyed: Keyed) -> bool:
        code = keyed.find(is_member_code) or ("" if typing_in_a_field(page) else keyed.tail)
        if len(code) < SHORTEST:
            return False
        await find(code, meant.day)
        return True

    async def look_up() -> None:
        await find(port.typed.text, meant.day)

    use_scanner(scanned)
    use_task(lambda: find("", None))
    port = use_port(on_submit=lambda text: find(text, meant.day))
    field = typing_field(
        port,
        texts.t("Receipt or member"),
        version=version,
        autofocus=has_keyboard(page),
        icon=ft.Icons.SEARCH,
    )
    look = icon_button(ft.Icons.ARROW_FORWARD, texts.t("Find"), look_up)
    search = ft.Row([ft.Container(content=field, expand=True), look], spacing=Space.S)
    parts: list[ft.Control] = [
        ft.Container(content=title(texts.t("Refund"), level=1), padding=ft.Padding.symmetric(vertical=Space.M)),
        search,
        caption(texts.t("A member goes by a phone number, an e-mail, a name, or a scan of their code.")),
        DayChoice(meant.day, session.now().astimezone(zone).date(), lambda day: find(port.typed.text, day)),
        *error_notice(texts, load.problem),
    ]
    if items is None:
        return layout.page([*parts, skeleton.rows(texts)] if load.problem is None else parts, width)
    if not items:
        return layout.page([*parts, _none(texts, said, meant, everything)], width)
    return layout.page([*parts, *_days(texts, items, session.now()), _foot(texts, cursor, more, load)], width)


def _foot(
    texts: Texts, cursor: str | None, more: Callable[[], Awaitable[None]], load: Command[TillPurchases]
) -> ft.Control:
    if cursor is None:
        return list_end(texts.t("These are all receipts."))
    return ft.Row(
        [secondary(texts.t("Show older receipts"), more, busy=load.busy)], alignment=ft.MainAxisAlignment.CENTER
    )


def _days(texts: Texts, items: tuple[TillPurchase, ...], now: datetime) -> list[ft.Control]:
    """The receipts under a heading for each day, the newest day first: what a till sent late stands on its own day."""
    groups: dict[str, list[ft.Control]] = {}
    for item in sorted(items, key=lambda each: each.at, reverse=True):
        groups.setdefault(texts.day_heading(item.at, now), []).append(receipt_row(texts, item, texts.time(item.at)))
    parts: list[ft.Control] = []
    for heading, rows in groups.items():
        parts += [section(heading), card(ft.Column(rows, spacing=Space.NONE, tight=True), padding=Space.XS)]
    return parts


def _none(texts: Texts, said: str, meant: Wanted, everything: Callable[[], Awaitable[None]]) -> ft.Control:
    if meant == EVERY:
        return empty("purchases", texts.t("This store has no receipts yet."))
    if meant.receipt_number is not None:
        sentence = texts.t("No receipt of this store has the number {number}.", number=said)
    elif meant.member is not None:
        sentence = texts.t("This store has no receipt of {member} there.", member=said)
    else:
        sentence = texts.t("Nothing was sold to members on that day.")
    return empty("purchases", sentence, quiet(texts.t("Show all receipts"), everything))
