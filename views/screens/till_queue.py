"""The till's queue: what waits for the network, and what came of each receipt until somebody has read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from services.offline_sales import QueueItem
from services.texts import Texts
from views.commands import use_command
from views.session import go, use_client, use_now, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.till.hooks import use_value
from views.till.queue import came_of
from views.till.standing import ClockNotice, standing
from views.tokens import Color, Size, Space
from views.ui import layout, skeleton
from views.ui.buttons import quiet, secondary
from views.ui.cards import card, divider
from views.ui.empty import empty
from views.ui.money import money
from views.ui.rows import mark
from views.ui.words import body, caption, label, title

_AGE = 30.0
"""Seconds between two renderings of an age."""


@ft.component
def TillQueue() -> ft.Control:
    """Problems first, each with what to do; then what waits; then what was posted."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    status = use_slice(session.store.till)
    now = use_now(_AGE)
    nothing: list[QueueItem] | None = None
    items, set_items = use_value(nothing)

    async def look() -> None:
        set_items(await client.till.queue.items())

    use_task(look, [status])

    async def see(*keys: str) -> None:
        await client.till.queue.see(keys)

    seen = use_command(see)
    if items is None:
        return layout.page([skeleton.rows(texts)], width)
    problems = [item for item in items if item.state == "refused" and not item.seen]
    waiting = [item for item in items if item.state == "waiting"]
    posted = [item for item in items if item.state == "posted" and not item.seen]
    older = [item for item in items if item.seen]
    parts: list[ft.Control] = [ClockNotice(), standing(texts, status, now)]
    if not items:
        back = secondary(texts.t("Scan"), lambda: go("/till"))
        return layout.page([*parts, empty("purchases", texts.t("Nothing waits here."), back)], width)
    if problems:
        boxes = [_problem(texts, item, seen.run) for item in problems]
        parts += [title(texts.t("To look at")), *boxes]
    if waiting:
        parts += [title(texts.t("Waiting")), _rows(texts, waiting)]
    if posted:
        keys = [item.receipt.key for item in posted]
        head = ft.Row(
            [
                ft.Container(content=title(texts.t("Posted")), expand=True),
                quiet(texts.t("All read"), partial(seen.run, *keys)),
            ]
        )
        parts += [head, _rows(texts, posted)]
    if older:
        parts += [title(texts.t("Read before")), _rows(texts, older[:50])]
    return layout.page(parts, width)


def _problem(texts: Texts, item: QueueItem, seen: Callable[[str], Awaitable[bool]]) -> ft.Control:
    done = secondary(texts.t("I have read it"), partial(seen, item.receipt.key))
    content = ft.Column([_row(texts, item), done], spacing=Space.M, tight=True)
    return card(content, tone=Color.CARD_RAISED)


def _rows(texts: Texts, items: list[QueueItem]) -> ft.Control:
    rows: list[ft.Control] = []
    for item in items:
        rows += [_row(texts, item), divider()]
    return card(ft.Column(rows[:-1], spacing=Space.M, tight=True))


def _row(texts: Texts, item: QueueItem) -> ft.Control:
    receipt = item.receipt
    words = ft.Column(
        [
            label(f"{texts.t('Member {number}', number=receipt.member_name)} · {texts.time(receipt.at)}", lines=1),
            body(came_of(texts, item)),
            caption(receipt.receipt_number, lines=1),
        ],
        spacing=Space.HAIR,
        tight=True,
        expand=True,
    )
    return ft.Row(
        [_lead(item), words, ft.Container(content=money(texts, receipt.to_pay), padding=Size.HAIRLINE)],
        spacing=Space.M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _lead(item: QueueItem) -> ft.Control:
    if item.state == "refused":
        return mark(ft.Icons.ERROR_OUTLINE, Color.WARM_SOFT, Color.ON_WARM_SOFT)
    return mark(ft.Icons.SCHEDULE_SEND_OUTLINED if item.state == "waiting" else ft.Icons.CHECK)
