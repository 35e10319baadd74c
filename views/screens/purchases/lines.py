"""The lines of a purchase, each with why it earned what it did, or why not."""

from __future__ import annotations

import flet as ft

from contract.quotes import Reason, ReasonCode
from contract.wallet import Purchase, PurchaseLine
from services.texts import Texts
from views.session import use_texts
from views.tokens import Color, Size, Space
from views.ui.buttons import quiet
from views.ui.cards import card, divider
from views.ui.grown import grown
from views.ui.keyed import keyed
from views.ui.money import Flow, money
from views.ui.words import body, caption, label, title

FIRST = 2
"""How many of the offers that gave nothing are told unasked."""


def lines_card(texts: Texts, purchase: Purchase) -> ft.Control:
    """All lines in one card."""
    parts: list[ft.Control] = [title(texts.t("What you bought"))]
    for item in purchase.lines:
        parts += [divider(), _line(texts, item, purchase)]
    return card(ft.Column(parts, spacing=Space.M, tight=True))


def _line(texts: Texts, item: PurchaseLine, purchase: Purchase) -> ft.Control:
    left = ft.Column([label(item.name, lines=3), *_bought(texts, item)], spacing=Space.HAIR, tight=True, expand=True)
    earned = item.earned - item.clawed_back
    flow: Flow = "none" if not earned else "pending" if purchase.state == "pending" else "in"
    right = ft.Column(
        [body(texts.money(item.amount)), money(texts, earned, flow)],
        spacing=Space.HAIR,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.END,
    )
    return ft.Column(
        [
            ft.Row([left, right], vertical_alignment=ft.CrossAxisAlignment.START, spacing=Space.M),
            keyed(Why, f"why-{purchase.purchase_id}-{item.line}", tuple(item.why)),
        ],
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
    if item.clawed_back:
        facts.append(texts.t("{amount} taken back", amount=texts.money(item.clawed_back)))
    return [caption(" · ".join(facts))] if facts else []


@ft.component
def Why(reasons: tuple[Reason, ...]) -> ft.Control:
    """What gave, then what did not: the first two of these, and the others on request."""
    texts = use_texts()
    every, set_every = ft.use_state(False)
    gave, missed = told(reasons)
    parts = [_gave(texts, reason) for reason in gave]
    if not reasons:
        parts.append(caption(texts.t("No offer was about this.")))
    parts += [_missed(texts, reason) for reason in (missed if every else missed[:FIRST])]
    if len(missed) > FIRST:
        name = texts.t("Show fewer") if every else texts.n("Show {n} more", "Show {n} more", len(missed) - FIRST)
        icon = ft.Icons.EXPAND_LESS if every else ft.Icons.EXPAND_MORE
        parts.append(ft.Row([quiet(name, lambda: set_every(not every), icon=icon, flush=True)]))
    return ft.Column(parts, spacing=Space.S, tight=True)


def told(reasons: tuple[Reason, ...]) -> tuple[list[Reason], list[Reason]]:
    """What gave, and what did not: what was nearest to giving first, offers for other products last."""
    gave = [reason for reason in reasons if reason.value or reason.code is ReasonCode.STAMP]
    missed = [reason for reason in reasons if reason not in gave]
    return gave, sorted(missed, key=lambda reason: reason.code is ReasonCode.OTHER_PRODUCT)


def _gave(texts: Texts, reason: Reason) -> ft.Control:
    words: list[ft.Control] = [label(reason.name), caption(texts.reason(reason), Color.TEXT)]
    return _reason(ft.Icons.CHECK_CIRCLE_OUTLINE, Color.BRAND, words)


def _missed(texts: Texts, reason: Reason) -> ft.Control:
    return _reason(ft.Icons.REMOVE, Color.QUIET, [caption(reason.name), caption(texts.reason(reason))])


def _reason(icon: ft.IconData, tone: str, words: list[ft.Control]) -> ft.Control:
    return ft.Row(
        [
            ft.Container(content=ft.Icon(icon, size=grown(Size.ICON_SMALL), color=tone), padding=Space.HAIR),
            ft.Column(words, spacing=Space.NONE, tight=True, expand=True),
        ],
        spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
