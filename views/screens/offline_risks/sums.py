"""What was given without a network, added up, and how much a programme lets its tills give."""

from __future__ import annotations

import flet as ft

from contract.till_kit import OfflineRisks, OfflineSeller, OfflineSums
from services.texts import Texts
from views.till.parts import figure
from views.tokens import Color, Space
from views.ui.cards import card, divider
from views.ui.rows import row
from views.ui.words import caption, title


def sums_card(texts: Texts, page: OfflineRisks) -> ft.Control:
    """The last 90 days, and the limits."""
    sums, limits = page.sums, page.limits
    rows: list[ft.Control] = [
        caption(texts.t("Sold without a network in the last 90 days")),
        figure(texts.t("Spent"), texts.money(sums.spent), strong=True, icon=ft.Icons.NORTH_EAST),
        figure(
            texts.t("Not covered by a balance"),
            texts.money(sums.shortfall),
            tone=Color.ERROR if sums.shortfall else Color.TEXT,
        ),
        caption(" · ".join(_counts(texts, sums))),
        divider(),
        caption(texts.t("What the programme allows")),
        figure(texts.t("A customer at one till"), texts.money(limits.spend_per_member)),
        figure(texts.t("One till in all, until it is online"), texts.money(limits.spend_per_till)),
        caption(texts.n("A till sells on for {n} hour.", "A till sells on for {n} hours.", limits.kit_hours)),
    ]
    return card(ft.Column(rows, spacing=Space.M, tight=True), tone=Color.CARD_RAISED)


def seller_card(texts: Texts, seller: OfflineSeller) -> ft.Control:
    """What one person gave at one till."""
    where = " · ".join(part for part in (seller.store_name, seller.till) if part)
    said = [where, *_counts(texts, seller)]
    if seller.shortfall:
        said.append(texts.t("{amount} not covered", amount=texts.money(seller.shortfall)))
    name = seller.staff_name or texts.t("Unknown")
    return card(row(name, "\n".join((said[0], " · ".join(said[1:]))), icon=ft.Icons.BADGE_OUTLINED,
                    trailing=title(texts.money(seller.spent), level=4)), padding=Space.NONE)  # fmt: skip


def _counts(texts: Texts, sums: OfflineSums) -> list[str]:
    said = [texts.n("{n} receipt", "{n} receipts", sums.receipts)]
    if sums.refused:
        said.append(texts.n("{n} refused", "{n} refused", sums.refused))
    if sums.earned_less:
        said.append(texts.n("{n} earned less", "{n} earned less", sums.earned_less))
    return said
