"""The store's day: the shift as the API counts it, and today's receipts."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import flet as ft

from contract.shifts import Shift, ShiftPage
from contract.till import TillPurchase
from services.finding import Wanted
from services.texts import Texts
from views.commands import Command, use_command
from views.session import go, use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.till.closing import CloseShift
from views.till.hooks import use_value
from views.till.latest import receipt_row
from views.till.totals import totals_card
from views.tokens import Color, Space
from views.ui import layout, skeleton
from views.ui.buttons import icon_button, primary, quiet
from views.ui.cards import card
from views.ui.empty import empty
from views.ui.notices import error_notice
from views.ui.rows import list_end, row, section
from views.ui.words import body, caption, title

MOST_PAGES = 10
"""Pages that one look reads; the totals are the API's, whatever the list shows."""


@ft.component
def TillDay() -> ft.Control:
    """The open shift with its totals, those before it, and today's receipts."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    staff = use_slice(session.store.who).staff
    nothing: tuple[TillPurchase, ...] | None = None
    items, set_items = use_value(nothing)
    no_page: ShiftPage | None = None
    shifts, set_shifts = use_value(no_page)
    zone = ZoneInfo(staff.timezone if staff is not None else "UTC")

    async def read() -> None:
        set_shifts(await client.shop.shifts())
        today = Wanted(day=session.now().astimezone(zone).date())
        found: list[TillPurchase] = []
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = await client.till.purchases(today, cursor=cursor)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        set_items(tuple(sorted(found, key=lambda item: item.at, reverse=True)))

    load = use_command(read)

    async def start() -> None:
        await client.shop.open_shift()
        await read()

    async def more() -> None:
        if shifts is not None and shifts.next_cursor is not None:
            page = await client.shop.shifts(shifts.next_cursor)
            set_shifts(ShiftPage(items=[*shifts.items, *page.items], next_cursor=page.next_cursor))

    opening, older = use_command(start), use_command(more)

    async def first() -> None:
        await load.run()

    use_task(first)
    head = ft.Row(
        [
            ft.Container(content=title(texts.t("Today"), level=1), expand=True),
            icon_button(ft.Icons.REFRESH, texts.t("Refresh"), load.run, disabled=load.busy),
        ]
    )
    if items is None or shifts is None:
        again = quiet(texts.t("Try again"), load.run)
        rest = error_notice(texts, load.problem, again) if load.problem else [skeleton.rows(texts)]
        return layout.page([head, *rest], width)
    parts: list[ft.Control] = [head, *error_notice(texts, load.problem), *_shift(texts, shifts, opening, load)]
    if items:
        rows = [receipt_row(texts, item, texts.time(item.at)) for item in items]
        listed = card(ft.Column(rows, spacing=Space.NONE, tight=True), padding=Space.XS)
        parts += [section(texts.t("Today's receipts")), listed, list_end(texts.t("That is all of today."))]
    else:
        parts.append(empty("purchases", texts.t("Nothing was sold yet today.")))
    return layout.page([*parts, *_before(texts, shifts, older)], width)


def _shift(texts: Texts, shifts: ShiftPage, opening: Command[None], load: Command[None]) -> list[ft.Control]:
    """The open shift, or the way to open one."""
    current = next((each for each in shifts.items if each.closed_at is None), None)
    if current is None:
        words = [
            body(texts.t("No shift is open. You can sell all the same; a shift counts what you sell.")),
            ft.Row([primary(texts.t("Open a shift"), opening.run, busy=opening.busy, icon=ft.Icons.PLAY_ARROW)]),
            *error_notice(texts, opening.problem),
        ]
        return [card(ft.Column(words, spacing=Space.M, tight=True), tone=Color.CARD_RAISED)]
    since = texts.t(
        "Shift since {date}, {time}, opened by {name}",
        date=texts.date(current.opened_at),
        time=texts.time(current.opened_at),
        name=current.opened_by,
    )
    more = quiet(
        texts.t("By cashier and till"), lambda: go(f"/till/day/{current.shift_id}"), icon=ft.Icons.GROUP_OUTLINED
    )
    return [
        caption(since),
        totals_card(texts, current.totals),
        ft.Row([more]),
        CloseShift(current.shift_id, load.run),
    ]


def _before(texts: Texts, shifts: ShiftPage, older: Command[None]) -> list[ft.Control]:
    """The shifts that are closed, as far back as was asked for."""
    closed = [each for each in shifts.items if each.closed_at is not None]
    if not closed:
        return []
    rows = [_closed(texts, each) for each in closed]
    listed = card(ft.Column(rows, spacing=0, tight=True), padding=Space.XS)
    end = [] if shifts.next_cursor is None else [quiet(texts.t("Show more"), older.run, disabled=older.busy)]
    return [section(texts.t("Earlier shifts")), listed, *end, *error_notice(texts, older.problem)]


def _closed(texts: Texts, shift: Shift) -> ft.Control:
    when = texts.t("{date} at {time}", date=texts.date(shift.opened_at), time=texts.time(shift.opened_at))
    count = texts.n("{n} receipt", "{n} receipts", shift.totals.receipts)
    return row(
        when,
        f"{count} · {texts.t('closed by {name}', name=shift.closed_by)}",
        icon=ft.Icons.EVENT_AVAILABLE_OUTLINED,
        trailing=title(texts.money(shift.totals.sold), level=4),
        on_click=lambda: go(f"/till/day/{shift.shift_id}"),
        key=shift.shift_id,
    )
