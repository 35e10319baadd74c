"""The list and one purchase, side by side."""

from __future__ import annotations

import flet as ft

from views.screens.purchases.detail import PurchaseDetail
from views.screens.purchases.listing import PurchaseList
from views.session import use_session, use_texts
from views.state import use_slice
from views.ui.empty import empty
from views.ui.keyed import keyed
from views.ui.layout import panes


@ft.component
def PurchasePanes() -> ft.Control:
    """From 840 up."""
    session, texts = use_session(), use_texts()
    purchases, chosen = use_slice(session.store.purchases), ft.use_route_params().get("id")
    if chosen is None and purchases.loaded and not purchases.items:
        return PurchaseList()
    detail = (
        keyed(PurchaseDetail, chosen)
        if chosen
        else empty("pick", texts.t("Choose a purchase to see what it earned, and why."))
    )
    return panes(PurchaseList(chosen), detail)
