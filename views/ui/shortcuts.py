"""The shopper's keys, and the sheet that names them: "?" opens it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from services.texts import Texts
from views.commands import problem_of
from views.hooks import use_value
from views.session import go, use_client, use_texts
from views.till.keys import typing_in_a_field, use_keys
from views.tokens import Color, Size, Space
from views.ui.buttons import quiet
from views.ui.words import body, label, title

PLACES = {"1": "/", "2": "/offers", "3": "/purchases", "4": "/me", "C": "/code", "S": "/statement"}


def use_shortcuts() -> None:
    """Keys that lead somewhere from any of the shopper's screens; none while something is being typed."""
    client, texts, page = use_client(), use_texts(), ft.context.page
    shown, show = use_value(False)

    async def pressed(key: str) -> None:
        if typing_in_a_field(page):
            return
        if key in PLACES:
            show(False)
            go(PLACES[key])
        elif key in {"?", "F1"}:
            show(True)
        elif key == "R":
            await _refresh(client.refresh)

    use_keys(pressed)
    ft.use_dialog(_sheet(texts, lambda: show(False)) if shown else None)


async def _refresh(refresh: Callable[[], Awaitable[None]]) -> None:
    try:
        await refresh()
    except Exception as error:
        problem_of(error)  # the banner says that there is no network; what is not that is in the log


def use_search_key(field: ft.Ref[ft.TextField]) -> None:
    """The key "/" leads into the search field of this screen."""
    page = ft.context.page

    async def pressed(key: str) -> None:
        if key == "/" and not typing_in_a_field(page) and field.current is not None:
            await field.current.focus()  # type: ignore[no-untyped-call]

    use_keys(pressed)


def _sheet(texts: Texts, close: Callable[[], None]) -> ft.AlertDialog:
    keys = [
        ("1", texts.t("Wallet")),
        ("2", texts.t("Offers")),
        ("3", texts.t("Purchases")),
        ("4", texts.t("Me")),
        ("C", texts.t("Your code")),
        ("S", texts.t("Statement")),
        ("/", texts.t("Search")),
        ("R", texts.t("Refresh")),
        ("Esc", texts.t("Close")),
        ("?", texts.t("These keys")),
    ]
    return ft.AlertDialog(
        title=title(texts.t("Keys")),
        content=ft.Container(
            content=ft.Column([_key(*each) for each in keys], spacing=Space.S, tight=True, scroll=ft.ScrollMode.AUTO),
            width=Size.LIST_PANE - Space.HUGE,
        ),
        bgcolor=Color.CARD,
        actions=[quiet(texts.t("Close"), close)],
        on_dismiss=close,
    )


def _key(key: str, name: str) -> ft.Control:
    cap = ft.Container(
        content=label(key, centred=True),
        width=Size.TARGET,
        padding=Space.XS,
        border_radius=Size.RADIUS_SMALL,
        bgcolor=Color.CARD_PRESSED,
        alignment=ft.Alignment.CENTER,
    )
    return ft.Semantics(
        content=ft.Row([cap, body(name)], spacing=Space.M), label=f"{key}: {name}", exclude_semantics=True
    )
