"""A yes or no: a row with a switch that says what it switches."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import flet as ft

from views.tokens import Color, Size, Space
from views.ui.words import caption, label


def switch(
    name: str,
    value: bool,
    on_change: Callable[[bool], Any],
    *,
    below: str = "",
    disabled: bool = False,
    flush: bool = False,
    key: str | None = None,
) -> ft.Control:
    """A row to say yes or no to ``name``; ``below`` explains it. ``flush``: it brings no room at its sides."""

    async def changed(event: ft.Event[ft.Switch]) -> None:
        done = on_change(bool(event.control.value))
        if inspect.isawaitable(done):
            await done

    words = ft.Semantics(
        content=ft.Column(
            [label(name), *([caption(below)] if below else [])], spacing=Space.HAIR, tight=True, expand=True
        ),
        exclude_semantics=True,
        expand=True,
    )
    control = ft.Switch(
        value=value,
        disabled=disabled,
        on_change=changed,
        active_color=Color.ON_BRAND,
        active_track_color=Color.BRAND,
    )
    spoken = f"{name}. {below}" if below else name
    line = ft.Container(
        content=ft.Row(
            [words, ft.Semantics(content=control, label=spoken)],
            spacing=Space.L,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=ft.Padding.symmetric(vertical=Space.S, horizontal=Space.NONE if flush else Space.L),
        height=None if below else Size.BUTTON + Space.S,
    )
    # one node with a name, as large as the row: else the switch is small and nameless to assistive technology
    return ft.MergeSemantics(content=line, key=key)
