"""Cards: a tone, round corners, no shadow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from views.tokens import Color, Size, Space

Tap = Callable[..., Any]


def card(
    content: ft.Control,
    *,
    tone: str = Color.CARD,
    padding: ft.PaddingValue = Space.L,
    on_click: Tap | None = None,
    name: str | None = None,
    key: str | None = None,
    width: int | None = None,
) -> ft.Control:
    """A card; with ``on_click`` it is a button, and ``name`` is what a screen reader calls it."""
    box = ft.Container(
        content=content,
        bgcolor=tone,
        padding=padding,
        border_radius=Size.RADIUS,
        on_click=on_click,
        ink=on_click is not None,
        width=width,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        key=key if name is None else None,
    )
    if name is None:
        return box
    return ft.Semantics(content=box, label=name, button=on_click is not None, container=True, key=key)


def divider() -> ft.Control:
    """A hairline between rows of a card."""
    return ft.Divider(height=Size.HAIRLINE, thickness=Size.HAIRLINE, color=Color.LINE)
