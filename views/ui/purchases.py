"""A purchase's row, which the wallet and the purchases' own screens share."""

from __future__ import annotations

from datetime import datetime

import flet as ft

from contract.money import Money
from contract.wallet import Purchase
from services.texts import Texts
from views.session import go
from views.tokens import Color, Space
from views.ui.money import Flow, money
from views.ui.rows import mark, row
from views.ui.words import caption


def kept(purchase: Purchase) -> Money:
    """What it earned, less what refunds took back."""
    return purchase.earned - purchase.clawed_back


def flow_of(purchase: Purchase) -> Flow:
    """Whether what it earned has come in or is on its way."""
    if not kept(purchase):
        return "none"
    return "pending" if purchase.state == "pending" else "in"


@ft.component
def _PurchaseRow(purchase: Purchase, texts: Texts, day: str, chosen: bool) -> ft.Control:
    earned = kept(purchase)
    amounts: list[ft.Control] = []
    if earned or not purchase.redeemed:
        amounts.append(money(texts, earned, flow_of(purchase)))
    if purchase.redeemed:
        amounts.append(money(texts, purchase.redeemed, "out"))
    if purchase.refunds:
        amounts.append(caption(texts.t("Returned") if purchase.state == "refunded" else texts.t("Part returned")))
    icon = ft.Icons.LANGUAGE if purchase.channel == "web" else ft.Icons.STOREFRONT_OUTLINED

    def tap() -> None:
        go(f"/purchases/{purchase.purchase_id}")

    return row(
        purchase.store.name,
        f"{day} · {texts.money(purchase.total)}",
        lead=mark(icon, Color.CARD_RAISED if not chosen else Color.CARD),
        trailing=ft.Column(amounts, spacing=Space.HAIR, tight=True, horizontal_alignment=ft.CrossAxisAlignment.END),
        on_click=tap,
        chosen=chosen,
    )


_Memo = ft.memo(_PurchaseRow)  # type: ignore[no-untyped-call]


def purchase_row(purchase: Purchase, texts: Texts, now: datetime, *, chosen: bool = False) -> ft.Control:
    """A row that renders again only when its purchase, its day's name or its being chosen changes."""
    shown: ft.Control = _Memo(
        purchase, texts, texts.day_heading(purchase.at, now), chosen, key=f"{purchase.purchase_id}-{texts.language}"
    )
    return shown
