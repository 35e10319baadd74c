"""A long list as a page: rows are built by the browser as they come into sight."""

from __future__ import annotations

import flet as ft

from views.session import Width
from views.tokens import Size, Space, edge


def listing(parts: list[ft.Control], width: Width, *, spacing: int = Space.M) -> ft.Control:
    """A scrolling list of parts under each other, in the middle where there is room. Parts should have keys."""
    margin = edge(width == "expanded")
    return ft.ListView(
        controls=[_centred(part) for part in parts],
        spacing=spacing,
        padding=ft.Padding.symmetric(vertical=margin, horizontal=margin if width != "expanded" else Space.L),
        expand=True,
    )


def _centred(part: ft.Control) -> ft.Control:
    key = getattr(part, "key", None)
    return ft.Container(
        content=ft.Container(content=part, width=Size.CONTENT),
        alignment=ft.Alignment.TOP_CENTER,
        key=None if key is None else f"at-{key}",
    )
