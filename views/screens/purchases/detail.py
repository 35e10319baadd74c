"""One purchase: what it cost, what it earned, why, when that can be spent, and what came back."""

from __future__ import annotations

import flet as ft

from contract.wallet import Purchase
from services.texts import Texts
from views.commands import use_command
from views.screens.purchases.lines import lines_card
from views.screens.purchases.refunds import refunds_cards
from views.session import go, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Space, Type
from views.ui.buttons import quiet, secondary
from views.ui.cards import card, divider
from views.ui.chips import line
from views.ui.empty import empty
from views.ui.layout import page
from views.ui.money import money
from views.ui.notices import error_notice
from views.ui.purchases import flow_of, kept
from views.ui.skeleton import rows
from views.ui.words import body, caption, label, text


@ft.component
def PurchaseDetail() -> ft.Control:
    """The purchase that the route names, from this device or else from the API."""
    session, texts, width = use_session(), use_texts(), use_width()
    purchase_id = ft.use_route_params().get("id", "")
    purchases = use_slice(session.store.purchases)
    asked, set_asked = ft.use_state(False)
    command = use_command(session.client.purchase)
    known = next((each for each in purchases.items if each.purchase_id == purchase_id), None)

    async def fetch() -> None:
        if known is None:
            await command.run(purchase_id)
            set_asked(True)

    use_task(fetch, [purchase_id])
    purchase = known or command.result
    if purchase is not None and purchase.purchase_id == purchase_id:
        return page(_parts(texts, purchase), width)
    if command.problem is not None:
        return page(error_notice(texts, command.problem, secondary(texts.t("Try again"), fetch)), width)
    if not asked:
        return page([rows(texts)], width)
    return empty(
        "lost", texts.t("You have no such purchase."), quiet(texts.t("All purchases"), lambda: go("/purchases"))
    )


def _parts(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    place = purchase.store.name
    when = texts.t("{date} at {time}", date=texts.date(purchase.at), time=texts.time(purchase.at))
    return [
        ft.Column(
            [
                ft.Semantics(content=text(place, Type.HEADLINE), header=True, heading_level=1),
                caption(f"{when} · {texts.t('Receipt {number}', number=purchase.receipt_number)}"),
            ],
            spacing=Space.XS,
            tight=True,
        ),
        _summary(texts, purchase),
        *refunds_cards(texts, purchase),
        lines_card(texts, purchase),
    ]


def _summary(texts: Texts, purchase: Purchase) -> ft.Control:
    earned = kept(purchase)
    parts: list[ft.Control] = [
        text(
            texts.t("You earned {amount}", amount=texts.money(earned)),
            Type.TITLE,
            Color.BRAND if earned else Color.TEXT,
        ),
        *_dates(texts, purchase),
        divider(),
        _amount(texts.t("Purchase"), body(texts.money(purchase.total))),
    ]
    if purchase.redeemed:
        parts.append(_amount(texts.t("Paid with cashback"), money(texts, purchase.redeemed, "out", style=Type.BODY)))
        parts.append(_amount(texts.t("Paid otherwise"), body(texts.money(purchase.total - purchase.redeemed))))
    if purchase.clawed_back:
        parts.append(_amount(texts.t("Earned at first"), body(texts.money(purchase.earned))))
        parts.append(
            _amount(texts.t("Taken back by returns"), money(texts, purchase.clawed_back, "out", style=Type.BODY))
        )
    parts.append(_amount(texts.t("Cashback"), money(texts, earned, flow_of(purchase), style=Type.BODY)))
    return card(ft.Column(parts, spacing=Space.M, tight=True), padding=Space.XL)


def _dates(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    if not kept(purchase):
        return []
    facts: list[ft.Control] = []
    if purchase.available_at is not None:
        date = texts.date(purchase.available_at)
        if purchase.state == "pending":
            facts.append(line(ft.Icons.SCHEDULE, texts.t("Pending: yours to spend from {date}", date=date)))
        else:
            facts.append(line(ft.Icons.CHECK, texts.t("Yours to spend since {date}", date=date), ink=Color.BRAND))
    if purchase.expires_at is not None:
        sentence = texts.t("Expires on {date}", date=texts.date(purchase.expires_at))
        facts.append(line(ft.Icons.HOURGLASS_BOTTOM, sentence))
    return facts


def _amount(name: str, figure: ft.Control) -> ft.Control:
    return ft.Row([ft.Container(content=label(name, Color.QUIET), expand=True), figure])
