"""The list and one purchase, side by side."""

from __future__ import annotations

import flet as ft

from views.screens.purchases.detail import PurchaseDetail
from views.screens.purchases.listing import PurchaseList
from views.session import use_texts
from views.ui.empty import empty
from views.ui.keyed import keyed
from views.ui.layout import panes


@ft.component
def PurchasePanes() -> ft.Control:
    """From 840 up."""
    texts = use_texts()
    chosen = ft.use_route_params().get("id")
    detail = (
        keyed(PurchaseDetail, chosen)
        if chosen
        else empty("pick", texts.t("Choose a purchase to see what it earned, and why."))
    )
    return panes(PurchaseList(chosen), detail)
