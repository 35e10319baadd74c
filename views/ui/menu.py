"""One of many: a pill that opens a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from views.tokens import Color, Size, Space
from views.ui.choices import Choice
from views.ui.words import label


def menu(
    name: str, everything: str, options: Sequence[Choice], chosen: str, on_choose: Callable[[str], None]
) -> ft.Control:
    """A pill named ``name``, or by what is chosen; ``everything`` is the way back to no choice (an empty value)."""
    current = next((option for option in options if option.value == chosen), None)
    ink = Color.TEXT if current is None else Color.ON_BRAND_SOFT
    shown = name if current is None else current.name
    face = ft.Container(
        content=ft.Row(
            [label(shown, ink, yields=True), ft.Icon(ft.Icons.ARROW_DROP_DOWN, size=Size.ICON, color=ink)],
            spacing=Space.XS,
            tight=True,
        ),
        padding=ft.Padding(left=Space.L, top=Space.M, right=Space.S, bottom=Space.M),
        border_radius=Size.PILL,
        bgcolor=Color.CARD_RAISED if current is None else Color.BRAND_SOFT,
    )
    rows = [_item(Choice("", everything), chosen, on_choose), *(_item(each, chosen, on_choose) for each in options)]
    spoken = name if current is None else f"{name}: {current.name}"
    return ft.PopupMenuButton(
        content=ft.Semantics(content=face, label=spoken, exclude_semantics=True),
        items=rows,
        tooltip="",
        padding=Space.NONE,
        bgcolor=Color.CARD_RAISED,
        key=f"menu-{name}",
    )


def _item(option: Choice, chosen: str, on_choose: Callable[[str], None]) -> ft.PopupMenuItem:
    return ft.PopupMenuItem(
        content=option.name, checked=option.value == chosen, on_click=lambda: on_choose(option.value)
    )
