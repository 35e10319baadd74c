"""The pills and menus that narrow the offers down, each state with how many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

import flet as ft

from contract.offers import Offer
from services.texts import Texts
from views.screens.offers.finding import WHICH, Wanted, Which, categories, channels, find, stores
from views.session import Width
from views.tokens import Space
from views.ui.choices import Choice, pills
from views.ui.menu import menu


def filters(
    texts: Texts,
    offers: Sequence[Offer],
    wanted: Wanted,
    set_wanted: Callable[[Wanted], None],
    now: datetime,
    width: Width,
) -> ft.Control:
    """States as pills, then a menu for each of what the offers differ in: on a phone in one row that scrolls."""

    def of_state(which: str) -> None:
        set_wanted(replace(wanted, which=cast("Which", which)))

    phone = width == "compact"
    return ft.Row(
        [
            *pills(_states(texts, offers, wanted, now), wanted.which, of_state),
            *_menus(texts, offers, wanted, set_wanted),
        ],
        spacing=Space.S,
        run_spacing=Space.S,
        wrap=not phone,
        scroll=ft.ScrollMode.HIDDEN if phone else None,
    )


def _states(texts: Texts, offers: Sequence[Offer], wanted: Wanted, now: datetime) -> list[Choice]:
    names: dict[Which, str] = {
        "all": texts.p("offers", "All"),
        "to_activate": texts.t("To activate"),
        "activated": texts.p("offers", "Activated"),
        "soon": texts.t("Ends soon"),
    }

    def named(which: Which) -> str:
        there = len(find(texts, offers, replace(wanted, which=which), now))
        return f"{names[which]} {texts.number(there)}"

    return [Choice(which, named(which)) for which in WHICH]


def _menus(
    texts: Texts, offers: Sequence[Offer], wanted: Wanted, set_wanted: Callable[[Wanted], None]
) -> list[ft.Control]:
    kinds = [Choice(each, texts.category(each)) for each in categories(offers)]
    shops = [Choice(each, each) for each in stores(offers)]
    ways = {"store": texts.t("In the stores"), "web": texts.t("In the webshop")}
    made: list[ft.Control] = []
    if kinds:
        every = texts.t("All products")
        made.append(
            menu(texts.t("Product"), every, kinds, wanted.category, lambda to: set_wanted(replace(wanted, category=to)))
        )
    if shops:
        every = texts.t("All stores")
        made.append(
            menu(texts.t("Store"), every, shops, wanted.store, lambda to: set_wanted(replace(wanted, store=to)))
        )
    if channels(offers):
        every, both = texts.t("Everywhere"), [Choice(each, ways[each]) for each in channels(offers)]
        made.append(
            menu(texts.t("Where"), every, both, wanted.channel, lambda to: set_wanted(replace(wanted, channel=to)))
        )
    return made
