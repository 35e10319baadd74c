"""Amounts by month as bars that lie: each with its name and its figure, so that nobody has to guess a height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from views.tokens import Color, Size, Space
from views.ui.grown import grown
from views.ui.words import caption


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its length as a share in hundredths of a percent, its figure, and what a screen reader says."""

    name: str
    share_bp: int
    figure: str
    spoken: str
    strong: bool = False


def bars(rows: Sequence[Bar]) -> ft.Control:
    """The bars under each other; the strong one is of now."""
    return ft.Column([_bar(row) for row in rows], spacing=Space.XS, tight=True)


def _bar(row: Bar) -> ft.Control:
    ink = Color.TEXT if row.strong else Color.QUIET
    return ft.Semantics(
        content=ft.Row(
            [
                ft.Container(content=caption(row.name, ink, lines=1), width=grown(Size.BAR_NAME)),
                ft.Container(content=_length(row), expand=True),
                ft.Container(
                    content=caption(row.figure, ink, lines=1),
                    width=grown(Size.BAR_FIGURE),
                    alignment=ft.Alignment.CENTER_RIGHT,
                ),
            ],
            spacing=Space.S,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        label=row.spoken,
        exclude_semantics=True,
        container=True,
    )


def _length(row: Bar) -> ft.Control:
    filled = max(0, min(row.share_bp, 10_000))
    tone = Color.BRAND if row.strong else Color.BAR
    parts: list[ft.Control] = []
    if filled:
        parts.append(ft.Container(height=Space.M, bgcolor=tone, border_radius=Space.XS, expand=filled))
    if filled < 10_000:
        parts.append(
            ft.Container(height=Space.HAIR, bgcolor=Color.LINE, border_radius=Space.XS, expand=10_000 - filled)
        )
    return ft.Row(parts, spacing=Space.NONE, vertical_alignment=ft.CrossAxisAlignment.CENTER)
