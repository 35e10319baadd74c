"""How a screen's content lies: scrolling, at most 720 wide, two panes from 840."""

from __future__ import annotations

import flet as ft

from views.session import Width
from views.tokens import Color, Size, Space, edge


def page(parts: list[ft.Control], width: Width, *, most: int = Size.CONTENT, spacing: int = Space.L) -> ft.Control:
    """A scrolling page of parts under each other, in the middle where there is room."""
    margin = edge(width == "expanded")
    inner = ft.Container(
        content=ft.Column(parts, spacing=spacing, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True),
        width=most + 2 * margin,
        padding=ft.Padding.symmetric(vertical=margin, horizontal=margin),
    )
    return ft.Column(
        [inner],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=Space.NONE,
    )


def panes(listing: ft.Control, detail: ft.Control) -> ft.Control:
    """A list and its detail side by side."""
    return ft.Row(
        [
            ft.Container(content=listing, width=Size.LIST_PANE),
            ft.VerticalDivider(width=Size.HAIRLINE, thickness=Size.HAIRLINE, color=Color.LINE),
            ft.Container(content=detail, expand=True),
        ],
        expand=True,
        spacing=Space.NONE,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
