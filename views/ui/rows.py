"""Rows of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from views.tokens import Color, Size, Space
from views.ui.buttons import quiet
from views.ui.words import caption, label, title


def row(
    name: str,
    below: str,
    *,
    icon: ft.IconData | None = None,
    lead: ft.Control | None = None,
    trailing: ft.Control | None = None,
    on_click: Callable[..., Any] | None = None,
    spoken: str | None = None,
    chosen: bool = False,
    key: str | None = None,
) -> ft.Control:
    """A row: a lead, a name with a line below, something at the end; with ``on_click`` a button named ``spoken``."""
    if lead is None and icon is not None:
        lead = mark(icon)
    middle = ft.Column(
        [label(name), *([caption(below)] if below else [])],
        spacing=Space.HAIR,
        tight=True,
        expand=True,
    )
    parts = [part for part in (lead, middle, trailing) if part is not None]
    content: ft.Control = ft.Row(parts, spacing=Space.M, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    if on_click is not None:
        # the words inside, the tap outside: else assistive technology sees a button that it cannot press
        content = ft.Semantics(
            content=content, label=spoken, selected=chosen or None, exclude_semantics=spoken is not None
        )
    return ft.Container(
        content=content,
        padding=ft.Padding.symmetric(vertical=Space.M, horizontal=Space.L),
        bgcolor=Color.CHOSEN if chosen else None,
        border_radius=Size.RADIUS_SMALL,
        on_click=on_click,
        ink=on_click is not None,
        key=key,
    )


def mark(icon: ft.IconData, tone: str = Color.CARD_RAISED, ink: str = Color.TEXT) -> ft.Control:
    """A round mark with an icon, in front of a row."""
    return ft.Container(
        content=ft.Icon(icon, size=Size.ICON - Space.XS, color=ink),
        width=Size.AVATAR,
        height=Size.AVATAR,
        border_radius=Size.AVATAR,
        bgcolor=tone,
        alignment=ft.Alignment.CENTER,
    )


def section(name: str, more: str | None = None, on_more: Callable[..., Any] | None = None) -> ft.Control:
    """The heading of a section, with a way to all of it."""
    if more is None or on_more is None:
        return ft.Container(content=title(name), padding=ft.Padding.symmetric(vertical=Space.M))
    return ends(title(name), quiet(more, on_more))


def ends(left: ft.Control, right: ft.Control) -> ft.Control:
    """Two parts at the ends of a line; under each other where large text leaves no room for both."""
    return ft.Row(
        [left, right],
        wrap=True,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=Space.S,
        run_spacing=Space.XS,
    )


def list_end(sentence: str) -> ft.Control:
    """The end of a list, said."""
    return ft.Container(
        content=caption(sentence, centred=True),
        alignment=ft.Alignment.CENTER,
        padding=ft.Padding.symmetric(vertical=Space.L),
    )
