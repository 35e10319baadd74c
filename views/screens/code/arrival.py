"""The purchase that the till has just posted, on the screen that the shopper is holding up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import flet as ft

from contract.wallet import Purchase
from services.texts import Texts
from views.hooks import use_kept, use_value
from views.session import go, use_session, use_texts
from views.state import use_slice
from views.tokens import Color, Size, Space
from views.ui.buttons import primary, quiet
from views.ui.words import body, display

_JUST_NOW = timedelta(minutes=15)
"""How long ago a purchase may be to be the one at this till; older ones are only late to reach this device."""


def use_arrival() -> tuple[Purchase | None, Callable[[], None]]:
    """The newest purchase that came while this screen is open, and a way to go back to the code."""
    session = use_session()
    purchases = use_slice(session.store.purchases).items
    known: set[str] = use_kept(lambda: {each.purchase_id for each in purchases})
    dismissed, dismiss = use_value("")
    arrived = _newest(purchases, known, session.now())
    if arrived is None or arrived.purchase_id == dismissed:
        return None, lambda: None
    return arrived, lambda: dismiss(arrived.purchase_id)


def _newest(purchases: tuple[Purchase, ...], known: set[str], now: datetime) -> Purchase | None:
    fresh = (each for each in purchases if each.purchase_id not in known and abs(now - each.at) < _JUST_NOW)
    return next(fresh, None)


@ft.component
def Arrival(purchase: Purchase, again: Callable[[], None]) -> ft.Control:
    """What the purchase earned and spent; to its reasons, to the wallet, or back to the code."""
    texts = use_texts()
    parts: list[ft.Control] = [
        ft.Icon(ft.Icons.CHECK_CIRCLE, size=Size.LOGO, color=Color.BRAND),
        ft.Semantics(
            content=ft.Column(
                _words(texts, purchase),
                spacing=Space.S,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            live_region=True,
            container=True,
        ),
        ft.Container(
            content=ft.Column(
                [
                    primary(texts.t("See why"), lambda: go(f"/purchases/{purchase.purchase_id}")),
                    quiet(texts.t("Done"), lambda: go("/")),
                    quiet(texts.t("Show the code again"), again),
                ],
                spacing=Space.S,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            width=Size.BARCODE_WIDTH,
        ),
    ]
    return ft.Column(
        parts, spacing=Space.XL, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER, key="arrival"
    )


def _words(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    words: list[ft.Control] = [
        body(texts.t("{store}, {amount}", store=purchase.store.name, amount=texts.money(purchase.total)), Color.QUIET)
    ]
    if purchase.earned:
        words.append(display(texts.money(purchase.earned, signed=True), Color.BRAND, centred=True))
        if purchase.state == "pending" and purchase.available_at is not None:
            when = texts.short_date(purchase.available_at)
            words.append(body(texts.t("yours to spend on {date}", date=when), centred=True))
        else:
            words.append(body(texts.t("yours to spend now"), centred=True))
    else:
        words.append(body(texts.t("This purchase earned nothing."), centred=True))
    if purchase.redeemed:
        words.append(
            body(texts.t("You spent {amount} of your cashback.", amount=texts.money(purchase.redeemed)), centred=True)
        )
    return words
