"""What refunds of a purchase changed."""

from __future__ import annotations

import flet as ft

from contract.wallet import Purchase, Refund
from services.texts import Texts
from views.tokens import Color, Space
from views.ui.cards import card
from views.ui.chips import line
from views.ui.words import title


def refund_cards(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    """One card for each refund."""
    return [_refund(texts, refund) for refund in purchase.refunds]


def _refund(texts: Texts, refund: Refund) -> ft.Control:
    heading = texts.t("Returned on {date}", date=texts.date(refund.at))
    return card(
        ft.Column([title(heading), *_effects(texts, refund)], spacing=Space.S, tight=True),
        tone=Color.CARD_RAISED,
        padding=Space.L,
    )


def _effects(texts: Texts, refund: Refund) -> list[ft.Control]:
    facts = [
        (refund.amount, ft.Icons.UNDO, texts.t("Goods worth {amount} came back.")),
        (refund.from_pending, ft.Icons.SCHEDULE, texts.t("{amount} of pending cashback was taken back.")),
        (refund.from_available, ft.Icons.REMOVE, texts.t("{amount} of your balance was taken back.")),
        (refund.to_debt, ft.Icons.ARROW_FORWARD, texts.t("{amount} comes off your next cashback.")),
        (refund.restored, ft.Icons.ADD, texts.t("{amount} of cashback that you had spent is yours again.")),
    ]
    return [line(icon, sentence.replace("{amount}", texts.money(amount))) for amount, icon, sentence in facts if amount]
