"""One of several: a row of pills."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from views.tokens import Color, Size, Space
from views.ui.words import around_a_line, label


@dataclass(frozen=True)
class Choice:
    """A value, and the name that a reader sees."""

    value: str
    name: str
    icon: ft.IconData | None = None


def choices(
    options: Sequence[Choice], chosen: str, on_choose: Callable[[str], Any], *, wrap: bool = True
) -> ft.Control:
    """Pills in rows, or in one that scrolls; a screen reader says which one is chosen."""
    return ft.Row(
        pills(options, chosen, on_choose),
        wrap=wrap,
        scroll=None if wrap else ft.ScrollMode.HIDDEN,
        spacing=Space.S,
        run_spacing=Space.S,
    )


def pills(options: Sequence[Choice], chosen: str, on_choose: Callable[[str], Any]) -> list[ft.Control]:
    """The pills themselves, for a row that has more in it."""
    return [_pill(option, option.value == chosen, on_choose) for option in options]


def _pill(option: Choice, chosen: bool, on_choose: Callable[[str], Any]) -> ft.Control:
    ink = Color.ON_BRAND_SOFT if chosen else Color.TEXT
    icon = ft.Icons.CHECK if chosen else option.icon
    parts: list[ft.Control] = [ft.Icon(icon, size=Size.ICON - Space.XS, color=ink)] if icon is not None else []
    parts.append(label(option.name, ink, yields=True))

    async def choose() -> None:
        done = on_choose(option.value)
        if inspect.isawaitable(done):
            await done

    words = ft.Row(parts, spacing=Space.S, tight=True)
    return ft.Container(
        content=ft.Semantics(content=words, label=option.name, selected=chosen, exclude_semantics=True),
        padding=around_a_line(Size.TARGET, Space.L),
        border_radius=Size.PILL,
        bgcolor=Color.BRAND_SOFT if chosen else Color.CARD_RAISED,
        ink=True,
        on_click=choose,
        key=option.value,
    )
