"""The member's code, full screen."""

from __future__ import annotations

import flet as ft

from views.screens.code.arrival import Arrival, use_arrival
from views.screens.code.device import keep_bright
from views.screens.code.face import Face
from views.screens.code.limit import SpendLimit
from views.screens.code.opening import SpendingOpens
from views.session import go, use_task, use_texts
from views.till.keys import use_keys
from views.tokens import Color, Space
from views.ui.buttons import icon_button
from views.ui.notices import LinkBanner
from views.ui.shell import use_guard, waiting
from views.ui.words import body, title


@ft.component
def Code() -> ft.View:
    """Show the code at the till. Escape closes it; the screen stays awake and, on a phone, bright."""
    path, page = ft.use_view_path(), ft.context.page
    use_task(lambda: keep_bright(page))
    use_keys(lambda key: close() if key == "Escape" else None)
    if not use_guard("member"):
        return waiting(path)
    return ft.View(
        route=path,
        padding=Space.NONE,
        spacing=Space.NONE,
        bgcolor=Color.PAGE,
        fullscreen_dialog=True,
        controls=[ft.SafeArea(content=Screen(), expand=True)],
    )


def close() -> None:
    """Back to the wallet."""
    go("/")


@ft.component
def Screen() -> ft.Control:
    """The way out on top, the code in the middle, what may be spent below; and what came of it, once it was scanned."""
    texts = use_texts()
    arrived, again = use_arrival()
    words = ft.Column(
        [
            title(texts.t("Your code"), level=1, centred=True),
            body(texts.t("Show it at the till, before you pay."), Color.QUIET, centred=True),
        ],
        spacing=Space.XS,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    foot = ft.Container(height=Space.NONE)  # room below the last card that scrolls with it
    middle = ft.Column(
        [*([words, Face(), SpendingOpens(), SpendLimit()] if arrived is None else [Arrival(arrived, again)]), foot],
        spacing=Space.XL,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    top = ft.Row([icon_button(ft.Icons.CLOSE, texts.t("Close"), close)])
    return ft.Column(
        [
            LinkBanner(),
            ft.Container(content=top, padding=Space.S),
            ft.Container(
                content=middle,
                padding=ft.Padding.symmetric(horizontal=Space.L),
                alignment=ft.Alignment.CENTER,
                expand=True,
            ),
        ],
        spacing=Space.NONE,
        expand=True,
    )
