"""Amounts: figure, sign, colour and icon together, so that none of them has to be seen."""

from __future__ import annotations

from typing import Literal

import flet as ft

from contract.money import Money
from services.texts import Texts
from views.tokens import Color, Size, Space, Type
from views.ui.words import text

Flow = Literal["in", "out", "pending", "none"]

_LOOK: dict[Flow, tuple[str, ft.IconData | None]] = {
    "in": (Color.BRAND, ft.Icons.SOUTH_WEST),
    "out": (Color.TEXT, ft.Icons.NORTH_EAST),
    "pending": (Color.QUIET, ft.Icons.SCHEDULE),
    "none": (Color.QUIET, None),
}


def money(
    texts: Texts, amount: Money, flow: Flow = "none", *, style: ft.TextThemeStyle = Type.LABEL, icon: bool = True
) -> ft.Control:
    """An amount that came in, went out, or is on its way; ``out`` takes a positive amount and shows a minus."""
    tone, sign = _LOOK[flow]
    shown = Money(amount=-amount.amount, currency=amount.currency) if flow == "out" else amount
    figure = text(texts.money(shown, signed=flow in ("in", "out", "pending")), style, tone, lines=1)
    if sign is None or not icon:
        return figure
    mark = ft.Icon(sign, size=Size.ICON_SMALL, color=tone, semantics_label=spoken_flow(texts, flow))
    return ft.Row([mark, figure], spacing=Space.XS, tight=True)


def spoken_flow(texts: Texts, flow: Flow) -> str:
    """What the colour and the icon say."""
    if flow == "in":
        return texts.t("Came in")
    if flow == "out":
        return texts.t("Spent")
    return texts.t("Pending") if flow == "pending" else ""
