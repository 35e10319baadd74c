"""The versions of the offers whose terms held on the day of a purchase."""

from __future__ import annotations

import flet as ft

from contract.terms import terms_id
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


def terms_that_applied(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    """A card of them; each leads to its terms as they were that day."""
    found = applied(purchase)
    if not found:
        return []
    head = ft.Container(
        content=title(texts.t("Terms that applied")), padding=ft.Padding.only(left=Space.L, top=Space.S)
    )
    listed = [_row(texts, each) for each in found]
    return [card(ft.Column([head, *listed], spacing=Space.NONE, tight=True), padding=Space.XS)]


def _row(texts: Texts, campaign: Applied) -> ft.Control:
    campaign_id, version, name = campaign
    below = texts.t("Version {version} of its terms", version=version)
    return row(
        name,
        below,
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT, color=Color.QUIET),
        on_click=lambda: go(f"/terms/{terms_id(campaign_id, version)}"),
        spoken=f"{name}, {below}",
        key=campaign_id,
    )
