"""The card of an offer's terms: each a name and what holds."""

from __future__ import annotations

import flet as ft

from contract.money import Money
from contract.offers import Offer
from services.texts import Texts
from views.tokens import Color, Size, Space
from views.ui import offer_words as words
from views.ui.cards import card, divider
from views.ui.grown import grown
from views.ui.ring import share_bp
from views.ui.words import caption, text


def terms_card(texts: Texts, offer: Offer) -> ft.Control:
    """All terms, those that matter most first."""
    rows = [*_reward(texts, offer), *_scope(texts, offer), *_limits(texts, offer), *_afterwards(texts, offer)]
    parts: list[ft.Control] = []
    for row in rows:
        parts += [divider(), row] if parts else [row]
    return card(ft.Column(parts, spacing=Space.M, tight=True))


def _reward(texts: Texts, offer: Offer) -> list[ft.Control]:
    return [_term(ft.Icons.REDEEM, texts.t("What you get"), *words.steps(texts, offer))]


def _scope(texts: Texts, offer: Offer) -> list[ft.Control]:
    what = words.counts(texts, offer) or texts.t("Everything that may earn cashback")
    rows = [_term(ft.Icons.CHECK_CIRCLE_OUTLINE, texts.t("What counts"), what)]
    left_out = [words.left_out(texts, offer)] if offer.excluded else []
    if offer.exclude_discounted:
        left_out.append(texts.t("Items that are discounted already"))
    if left_out:
        rows.append(_term(ft.Icons.REMOVE_CIRCLE_OUTLINE, texts.t("What does not count"), *left_out))
    rows.append(_term(ft.Icons.STOREFRONT_OUTLINED, texts.t("Where"), words.place(texts, offer)))
    if offer.payment_means:
        paid = texts.t("Paid with {means}", means=", ".join(texts.category(each) for each in offer.payment_means))
        rows.append(_term(ft.Icons.CREDIT_CARD, texts.t("How you pay"), paid))
    rows.append(
        _term(ft.Icons.CALENDAR_TODAY_OUTLINED, texts.t("When"), words.period(texts, offer), *words.hours(texts, offer))
    )
    return rows


def _limits(texts: Texts, offer: Offer) -> list[ft.Control]:
    rows: list[ft.Control] = []
    if offer.minimum is not None:
        least = texts.t("A purchase of {amount} or more", amount=texts.money(offer.minimum))
        rows.append(_term(ft.Icons.SHOPPING_BASKET_OUTLINED, texts.t("Minimum"), least))
    if offer.per_purchase is not None:
        most = texts.t("{amount} for one purchase", amount=texts.money(offer.per_purchase))
        rows.append(_term(ft.Icons.VERTICAL_ALIGN_TOP, texts.t("At most"), most))
    if offer.cap is not None:
        earned = offer.earned or Money(amount=0, currency=offer.cap.currency)
        said = texts.t("{earned} of {cap}, so far", earned=texts.money(earned), cap=texts.money(offer.cap))
        bar = _bar(share_bp(earned.amount, offer.cap.amount))
        rows.append(_term(ft.Icons.DATA_USAGE, texts.t("The most that you can get"), said, below=bar))
    if offer.most_stamps is not None:
        got = offer.stamps or 0
        said = texts.n("{got} of {n} stamp", "{got} of {n} stamps", offer.most_stamps, got=texts.number(got))
        bar = _bar(share_bp(got, offer.most_stamps))
        rows.append(_term(ft.Icons.APPROVAL_OUTLINED, texts.t("The most that you can get"), said, below=bar))
    return rows


def _afterwards(texts: Texts, offer: Offer) -> list[ft.Control]:
    return [
        _term(ft.Icons.SCHEDULE, texts.t("You can spend it"), words.becomes_available(texts, offer)),
        _term(ft.Icons.HOURGLASS_BOTTOM, texts.t("It expires"), words.expires(texts, offer)),
    ]


def _bar(filled_bp: int) -> ft.Control:
    bar = ft.ProgressBar(
        value=min(filled_bp, 10_000) / 10_000,
        color=Color.BRAND,
        bgcolor=Color.LINE,
        bar_height=Space.S,
        border_radius=Size.PILL,
    )
    return ft.Semantics(content=bar, exclude_semantics=True)


def _term(icon: ft.IconData, name: str, *sentences: str, below: ft.Control | None = None) -> ft.Control:
    said = [caption(name), *(text(sentence) for sentence in sentences), *([below] if below is not None else [])]
    return ft.Row(
        [
            ft.Container(
                content=ft.Icon(icon, size=grown(Size.ICON - Space.XS), color=Color.QUIET), padding=Space.HAIR
            ),
            ft.Column(said, spacing=Space.HAIR, tight=True, expand=True),
        ],
        spacing=Space.M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
