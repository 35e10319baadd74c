"""Nothing here: a drawing, one sentence, one action."""

from __future__ import annotations

import flet as ft

from views.tokens import Size, Space
from views.ui.words import body


def empty(picture: str, sentence: str, action: ft.Control | None = None) -> ft.Control:
    """An empty state; ``picture`` is the name of a drawing in ``assets/drawings``."""
    parts: list[ft.Control] = [
        ft.Image(src=f"drawings/{picture}.svg", width=Size.DRAWING, height=Size.DRAWING, exclude_from_semantics=True),
        ft.Container(content=body(sentence, centred=True), width=Size.NARROW),
    ]
    if action is not None:
        parts.append(action)
    return ft.Container(
        content=ft.Column(parts, horizontal_alignment=ft.CrossAxisAlignment.CENTER, spacing=Space.L, tight=True),
        alignment=ft.Alignment.CENTER,
        padding=Space.XL,
    )
