"""Who is at the till: name, tier, birthday, what they have, what of it may be spent here, and the offers that fit."""

from __future__ import annotations

import flet as ft

from contract.money import Money
from contract.offers import Offer
from contract.till import Identification
from services.texts import Texts
from views.session import use_texts
from views.till.hooks import use_value
from views.tokens import Color, Size, Space, Type
from views.ui.buttons import icon_button
from views.ui.chips import chip
from views.ui.offer_words import gives
from views.ui.words import caption, label, text

_INK = Color.ON_BRAND_SOFT


@ft.component
def MemberCard(found: Identification, may_spend: Money | None, wide: bool) -> ft.Control:
    """The member whose code was good: in the colour of success, the name large enough to be read across a counter."""
    texts = use_texts()
    opened, set_opened = use_value(False)
    named: list[ft.Control] = [text(found.member_name, Type.TITLE, _INK, lines=1), *_marks(texts, found)]
    words = ft.Column(
        [
            ft.Row(named, spacing=Space.S, run_spacing=Space.XS, wrap=True),
            text(" · ".join(_has(texts, found, may_spend)), Type.LABEL, _INK, lines=4),
        ],
        spacing=Space.HAIR,
        tight=True,
        expand=True,
    )
    parts: list[ft.Control] = [ft.Semantics(content=initial(found.member_name), exclude_semantics=True), words]
    if found.offers and not wide:
        name = texts.t("Hide their offers") if opened else texts.n("{n} offer", "{n} offers", len(found.offers))
        icon = ft.Icons.EXPAND_LESS if opened else ft.Icons.LOCAL_OFFER_OUTLINED
        parts.append(icon_button(icon, name, lambda: set_opened(not opened), color=_INK))
    rows: list[ft.Control] = [ft.Row(parts, spacing=Space.M, vertical_alignment=ft.CrossAxisAlignment.CENTER)]
    if wide and found.offers:
        chips = [_offer_chip(texts, each) for each in found.offers]
        rows.append(ft.Row(chips, spacing=Space.S, run_spacing=Space.XS, wrap=True))
    elif opened:
        rows += [_offer(texts, each) for each in found.offers]
    return ft.Semantics(
        content=ft.Container(
            content=ft.Column(rows, spacing=Space.S, tight=True),
            bgcolor=Color.BRAND_SOFT,
            border_radius=Size.RADIUS,
            padding=ft.Padding.symmetric(vertical=Space.M if wide else Space.S, horizontal=Space.L),
        ),
        container=True,
    )


def _has(texts: Texts, found: Identification, may_spend: Money | None) -> list[str]:
    """What they have, and what of it may be spent here."""
    has = [texts.t("{amount} available", amount=texts.money(found.wallet.available))]
    if found.wallet.points is not None and found.wallet.points.available:
        has.append(texts.money(found.wallet.points.available))
    if found.wallet.debt:
        has.append(texts.t("{amount} to make up", amount=texts.money(found.wallet.debt)))
    if found.held is not None:
        has.append(texts.t("{amount} being checked", amount=texts.money(found.held)))
    if found.spending_opens_at is not None:
        opens = found.spending_opens_at
        has.append(
            texts.t("new phone: spending opens {date}, {time}", date=texts.short_date(opens), time=texts.time(opens))
        )
    elif not found.can_spend:
        has.append(texts.t("earns, and does not spend"))
    elif may_spend is not None and found.wallet.available:
        has.append(texts.t("may spend {amount}", amount=texts.money(may_spend)))
    return has


def initial(name: str, sign: str = "") -> ft.Control:
    """The first letter of a name in a circle."""
    return ft.Container(
        content=text(sign or name[:1].upper() or "?", Type.TITLE, Color.ON_BRAND),
        width=Size.AVATAR,
        height=Size.AVATAR,
        border_radius=Size.AVATAR,
        bgcolor=Color.BRAND,
        alignment=ft.Alignment.CENTER,
    )


def _marks(texts: Texts, found: Identification) -> list[ft.Control]:
    """Tier and birthday, each in a word."""
    marks = []
    if found.tier:
        marks.append(chip(found.tier, ft.Icons.WORKSPACE_PREMIUM, tone=Color.CARD, ink=Color.TEXT))
    said = {
        "today": texts.t("Birthday today"),
        "soon": texts.t("Birthday within a week"),
        "just_been": texts.t("Birthday was this week"),
    }
    birthday = said.get(found.birthday or "")
    if birthday is not None:
        marks.append(chip(birthday, ft.Icons.CAKE_OUTLINED, tone=Color.WARM_SOFT, ink=Color.ON_WARM_SOFT))
    return marks


def _asleep(offer: Offer) -> bool:
    """Whether it waits to be activated."""
    return offer.needs_activation and offer.state == "open"


def _offer_chip(texts: Texts, offer: Offer) -> ft.Control:
    """The same in a word, where there is room beside the others."""
    if _asleep(offer):
        said = texts.t("{offer}, not activated", offer=gives(texts, offer))
        return chip(said, ft.Icons.LOCAL_OFFER_OUTLINED, tone=Color.CLEAR, ink=_INK)
    return chip(gives(texts, offer), ft.Icons.LOCAL_OFFER, tone=Color.CARD, ink=Color.TEXT)


def _offer(texts: Texts, offer: Offer) -> ft.Control:
    """One offer that fits, as a cashier can say it; one that waits to be activated says so."""
    asleep = _asleep(offer)
    below = texts.t("Not activated yet. They can do it in their app.") if asleep else offer.name
    icon = ft.Icons.LOCAL_OFFER_OUTLINED if asleep else ft.Icons.LOCAL_OFFER
    return ft.Row(
        [
            ft.Icon(icon, size=Size.ICON - Space.XS, color=_INK),
            ft.Column(
                [label(gives(texts, offer), _INK, lines=2), caption(below, _INK, lines=1)],
                spacing=Space.NONE,
                tight=True,
                expand=True,
            ),
        ],
        spacing=Space.M,
    )
