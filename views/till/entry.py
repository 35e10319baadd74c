"""Entering a line: an amount, and the category that takes it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import flet as ft

from contract.basket import BasketLine
from services.texts import Texts
from views.session import use_texts
from views.till.categories import CATEGORIES, TAGS, category_name, tag_name
from views.till.field import Typed, typing_field, use_port
from views.till.hooks import use_value, use_watched
from views.till.keys import use_keys
from views.till.parts import choice
from views.till.sale import Sale, parse_amount, press, use_sale
from views.tokens import Color, Size, Space, Type
from views.ui.words import caption, text

_ROWS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (".", "0", "back"))
_DIGITS = frozenset("0123456789")


def add_typed(sale: Sale, typed: Typed, texts: Texts, currency: str, path: str = "") -> bool:
    """Put what was typed into the basket as a line of a category; False when it is no amount."""
    amount = parse_amount(typed.text, currency)
    if amount is None:
        return False
    path = path or sale.category
    sale.add(BasketLine(name=category_name(texts, path), category=path, tags=list(sale.tags), unit_price=amount))
    typed.text = ""
    return True


@ft.component
def Entry(currency: str, typed: Typed, pad: bool) -> ft.Control:
    """Where lines come from. With ``pad`` a numeric pad, else a field; a category takes what was typed."""
    texts, sale = use_texts(), use_sale()
    problem, set_problem = use_value("")
    version, set_version = use_value(0)

    async def take(path: str) -> None:
        if add_typed(sale, typed, texts, currency, path):
            set_problem("")
            set_version(version + 1)
            return
        sale.category = path
        set_problem(texts.t("Type an amount such as 12.50.") if typed.text else "")
        if not pad:
            await port.focus()

    async def submit(_: str = "") -> None:
        if typed.text:
            await take(sale.category)

    def push(key: str) -> None:
        typed.text = press(typed.text, key, currency)
        set_problem("")

    async def key(name: str) -> None:
        if not pad:
            return
        if name == "Enter":
            await submit()
        elif name == "Backspace":
            push("back")
        elif name in _DIGITS or name in {".", ","}:
            push("." if name == "," else name)

    port = use_port(on_submit=submit)
    use_keys(key)
    amount = (
        AmountShown(typed, texts.t("Amount"))
        if pad
        else typing_field(port, texts.t("Amount"), typed=typed, version=version, autofocus=True, numeric=True)
    )
    tags = [
        choice(tag_name(texts, tag), tag in sale.tags, functools.partial(sale.toggle, tag), icon=_TAG_ICONS.get(tag))
        for tag in TAGS
    ]
    categories: list[ft.Control] = [
        choice(
            category_name(texts, each.path),
            each.path == sale.category,
            functools.partial(take, each.path),
            icon=each.icon,
        )
        for each in CATEGORIES
    ]
    return ft.Column(
        [
            ft.Row([ft.Container(content=amount, expand=True), *tags], spacing=Space.S),
            *([caption(problem, Color.ERROR)] if problem else []),
            ft.Row(
                categories,
                spacing=Space.S,
                run_spacing=Space.S,
                wrap=not pad,
                scroll=ft.ScrollMode.HIDDEN if pad else None,
            ),
            *([_pad(texts, push)] if pad else []),
        ],
        spacing=Space.S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


_TAG_ICONS = {"organic": ft.Icons.ECO_OUTLINED, "local": ft.Icons.PLACE_OUTLINED}


@ft.component
def AmountShown(typed: Typed, name: str) -> ft.Control:
    """The amount on the pad."""
    value = use_watched(typed).text
    figure = text(value or "0", Type.DISPLAY, Color.TEXT if value else Color.QUIET, lines=1, spoken=f"{name}: {value}")
    return ft.Container(content=figure, alignment=ft.Alignment.CENTER_LEFT)


def _pad(texts: Texts, push: Callable[[str], None]) -> ft.Control:
    names = {"back": texts.t("Delete"), ".": texts.t("Point")}
    rows: list[ft.Control] = [
        ft.Row([_key(key, names.get(key, key), push) for key in keys], spacing=Space.S) for keys in _ROWS
    ]
    return ft.Column(rows, spacing=Space.S, tight=True)


def _key(key: str, name: str, push: Callable[[str], None]) -> ft.Control:
    face: ft.Control = (
        ft.Icon(ft.Icons.BACKSPACE_OUTLINED, color=Color.TEXT, semantics_label=name)
        if key == "back"
        else text(key, Type.TITLE, spoken=name)
    )
    return ft.Container(
        content=face,
        height=Size.TARGET,
        expand=True,
        alignment=ft.Alignment.CENTER,
        border_radius=Size.RADIUS_SMALL,
        bgcolor=Color.CARD_RAISED,
        ink=True,
        on_click=lambda: push(key),
    )
