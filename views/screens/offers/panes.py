"""The list and one offer, side by side."""

from __future__ import annotations

import flet as ft

from views.screens.offers.detail import OfferDetail
from views.screens.offers.listing import OfferList
from views.session import use_session, use_texts
from views.state import use_slice
from views.ui.empty import empty
from views.ui.keyed import keyed
from views.ui.layout import panes


@ft.component
def OfferPanes() -> ft.Control:
    """From 840 up."""
    session, texts = use_session(), use_texts()
    offers, chosen = use_slice(session.store.offers), ft.use_route_params().get("id")
    if chosen is None and offers.loaded and not offers.items:
        return OfferList()
    detail = keyed(OfferDetail, chosen) if chosen else empty("pick", texts.t("Choose an offer to see how it works."))
    return panes(OfferList(chosen), detail)
