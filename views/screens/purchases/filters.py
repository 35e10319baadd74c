"""The menus that narrow the purchases down: the store, where, and what came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import flet as ft

from contract.basket import Channel
from contract.wallet import Purchase
from services.books import Wanted
from services.texts import Texts
from views.screens.purchases.finding import stores
from views.tokens import Space
from views.ui.choices import Choice, choices
from views.ui.menu import menu


def filters(
    texts: Texts, purchases: Sequence[Purchase], wanted: Wanted, set_wanted: Callable[[Wanted], None]
) -> ft.Control:
    """In one row where there is room."""

    def of_store(store_id: str) -> None:
        set_wanted(replace(wanted, store_id=store_id or None))

    def of_channel(channel: str) -> None:
        set_wanted(replace(wanted, channel=cast("Channel", channel) if channel else None))

    def with_returns(_: str) -> None:
        set_wanted(replace(wanted, returned=not wanted.returned))

    shops = [Choice(store.store_id, store.name) for store in stores(purchases)]
    ways = [Choice("store", texts.t("In the stores")), Choice("web", texts.t("In the webshop"))]
    return ft.Row(
        [
            menu(texts.t("Store"), texts.t("All stores"), shops, wanted.store_id or "", of_store),
            menu(texts.t("Where"), texts.t("Everywhere"), ways, wanted.channel or "", of_channel),
            choices([Choice("returned", texts.t("With returns"))], "returned" if wanted.returned else "", with_returns),
        ],
        spacing=Space.S,
        run_spacing=Space.S,
        wrap=True,
    )
