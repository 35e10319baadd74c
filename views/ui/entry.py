"""The frame around the screens before sign-in: the sign, a narrow column, nothing else."""

from __future__ import annotations

import flet as ft

from services.texts import Texts
from views.session import Width, go
from views.tokens import Color, Size, Space, Type
from views.ui.words import body, text


def entry_view(
    texts: Texts, path: str, width: Width, parts: list[ft.Control], *, back: str | None = None, most: int = Size.NARROW
) -> ft.View:
    """A view with a narrow column in the middle; ``back`` is where its arrow leads."""
    column = ft.Container(
        content=ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        width=most,
        padding=ft.Padding.symmetric(vertical=Space.XL, horizontal=Space.L),
    )
    bar = None
    if back is not None:
        name = texts.t("Back")
        bar = ft.AppBar(
            bgcolor=Color.PAGE,
            elevation_on_scroll=0,
            leading=ft.IconButton(
                icon=ft.Icon(ft.Icons.ARROW_BACK, semantics_label=name), tooltip=name, on_click=lambda: go(back)
            ),
        )
    roomy = width != "compact"
    return ft.View(
        route=path,
        padding=Space.NONE,
        bgcolor=Color.PAGE,
        appbar=bar,
        controls=[
            ft.SafeArea(
                content=ft.Semantics(
                    content=ft.Container(
                        content=ft.Column([column], scroll=ft.ScrollMode.AUTO),
                        alignment=ft.Alignment.CENTER if roomy else ft.Alignment.TOP_CENTER,
                        expand=True,
                    ),
                    identifier=f"width-{width}",
                ),
                expand=True,
            )
        ],
    )


def heading(name: str, sentence: str) -> ft.Control:
    """The sign, a large title, and a sentence under it."""
    return ft.Column(
        [
            sign(),
            ft.Semantics(content=text(name, Type.HEADLINE), header=True, heading_level=1),
            body(sentence, Color.QUIET),
        ],
        spacing=Space.M,
        tight=True,
    )


def sign() -> ft.Control:
    """The product's sign."""
    return ft.Row([ft.Image(src="icon.svg", width=Size.LOGO, height=Size.LOGO, semantics_label="Kierto")])
