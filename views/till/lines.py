"""The basket's lines: each opens to its quantity, tags and discount; a removed one can be put back."""

from __future__ import annotations

import functools

import flet as ft

from contract.basket import BasketLine, minor
from contract.money import Money
from contract.quotes import QuoteLine
from contract.till import TillQuote
from services.texts import Texts
from views.session import use_client, use_texts
from views.till.categories import TAGS, icon_of, tag_name
from views.till.field import typing_field, use_port
from views.till.hooks import use_value
from views.till.parts import choice
from views.till.sale import Sale, parse_amount, unit_price, use_sale
from views.tokens import Color, Size, Space, Type
from views.ui.buttons import icon_button, quiet
from views.ui.rows import mark
from views.ui.words import caption, label, text

MOST_PIECES = 999


@ft.component
def Lines(currency: str, quote: TillQuote | None) -> ft.Control:
    """The lines, newest last; ``quote`` is of this very basket, or None while it is asked for."""
    texts, sale = use_texts(), use_sale()
    opened = sale.opened
    earned = {line.line: line for line in quote.quote.lines} if quote is not None else {}
    rows: list[ft.Control] = []
    for index, line in enumerate(sale.lines):
        rows.append(_line(texts, sale, index, line, currency, earned.get(index), opened == index))
        if opened == index:
            rows.append(ft.Container(content=LineEditor(index, line, currency), key=f"edit-{index}"))
    if sale.removed is not None:
        rows.append(_undo(texts, sale))
    if not rows:
        rows = [_nothing(texts)]
    return ft.Column(rows, spacing=Space.NONE, tight=True)


def _line(
    texts: Texts,
    sale: Sale,
    index: int,
    line: BasketLine,
    currency: str,
    earned: QuoteLine | None,
    opened: bool,
) -> ft.Control:
    below = _below(texts, line, currency)
    price = texts.money(Money(amount=line.net, currency=currency))
    gets = f"+{texts.money(earned.earned)}" if earned is not None and earned.earned else ""
    words = ft.Column(
        [label(line.name, lines=1), *([caption(below, lines=1)] if below else [])], spacing=0, tight=True, expand=True
    )
    figures = ft.Column(
        [text(price, Type.LABEL), *([caption(gets, Color.BRAND)] if gets else [])],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.END,
    )

    def toggle() -> None:
        sale.open(-1 if opened else index)

    def remove() -> None:
        sale.remove(index)

    spoken = ", ".join(part for part in (line.name, below, price) if part)
    named = ft.Container(
        content=ft.Semantics(
            content=ft.Row([mark(icon_of(line.category)), words, figures], spacing=Space.M),
            label=spoken,
            expanded=opened,
            exclude_semantics=True,
        ),
        padding=ft.Padding.symmetric(vertical=Space.S, horizontal=Space.S),
        border_radius=Size.RADIUS_SMALL,
        ink=True,
        on_click=toggle,
        expand=True,
    )
    return ft.Row(
        [named, icon_button(ft.Icons.CLOSE, texts.t("Remove {name}", name=line.name), remove, color=Color.QUIET)],
        spacing=Space.NONE,
        key=f"line-{index}",
    )


def _below(texts: Texts, line: BasketLine, currency: str) -> str:
    parts = [tag_name(texts, tag) for tag in line.tags]
    if line.quantity > 1:
        each = texts.money(Money(amount=unit_price(line), currency=currency))
        parts.insert(0, texts.t("{count} at {price}", count=line.quantity, price=each))
    if minor(line.discount):
        off = texts.money(Money(amount=minor(line.discount), currency=currency))
        parts.append(texts.t("{amount} off", amount=off))
    return " · ".join(parts)


def _undo(texts: Texts, sale: Sale) -> ft.Control:
    name = sale.removed[1].name if sale.removed is not None else ""
    words = ft.Container(content=caption(texts.t("{name} was removed.", name=name)), expand=True)
    return ft.Row([words, quiet(texts.t("Undo"), sale.put_back, icon=ft.Icons.UNDO)])


def _nothing(texts: Texts) -> ft.Control:
    return ft.Container(
        content=caption(texts.t("Scan a product, or type an amount and tap its category."), centred=True),
        alignment=ft.Alignment.CENTER,
        padding=Space.L,
    )


@ft.component
def LineEditor(index: int, line: BasketLine, currency: str) -> ft.Control:
    """What can be said about one line beside its price."""
    client, texts, sale = use_client(), use_texts(), use_sale()
    wrong, set_wrong = use_value("")

    def put(**changes: object) -> None:
        try:
            sale.change(index, BasketLine.model_validate({**line.model_dump(), **changes}))
        except ValueError:
            set_wrong(texts.t("The discount cannot be more than the line costs."))
        else:
            set_wrong("")

    def pieces(step: int) -> None:
        wanted = max(1, min(line.quantity + step, MOST_PIECES))
        put(quantity=wanted, discount=min(minor(line.discount), wanted * unit_price(line)))

    def toggle(tag: str) -> None:
        put(tags=[t for t in line.tags if t != tag] if tag in line.tags else [*line.tags, tag])

    def discount(typed: str) -> None:
        amount = 0 if not typed.strip(" 0.,") else parse_amount(typed, currency)
        if amount is None:
            set_wrong(texts.t("Type an amount such as 12.50."))
        else:
            put(discount=amount)

    port = use_port(on_text=discount)
    stepper = ft.Row(
        [
            icon_button(ft.Icons.REMOVE, texts.t("One less"), lambda: pieces(-1), disabled=line.quantity <= 1),
            text(str(line.quantity), Type.TITLE),
            icon_button(ft.Icons.ADD, texts.t("One more"), lambda: pieces(1), disabled=line.quantity >= MOST_PIECES),
        ],
        tight=True,
    )
    tags = dict.fromkeys([*(client.shelf.tags[:4] or TAGS), *line.tags])
    chips = [choice(tag_name(texts, tag), tag in line.tags, functools.partial(toggle, tag)) for tag in tags]
    return ft.Container(
        content=ft.Column(
            [
                ft.Row([stepper, *chips], wrap=True, spacing=Space.S, run_spacing=Space.S),
                typing_field(port, texts.t("Discount on this line"), numeric=True),
                *([caption(wrong, Color.ERROR)] if wrong else []),
                ft.Row([quiet(texts.t("Done"), lambda: sale.open(-1), icon=ft.Icons.CHECK)]),
            ],
            spacing=Space.M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.only(left=Space.S, right=Space.S, bottom=Space.M),
    )
