"""Products in the basket: by a scanner that types, by the camera, and what an unknown code asks for."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from contract.basket import BasketLine
from services.scanning import Keyed, product_code
from services.shelf import Scanned
from views.camera import CameraScanner
from views.session import use_client, use_session, use_texts
from views.state import use_slice
from views.till import signals
from views.till.field import Typed
from views.till.hooks import use_value
from views.till.keys import keyboard_of, typing_in_a_field, use_scanner
from views.till.sale import Sale, is_misread, parse_amount, use_sale
from views.tokens import Color, Space
from views.ui.buttons import icon_button
from views.ui.notices import notice

_MOST_QUANTITY = 1_000


def line_of(found: Scanned) -> BasketLine | None:
    """A product as a line of the basket; None where its price must be asked for."""
    product = found.product
    if product is None or product.price is None:
        return None
    price, name = product.price.amount, product.name
    if found.code.grams is not None:  # the price is of a kilogram
        price = (price * found.code.grams + 500) // 1000
        name = f"{name} {found.code.grams / 1000:.3f} kg"
    return BasketLine(
        sku=found.shown,
        name=name,
        category=product.category,
        brand=product.brand,
        tags=product.tags,
        quantity=found.code.pieces or 1,
        unit_price=max(price, 1),
    )


def put(sale: Sale, found: Scanned) -> None:
    """Take a scanned product into the basket, once more where it is there; or ask for what is not known of it."""
    line = line_of(found)
    if line is None:
        sale.ask(found)
        return
    same = [n for n, each in enumerate(sale.lines) if each.sku == line.sku and each.unit_price == line.unit_price]
    if same and not sale.lines[same[-1]].discount and sale.lines[same[-1]].quantity < _MOST_QUANTITY:
        before = sale.lines[same[-1]]
        sale.change(same[-1], before.model_copy(update={"quantity": before.quantity + line.quantity}))
    else:
        sale.add(line)


def use_shelf() -> None:
    """Render again with a new catalogue; the till fetches it by itself."""
    use_slice(use_session().store.till)


def use_products(typed: Typed, currency: str, misread: Callable[[bool], None]) -> Callable[[str], bool]:
    """Listen to a scanner that types anywhere on the screen.

    ``misread`` hears whether it was no code, and more digits than an amount has. What is answered takes a text; False:
    no product code.
    """
    client, sale, page = use_client(), use_sale(), ft.context.page

    def take(text: str) -> bool:
        found = client.shelf.find(text)
        if found is None:
            return False
        keyboard_of(page).log.clear()
        typed.text = ""
        put(sale, found)
        signals.give(page, "refused" if found.product is None else "taken")
        return True

    def scanned(keyed: Keyed) -> bool:
        in_field = typing_in_a_field(page)
        code = product_code(keyed, in_field=in_field)
        if code:
            before = keyed.before(code)
            take(code)
            misread(False)
            if sale.asked is None and not in_field and "." in before and parse_amount(before, currency):
                typed.text = before  # an amount that was being typed
        elif not in_field and is_misread(keyed.text, typed.text):
            typed.text = ""
            misread(True)
            signals.give(page, "refused")
        else:
            return False
        return True

    use_scanner(scanned)
    use_shelf()
    ft.use_effect(lambda: signals.prepare(page), [])
    return take


@ft.component
def Asking() -> ft.Control:
    """A code that the catalogue does not know, or has no price for: what to do."""
    texts, sale = use_texts(), use_sale()
    asked = sale.asked
    if asked is None:
        return ft.Container(height=Space.NONE)
    if asked.product is None:
        said = texts.t("Code {code} is not in the catalogue. Type its amount and choose a category.", code=asked.shown)
    else:
        said = texts.t("Type the amount of {name}, then choose a category.", name=asked.product.name)
    forget = icon_button(ft.Icons.CLOSE, texts.t("Leave it out"), lambda: sale.ask(None), color=Color.ON_WARM_SOFT)
    return notice(said, icon=ft.Icons.QR_CODE_SCANNER, beside=forget)


@ft.component
def ProductCamera(take: Callable[[str], bool]) -> ft.Control:
    """The camera for products: off until it is asked for."""
    texts = use_texts()
    on, set_on = use_value(False)

    async def read(text: str) -> None:
        take(text)

    if not on:
        return icon_button(ft.Icons.PHOTO_CAMERA_OUTLINED, texts.t("Scan products"), lambda: set_on(True))
    shut = icon_button(ft.Icons.CLOSE, texts.t("Close the camera"), lambda: set_on(False), color=Color.QUIET)
    return ft.Column([ft.Row([shut], alignment=ft.MainAxisAlignment.END), CameraScanner(read)], tight=True)
