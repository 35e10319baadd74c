"""The card of amounts: paid, spent, earned, taken back, and the two dates."""

from __future__ import annotations

from datetime import datetime

import flet as ft

from contract.money import Money
from contract.wallet import Purchase
from services.texts import Texts
from views.tokens import Color, Space, Type
from views.ui.cards import card, divider
from views.ui.chips import line
from views.ui.money import Flow, money
from views.ui.newer import newer
from views.ui.notices import notice
from views.ui.purchases import flow_of, kept
from views.ui.words import text


def summary_card(texts: Texts, purchase: Purchase, now: datetime) -> ft.Control:
    """What it earned on top, the dates below, then the amounts."""
    earned = kept(purchase)
    parts: list[ft.Control] = [
        text(_said(texts, purchase), Type.TITLE, Color.BRAND if earned else Color.TEXT),
        *_dates(texts, purchase, now),
        *_next_step(texts, purchase),
        *_checked(texts, purchase),
        divider(),
        *_paid(texts, purchase),
    ]
    if purchase.earned:
        parts.append(_amount(texts, texts.t("Earned"), purchase.earned, _flow(purchase)))
    if purchase.points:
        parts.append(_amount(texts, texts.t("Points earned"), purchase.points, "in"))
    if purchase.points_clawed_back:
        taken = Money(amount=-purchase.points_clawed_back.amount, currency=purchase.points_clawed_back.currency)
        parts.append(_amount(texts, texts.t("Points taken back"), taken))
    parts += _taken_back(texts, purchase)
    return card(ft.Column(parts, spacing=Space.M, tight=True))


def _taken_back(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    """What refunds took back, and what a check did."""
    whole = purchase.clawed_back
    returned = sum(refund.clawed_back.amount for refund in purchase.refunds) if purchase.review else whole.amount
    named = ((texts.t("Taken back"), returned), (texts.t("Taken back after a check"), whole.amount - returned))
    return [_amount(texts, name, Money(amount=-taken, currency=whole.currency)) for name, taken in named if taken]


def _checked(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    """That somebody looks at it, or what came of that."""
    if purchase.review is None:
        return []
    sentence = newer(texts)
    if purchase.review == "rejected":
        sentence = texts.t("The store took this cashback back after a check. Ask about it if you think that is wrong.")
    elif purchase.review == "checking":
        sentence = texts.t("Being checked: the store looks at this purchase before you can spend its cashback.")
    return [notice(sentence, icon=ft.Icons.FLAG_OUTLINED, live=False)]


def _said(texts: Texts, purchase: Purchase) -> str:
    if purchase.state == "refunded":
        return texts.t("All of this purchase was returned")
    if not kept(purchase) and purchase.review == "rejected":
        return texts.t("You keep no cashback of this purchase")
    if not kept(purchase):
        return texts.t("This purchase earned no cashback")
    return texts.t("You earned {amount}", amount=texts.money(kept(purchase)))


def _flow(purchase: Purchase) -> Flow:
    return "in" if flow_of(purchase) == "none" else flow_of(purchase)


def _dates(texts: Texts, purchase: Purchase, now: datetime) -> list[ft.Control]:
    if not kept(purchase):
        return []
    facts: list[ft.Control] = []
    if flow_of(purchase) == "none":
        facts.append(line(ft.Icons.INFO_OUTLINED, newer(texts)))
    if purchase.available_at is not None:
        date = texts.date(purchase.available_at)
        if purchase.state == "pending" and purchase.review is None:  # a check may move the date
            facts.append(line(ft.Icons.SCHEDULE, texts.t("Pending until {date}", date=date)))
        elif flow_of(purchase) == "in":
            facts.append(line(ft.Icons.CHECK, texts.t("Available since {date}", date=date), ink=Color.BRAND))
    if purchase.expires_at is not None:
        date = texts.date(purchase.expires_at)
        gone = purchase.expires_at <= now
        sentence = texts.t("Expired on {date}", date=date) if gone else texts.t("Expires on {date}", date=date)
        facts.append(line(ft.Icons.HOURGLASS_BOTTOM, sentence))
    return facts


def _next_step(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    """How little more would have earned more, while nothing of it has come back."""
    if purchase.refunds or purchase.review:
        return []
    return [line(ft.Icons.STAIRS_OUTLINED, texts.missed_step(hint)) for hint in purchase.hints[:1]]


def _paid(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    paid, parts = purchase.total, [_amount(texts, texts.t("Total"), purchase.total)]
    if purchase.redeemed:
        paid -= purchase.redeemed
        parts.append(_amount(texts, texts.t("Spent cashback"), purchase.redeemed, "out"))
    if purchase.points_worth is not None and purchase.points_redeemed:
        paid -= purchase.points_worth
        name = texts.t("Spent {points}", points=texts.money(purchase.points_redeemed))
        parts.append(_amount(texts, name, purchase.points_worth, "out"))
    paid_row = _amount(texts, texts.t("You paid"), paid)
    return [*parts, paid_row] if len(parts) > 1 else [paid_row]


def _amount(texts: Texts, name: str, amount: Money, flow: Flow | None = None) -> ft.Control:
    figure = text(texts.money(amount)) if flow is None else money(texts, amount, flow, style=Type.BODY)
    return ft.Row([text(name, color=Color.QUIET, expand=True), figure], spacing=Space.M)
