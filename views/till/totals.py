"""The totals of a shift, as the API counts them."""

from __future__ import annotations

import flet as ft

from contract.shifts import ShiftTotals
from services.texts import Texts
from views.till.parts import figure
from views.tokens import Color, Space
from views.ui.cards import card
from views.ui.words import caption


def totals_card(texts: Texts, totals: ShiftTotals) -> ft.Control:
    """Sold, earned, spent and taken back."""
    rows: list[ft.Control] = [
        caption(texts.n("{n} receipt", "{n} receipts", totals.receipts)),
        figure(texts.t("Sold"), texts.money(totals.sold), strong=True),
        figure(texts.t("Earned"), texts.money(totals.earned), tone=Color.BRAND, icon=ft.Icons.SOUTH_WEST),
        figure(texts.t("Spent"), texts.money(totals.spent), icon=ft.Icons.NORTH_EAST),
    ]
    if totals.refunds:
        rows.append(figure(texts.t("Taken back"), texts.money(totals.refunded), icon=ft.Icons.UNDO))
        rows.append(caption(texts.n("{n} refund", "{n} refunds", totals.refunds)))
    return card(ft.Column(rows, spacing=Space.M, tight=True), tone=Color.CARD_RAISED)
