"""A state in a word, a fact in a line: each with an icon, never by its colour alone."""

from __future__ import annotations

import flet as ft

from views.tokens import Color, Size, Space
from views.ui.grown import grown
from views.ui.words import caption, text


def chip(
    name: str, icon: ft.IconData | None = None, *, tone: str = Color.CARD_PRESSED, ink: str = Color.QUIET
) -> ft.Control:
    """A state, in a word or two."""
    lead: list[ft.Control] = [ft.Icon(icon, size=Size.ICON_SMALL, color=ink)] if icon is not None else []
    return ft.Container(
        content=ft.Row([*lead, caption(name, ink, yields=True)], spacing=Space.XS, tight=True),
        bgcolor=tone,
        border_radius=Size.PILL,
        padding=ft.Padding.symmetric(vertical=Space.XS, horizontal=Space.M),
    )


def line(icon: ft.IconData, sentence: str, *, ink: str = Color.QUIET) -> ft.Control:
    """A fact with its icon in front."""
    return ft.Row(
        [
            ft.Container(content=ft.Icon(icon, size=grown(Size.ICON - Space.XS), color=ink), padding=Space.HAIR),
            text(sentence, color=ink, expand=True),
        ],
        spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
