"""Buttons: one that matters, quieter ones beside it, and icons that have a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from views.tokens import Color, Size, Space
from views.ui.words import around_a_line

Tap = Callable[..., Any]


def primary(
    name: str,
    on_click: Tap,
    *,
    busy: bool = False,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    expand: bool = False,
    tone: str = Color.BRAND,
    ink: str = Color.ON_BRAND,
    spoken: str | None = None,
) -> ft.Control:
    """The action that matters. While ``busy`` it shows a ring and cannot be pressed; ``spoken`` is its full name."""
    return ft.FilledButton(
        content=_content(name, icon, busy, ink if not (busy or disabled) else Color.QUIET, spoken),
        on_click=on_click,
        disabled=busy or disabled,
        expand=expand or None,
        style=ft.ButtonStyle(
            bgcolor={ft.ControlState.DISABLED: Color.CARD_PRESSED, ft.ControlState.DEFAULT: tone},
            color={ft.ControlState.DISABLED: Color.QUIET, ft.ControlState.DEFAULT: ink},
            shadow_color=Color.CLEAR,
            padding=around_a_line(Size.BUTTON, Space.XL),
        ),
    )


def secondary(
    name: str,
    on_click: Tap,
    *,
    busy: bool = False,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    expand: bool = False,
) -> ft.Control:
    """An action beside the one that matters."""
    return ft.OutlinedButton(
        content=_content(name, icon, busy, Color.BRAND if not (busy or disabled) else Color.QUIET),
        on_click=on_click,
        disabled=busy or disabled,
        expand=expand or None,
        style=ft.ButtonStyle(
            side={
                ft.ControlState.FOCUSED: ft.BorderSide(Size.FOCUS, Color.TEXT),
                ft.ControlState.DEFAULT: ft.BorderSide(Size.HAIRLINE, Color.LINE),
            },
            padding=around_a_line(Size.BUTTON, Space.XL),
        ),
    )


def quiet(
    name: str,
    on_click: Tap,
    *,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    ink: str = Color.BRAND,
    flush: bool = False,
) -> ft.Control:
    """A way out, or a way further, that should not draw the eye. ``flush``: it begins where the words above it do."""
    return ft.TextButton(
        content=_content(name, icon, False, Color.QUIET if disabled else ink),
        on_click=on_click,
        disabled=disabled,
        style=ft.ButtonStyle(padding=_around(flush)),
    )


def link(name: str, url: str, *, icon: ft.IconData | None = None, flush: bool = False) -> ft.Control:
    """A way to a page outside the app, which opens beside it."""
    return ft.TextButton(
        content=_content(name, icon, False, Color.BRAND),
        url=ft.Url(url, target=ft.UrlTarget.BLANK),
        style=ft.ButtonStyle(padding=_around(flush)),
    )


def icon_button(
    icon: ft.IconData,
    name: str,
    on_click: Tap,
    *,
    color: str = Color.TEXT,
    size: int = Size.ICON,
    disabled: bool = False,
) -> ft.Control:
    """An icon to press. ``name`` is its tooltip and what a screen reader says."""
    return ft.IconButton(
        icon=ft.Icon(icon, size=size, color=color, semantics_label=name),
        tooltip=name,
        on_click=on_click,
        disabled=disabled,
        width=Size.TARGET,
        height=Size.TARGET,
    )


def _around(flush: bool) -> ft.Padding:
    """What is around a quiet button's words; `flush`: they begin where it begins."""
    padding = around_a_line(Size.TARGET, Space.M)
    if flush:
        padding.left = Space.HAIR
    return padding


def _content(name: str, icon: ft.IconData | None, busy: bool, ink: str, spoken: str | None = None) -> ft.Control:
    lead: list[ft.Control] = []
    if busy:
        lead = [ft.ProgressRing(width=Size.ICON_SMALL, height=Size.ICON_SMALL, stroke_width=Space.HAIR, color=ink)]
    elif icon is not None:
        lead = [ft.Icon(icon, size=Size.ICON - Space.XS, color=ink)]
    words = ft.Text(
        name,
        color=ink,
        weight=ft.FontWeight.W_600,
        text_align=ft.TextAlign.CENTER,
        semantics_label=spoken,
        expand=True,
        expand_loose=True,
    )
    return ft.Row([*lead, words], spacing=Space.S, tight=True, alignment=ft.MainAxisAlignment.CENTER)
