"""The lines of a statement by the day on which they were written, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

import flet as ft

from contract.money import Money
from contract.statement import Movement
from services.books import change_of
from services.texts import Texts
from views.tokens import Color, Space
from views.ui.cards import card
from views.ui.money import Flow, money
from views.ui.rows import mark, row
from views.ui.words import caption, label

_ICONS: dict[str, ft.IconData] = {
    "accrual": ft.Icons.ADD,
    "release": ft.Icons.CHECK,
    "redemption": ft.Icons.SHOPPING_BAG_OUTLINED,
    "restoration": ft.Icons.UNDO,
    "clawback": ft.Icons.UNDO,
    "absorption": ft.Icons.UNDO,
    "expiry": ft.Icons.HOURGLASS_BOTTOM,
    "adjustment": ft.Icons.TUNE,
    "hold": ft.Icons.FLAG_OUTLINED,
}


def day_parts(texts: Texts, items: Sequence[Movement], now: datetime, go: Callable[[str], None]) -> list[ft.Control]:
    """A heading and a card for each day."""
    parts: list[ft.Control] = []
    for day, some in groupby(items, key=lambda item: texts.day_heading(item.recorded_at, now)):
        listed = [_line(texts, item, go) for item in some]
        heading = ft.Semantics(content=label(day, Color.QUIET), header=True, heading_level=2)
        parts.append(ft.Container(content=heading, padding=ft.Padding.only(top=Space.S)))
        parts.append(card(ft.Column(listed, spacing=Space.NONE, tight=True), padding=Space.XS))
    return parts


def _line(texts: Texts, item: Movement, go: Callable[[str], None]) -> ft.Control:
    name, below = what(texts, item), _below(texts, item)
    change = Money(amount=change_of(item), currency=item.amount.currency)
    after = _after(texts, item)
    bought = item.purchase_id
    return row(
        name,
        below,
        lead=mark(_ICONS.get(item.kind, ft.Icons.SWAP_HORIZ)),
        trailing=ft.Column(
            [_change(texts, item, change), caption(after)],
            spacing=Space.HAIR,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.END,
        ),
        on_click=None if bought is None else lambda: go(f"/purchases/{bought}"),
        spoken=", ".join(part for part in (name, below, texts.money(change, signed=True), after) if part),
        key=f"line-{item.version}",
    )


def _change(texts: Texts, item: Movement, change: Money) -> ft.Control:
    if change.amount < 0:
        return money(texts, Money(amount=-change.amount, currency=change.currency), "out", icon=False)
    flow: Flow = "pending" if item.kind == "accrual" and item.to_account == "pending" else "in"
    return money(texts, change, flow, icon=flow == "pending")


def what(texts: Texts, item: Movement) -> str:
    """What a line is, in a word or two."""
    if item.kind == "adjustment" and item.to_account == "available":
        return texts.t("Given by the store")
    if item.kind == "clawback" and item.refund_id is None:
        return texts.t("Taken back after a check")
    said = {
        "accrual": texts.t("Earned"),
        "release": texts.t("Became available"),
        "redemption": texts.t("Spent"),
        "restoration": texts.t("Given back"),
        "clawback": texts.t("Taken back for a return"),
        "absorption": texts.t("Made up for a return"),
        "expiry": texts.t("Expired"),
        "adjustment": texts.t("Corrected"),
        "hold": texts.t("Put aside for a check"),
    }
    return said.get(item.kind) or texts.t("Another change")


def _below(texts: Texts, item: Movement) -> str:
    written, happened = texts.date(item.recorded_at), texts.date(item.event_at)
    day = texts.t("of {date}", date=texts.short_date(item.event_at)) if written != happened else ""
    return " · ".join(part for part in (item.store or "", day) if part)


def _after(texts: Texts, item: Movement) -> str:
    if item.effect.available:
        return texts.t("{amount} available", amount=texts.money(item.balance.available))
    if item.effect.pending:
        return texts.t("{amount} pending", amount=texts.money(item.balance.pending))
    return texts.t("{amount} to make up", amount=texts.money(item.balance.debt))
