"""The versions of the offers whose terms held on the day of a purchase."""

from __future__ import annotations

import flet as ft

from contract.wallet import Purchase
from services.texts import Texts
from views.session import go
from views.tokens import Color, Space
from views.ui.cards import card
from views.ui.rows import row
from views.ui.words import title

Applied = tuple[str, int, str]
"""A campaign's id, its version and its name."""


def applied(purchase: Purchase) -> list[Applied]:
    """The campaign versions that gave something to any line, each once."""
    gave = [reason for line in purchase.lines for reason in line.why if reason.value]
    return list(dict.fromkeys((each.campaign_id, each.campaign_version, each.name) for each in gave))


def terms_that_applied(texts: Texts, purchase: Purchase, open_offers: frozenset[str]) -> list[ft.Control]:
    """A card of them; those that are still open lead to their terms."""
    found = applied(purchase)
    if not found:
        return []
    head = ft.Container(
        content=title(texts.t("Terms that applied")), padding=ft.Padding.only(left=Space.M, top=Space.S)
    )
    listed = [_row(texts, each, each[0] in open_offers) for each in found]
    return [card(ft.Column([head, *listed], spacing=Space.NONE, tight=True), padding=Space.XS)]


def _row(texts: Texts, campaign: Applied, still_open: bool) -> ft.Control:
    campaign_id, version, name = campaign
    below = texts.t("Offer {id}, version {version}", id=campaign_id, version=version)
    if not still_open:
        return row(name, below, key=campaign_id)
    return row(
        name,
        below,
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT, color=Color.QUIET),
        on_click=lambda: go(f"/offers/{campaign_id}"),
        spoken=f"{name}, {below}",
        key=campaign_id,
    )
