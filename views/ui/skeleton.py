"""Shapes of what comes, where nothing is cached yet."""

from __future__ import annotations

import flet as ft

from services.texts import Texts
from views.tokens import Color, Size, Space


def block(height: int, width: int | None = None) -> ft.Control:
    """One grey shape."""
    return ft.Container(height=height, width=width, bgcolor=Color.SKELETON, border_radius=Size.RADIUS_SMALL)


def skeleton(texts: Texts, *blocks: ft.Control) -> ft.Control:
    """Shapes under each other, which a screen reader calls loading."""
    return ft.Semantics(
        content=ft.Column(list(blocks), spacing=Space.M, tight=True), label=texts.t("Loading"), exclude_semantics=True
    )


def rows(texts: Texts, count: int = 5) -> ft.Control:
    """The skeleton of a list."""
    return skeleton(texts, *(block(Size.OFFER_THUMB) for _ in range(count)))
