"""A purchase's row, which the wallet and the purchases' own screens share."""

from __future__ import annotations

from datetime import datetime, timedelta

import flet as ft

from contract.money import Money
from contract.wallet import Purchase
from services.texts import Texts
from views.session import go
from views.tokens import Color, Space
from views.ui.money import Flow, money, spoken_flow
from views.ui.rows import mark, row
from views.ui.words import caption

_STATES = frozenset({"pending", "available", "refunded", "rejected"})
_REVIEWS = frozenset({"checking", "rejected"})
_NAMED = timedelta(days=2)
_THIS_YEAR = timedelta(days=330)


def kept(purchase: Purchase) -> Money:
    """What it earned, less what refunds or a check took back."""
    return purchase.earned - purchase.clawed_back


def flow_of(purchase: Purchase) -> Flow:
    """Whether what it earned has come in or is on its way."""
    if not kept(purchase) or purchase.state not in _STATES:
        return "none"
    return "pending" if purchase.state == "pending" else "in"


@ft.component
def _PurchaseRow(purchase: Purchase, texts: Texts, day: str, chosen: bool) -> ft.Control:
    icon = ft.Icons.LANGUAGE if purchase.channel == "web" else ft.Icons.STOREFRONT_OUTLINED

    def tap() -> None:
        go(f"/purchases/{purchase.purchase_id}")

    return row(
        purchase.store.name,
        f"{day} · {texts.money(purchase.total)}",
        lead=mark(icon, Color.CARD_RAISED if not chosen else Color.CARD),
        trailing=ft.Column(
            _amounts(texts, purchase),
            spacing=Space.HAIR,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.END,
        ),
        on_click=tap,
        spoken=_spoken(texts, purchase, day),
        chosen=chosen,
    )


def _amounts(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    earned = kept(purchase)
    amounts: list[ft.Control] = []
    if earned or not purchase.redeemed:
        amounts.append(money(texts, earned, flow_of(purchase)))
    if purchase.redeemed:
        amounts.append(money(texts, purchase.redeemed, "out"))
    if purchase.points:
        amounts.append(caption(texts.money(purchase.points, signed=True)))
    if purchase.review in _REVIEWS:
        amounts.append(caption(checked(texts, purchase)))
    if purchase.refunds:
        amounts.append(caption(came_back(texts, purchase)))
    return amounts


def came_back(texts: Texts, purchase: Purchase) -> str:
    """How much of it was returned, in words."""
    return texts.t("Returned") if purchase.state == "refunded" else texts.t("Part returned")


def checked(texts: Texts, purchase: Purchase) -> str:
    """That its cashback is being checked, or was taken back after a check, in a word or two."""
    return texts.t("Being checked") if purchase.review == "checking" else texts.t("Taken back")


def _spoken(texts: Texts, purchase: Purchase, day: str) -> str:
    said = [purchase.store.name, day, texts.money(purchase.total)]
    earned = texts.t("earned {amount}", amount=texts.money(kept(purchase)))
    said.append(f"{earned}, {spoken_flow(texts, 'pending')}" if flow_of(purchase) == "pending" else earned)
    if purchase.redeemed:
        said.append(texts.t("spent {amount}", amount=texts.money(purchase.redeemed)))
    if purchase.review in _REVIEWS:
        said.append(checked(texts, purchase))
    if purchase.refunds:
        said.append(came_back(texts, purchase))
    return ", ".join(said)


_Memo = ft.memo(_PurchaseRow)  # type: ignore[no-untyped-call]


def purchase_row(purchase: Purchase, texts: Texts, now: datetime, *, chosen: bool = False) -> ft.Control:
    """A row that renders again only when its purchase, its day's name or its being chosen changes."""
    shown: ft.Control = _Memo(
        purchase, texts, _day(texts, purchase.at, now), chosen, key=f"{purchase.purchase_id}-{texts.language}"
    )
    return shown


def _day(texts: Texts, at: datetime, now: datetime) -> str:
    """The day: today and yesterday by name and with the time, any other without the year within a year."""
    heading = texts.day_heading(at, now) if now - at < _NAMED else ""
    if heading in (texts.t("Today"), texts.t("Yesterday")):
        return f"{heading}, {texts.time(at)}"
    return texts.short_date(at) if now - at < _THIS_YEAR else texts.date(at)
