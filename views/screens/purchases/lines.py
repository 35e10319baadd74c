"""The lines of a purchase, each with why it earned what it did, or why not."""

from __future__ import annotations

import flet as ft

from contract.quotes import Reason
from contract.wallet import Purchase, PurchaseLine
from services.texts import Texts
from views.tokens import Color, Space, Type
from views.ui.cards import card, divider
from views.ui.chips import line
from views.ui.money import money
from views.ui.words import body, caption, label, text, title


def lines_card(texts: Texts, purchase: Purchase) -> ft.Control:
    """All lines in one card."""
    parts: list[ft.Control] = [title(texts.t("What you bought, and what it earned"))]
    for item in purchase.lines:
        parts += [divider(), _line(texts, item)]
    return card(ft.Column(parts, spacing=Space.M, tight=True), padding=Space.XL)


def _line(texts: Texts, item: PurchaseLine) -> ft.Control:
    left = ft.Column([label(item.name, lines=3), *_bought(texts, item)], spacing=Space.HAIR, tight=True, expand=True)
    right = ft.Column(
        [
            body(texts.money(item.amount)),
            money(
                texts, item.earned - item.clawed_back, "in" if item.earned - item.clawed_back else "none", icon=False
            ),
        ],
        spacing=Space.HAIR,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.END,
    )
    why = [_reason(texts, reason) for reason in told(item.why)]
    if not why:
        why = [line(ft.Icons.REMOVE, texts.t("No offer was about this."))]
    return ft.Column(
        [ft.Row([left, right], vertical_alignment=ft.CrossAxisAlignment.START, spacing=Space.M), *why],
        spacing=Space.S,
        tight=True,
    )


def _bought(texts: Texts, item: PurchaseLine) -> list[ft.Control]:
    facts = []
    if item.quantity != 1:
        each = texts.money(item.unit_price)
        facts.append(texts.t("{quantity} at {price} each", quantity=texts.number(item.quantity), price=each))
    if item.discount:
        facts.append(texts.t("{amount} off", amount=texts.money(item.discount)))
    if item.refunded_quantity:
        facts.append(texts.n("{n} returned", "{n} returned", item.refunded_quantity))
    return [caption(" · ".join(facts))] if facts else []


def told(why: list[Reason]) -> list[Reason]:
    """The reasons worth telling: all that gave; of those that did not, each once."""
    gave = [reason for reason in why if reason.value]
    missed = [reason for reason in why if not reason.value and reason.code != "other_product"]
    return gave + missed


def _reason(texts: Texts, reason: Reason) -> ft.Control:
    gave = bool(reason.value)
    return ft.Row(
        [
            ft.Icon(
                ft.Icons.ADD_CIRCLE_OUTLINE if gave else ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
                size=Space.L,
                color=Color.BRAND if gave else Color.QUIET,
            ),
            ft.Column(
                [caption(reason.name, Color.TEXT if gave else Color.QUIET), caption(texts.reason(reason))],
                spacing=Space.NONE,
                tight=True,
                expand=True,
            ),
            *([text(texts.money(reason.value, signed=True), Type.CAPTION, Color.BRAND)] if gave else []),
        ],
        spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
