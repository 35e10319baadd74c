"""Where the one action of a till's screen lies: under the thumb on a phone, beside what it is about on a desktop."""

from __future__ import annotations

import flet as ft

from views.session import Width
from views.tokens import Color, Size, Space, edge


def at_the_thumb(content: list[ft.Control], action: list[ft.Control], width: Width, *, most: int) -> ft.Control:
    """Content that scrolls, and below it what stays in sight."""
    stretched = ft.CrossAxisAlignment.STRETCH
    margin = edge(width == "expanded")
    inner = ft.Container(
        content=ft.Column(content, spacing=Space.L, tight=True, horizontal_alignment=stretched),
        width=most + 2 * margin,
        padding=ft.Padding.symmetric(vertical=margin, horizontal=margin),
    )
    rolling = ft.Column(
        [inner], scroll=ft.ScrollMode.AUTO, expand=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER
    )
    if not action:
        return rolling
    foot = ft.Container(
        content=ft.Column(action, spacing=Space.S, tight=True, horizontal_alignment=stretched),
        width=most + 2 * margin,
        padding=ft.Padding.only(left=margin, right=margin, top=Space.S, bottom=Space.M),
        bgcolor=Color.PAGE,
    )
    return ft.Column(
        [rolling, foot], spacing=Space.NONE, expand=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER
    )


def beside(left: list[ft.Control], right: list[ft.Control]) -> ft.Control:
    """Two columns of a desktop: what there is, and what comes of it with its action."""
    stretched = ft.CrossAxisAlignment.STRETCH
    panes: list[ft.Control] = [
        ft.Column(left, spacing=Space.L, scroll=ft.ScrollMode.AUTO, horizontal_alignment=stretched, expand=3),
        ft.Column(right, spacing=Space.L, scroll=ft.ScrollMode.AUTO, horizontal_alignment=stretched, expand=2),
    ]
    row = ft.Row(panes, spacing=Space.XL, vertical_alignment=ft.CrossAxisAlignment.START, expand=True)
    return ft.Container(
        content=ft.Container(content=row, width=Size.WIDE),
        padding=Space.XL,
        alignment=ft.Alignment.TOP_CENTER,
        expand=True,
    )
