"""Entering a line: an amount, and the category that takes it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import flet as ft

from contract.basket import BasketLine
from services.shelf import Shelf
from services.texts import Texts
from views.session import use_client, use_texts
from views.till.categories import TAGS, categories_of, category_name, tag_name
from views.till.field import Typed
from views.till.hooks import use_value, use_watched
from views.till.keys import keyboard_of, typing_in_a_field, use_keys
from views.till.parts import choice
from views.till.products import Asking, ProductCamera, use_products
from views.till.sale import Sale, parse_amount, press, use_sale
from views.tokens import Color, Size, Space, Type
from views.ui.notices import notice
from views.ui.words import caption, text

_ROWS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (".", "0", "back"))
_DIGITS = frozenset("0123456789")


def add_typed(sale: Sale, typed: Typed, texts: Texts, currency: str, shelf: Shelf, path: str = "") -> bool:
    """Put what was typed into the basket as a line of a category; False when it is no amount."""
    amount = parse_amount(typed.text, currency)
    if amount is None:
        return False
    path, asked = path or sale.category, sale.asked
    product = asked.product if asked is not None else None
    sale.add(
        BasketLine(
            sku=asked.shown if asked is not None else "",
            name=product.name if product is not None else category_name(texts, path, shelf),
            category=path,
            brand=product.brand if product is not None else "",
            tags=list(dict.fromkeys([*(product.tags if product is not None else ()), *sale.tags])),
            unit_price=amount,
        )
    )
    typed.text = ""
    return True


@ft.component
def Entry(currency: str, typed: Typed, pad: bool) -> ft.Control:
    """Where lines come from: an amount by keys or by the pad, and a category that takes it.

    Keys arrive one by one and in order, so that none is lost to a screen that is still being drawn.
    """
    client, texts, sale, page = use_client(), use_texts(), use_sale(), ft.context.page
    problem, set_problem = use_value("")
    half, set_half = use_value(False)  # what was scanned is half a code
    take_product = use_products(typed, currency, set_half)

    def take(path: str) -> None:
        if add_typed(sale, typed, texts, currency, client.shelf, path):
            keyboard_of(page).log.clear()
            set_problem("")
            return
        sale.category = path
        set_problem(texts.t("Type an amount such as 12.50.") if typed.text else "")

    def push(key: str) -> None:
        typed.text = press(typed.text, key, currency)
        set_problem("")
        set_half(False)

    def tapped(key: str) -> None:
        keyboard_of(page).log.clear()
        push(key)

    def key(name: str) -> None:
        if typing_in_a_field(page):
            return
        if name == "Enter" and typed.text:
            take(sale.category)
        elif name == "Backspace":
            push("back")
        elif name in _DIGITS or name in {".", ","}:
            push("." if name == "," else name)

    use_keys(key)
    if pad and sale.opened >= 0:  # the line that is open to be changed gets the room
        return Asking()
    hint = "" if pad else texts.t("Type it; Enter adds it to the chosen category.")
    amount = AmountShown(typed, texts.t("Amount"), hint)
    tags = [
        choice(tag_name(texts, tag), tag in sale.tags, functools.partial(sale.toggle, tag), icon=_TAG_ICONS.get(tag))
        for tag in client.shelf.tags[:4] or TAGS
    ]
    camera = [ProductCamera(take_product)] if pad else []
    categories: list[ft.Control] = [
        choice(
            category_name(texts, each.path, client.shelf),
            each.path == sale.category,
            functools.partial(take, each.path),
            icon=each.icon,
        )
        for each in categories_of(client.shelf)
    ]
    return ft.Column(
        [
            Asking(),
            *([_half_a_code(texts)] if half else []),
            _head(amount, [*tags, *camera], pad),
            *([caption(problem, Color.ERROR)] if problem else []),
            ft.Row(
                categories,
                spacing=Space.S,
                run_spacing=Space.S,
                wrap=not pad,
                scroll=ft.ScrollMode.HIDDEN if pad else None,
            ),
            *([_pad(texts, tapped)] if pad else []),
        ],
        spacing=Space.S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _half_a_code(texts: Texts) -> ft.Control:
    said = texts.t("That was neither an amount nor a whole product code. Scan it again.")
    return notice(said, icon=ft.Icons.QR_CODE_SCANNER, tone=Color.ERROR_SOFT, ink=Color.ON_ERROR_SOFT)


def _head(amount: ft.Control, beside: list[ft.Control], pad: bool) -> ft.Control:
    """The amount and what stands beside it; on a phone in a line of its own where they have no room."""
    if not pad:
        return ft.Row([ft.Container(content=amount, expand=True), *beside], spacing=Space.S)
    together = ft.Row(
        beside, wrap=True, spacing=Space.S, run_spacing=Space.S, vertical_alignment=ft.CrossAxisAlignment.CENTER
    )
    return ft.Row(
        [amount, together],
        wrap=True,
        spacing=Space.S,
        run_spacing=Space.S,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


_TAG_ICONS = {"organic": ft.Icons.ECO_OUTLINED, "local": ft.Icons.PLACE_OUTLINED}


@ft.component
def AmountShown(typed: Typed, name: str, hint: str) -> ft.Control:
    """The amount so far."""
    value = use_watched(typed).text
    ink = Color.TEXT if value else Color.QUIET
    figure = text(value or "0", Type.DISPLAY, ink, lines=1, spoken=f"{name}: {value or '0'}")
    parts: list[ft.Control] = [figure, *([caption(hint)] if hint else [])]
    return ft.Column(parts, spacing=Space.NONE, tight=True)


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
