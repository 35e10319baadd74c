"""An offer's parts, which the wallet and the offers' own screens share."""

from __future__ import annotations

from datetime import datetime, timedelta

import flet as ft

from contract.offers import Offer
from services.texts import Texts
from views.commands import Command
from views.state import Offers
from views.tokens import Color, Size, Space, Type
from views.ui.buttons import quiet
from views.ui.chips import chip
from views.ui.notices import notice
from views.ui.words import caption, label, text

_PICTURES = frozenset(
    {"bakery", "basket", "cycle", "drinks", "electronics", "food", "fruit", "gift", "household", "organic", "steps"}
)
_SOON = timedelta(days=7)
STATES = frozenset({"open", "activated", "used", "used_up", "ended"})
"""Those that this app has words for."""


def worth(texts: Texts, offer: Offer) -> str:
    """What the offer gives, as short as it goes."""
    if offer.kind == "steps" and offer.steps:
        return texts.t("up to {rate}", rate=texts.rate(max(step.rate_bp for step in offer.steps)))
    if offer.kind == "multiplier" and offer.factor_bp:
        return f"{texts.factor(offer.factor_bp)}×"
    if offer.value and offer.kind in {"fixed", "points"}:
        return texts.money(offer.value)
    if offer.rate_bp and offer.kind == "percent":
        return texts.rate(offer.rate_bp)
    return texts.t("Offer")


def picture(offer: Offer, height: int, width: int | None = None) -> ft.Control:
    """The offer's drawing, or the ring where the app has none by that name."""
    name = offer.picture if offer.picture in _PICTURES else "cycle"
    return ft.Image(
        src=f"offers/{name}.svg",
        height=height,
        width=width,
        fit=ft.BoxFit.COVER,
        color=Color.VEIL,
        color_blend_mode=ft.BlendMode.SRC_A_TOP,
        exclude_from_semantics=True,
    )


def ends_soon(offer: Offer, now: datetime) -> bool:
    """Whether it ends within a week."""
    return offer.ends_at is not None and now <= offer.ends_at <= now + _SOON


def when(texts: Texts, offer: Offer, now: datetime) -> str:
    """How long it runs, in words."""
    if offer.state == "ended" or (offer.ends_at is not None and offer.ends_at <= now):
        return texts.t("Ended")
    if offer.starts_at > now:
        return texts.t("From {date}", date=texts.short_date(offer.starts_at))
    if offer.ends_at is None:
        return texts.t("No end date")
    if ends_soon(offer, now):
        return texts.t("Ends {span}", span=texts.until(offer.ends_at, now))
    return texts.t("Until {date}", date=texts.short_date(offer.ends_at))


def when_text(texts: Texts, offer: Offer, now: datetime) -> ft.Control:
    """The same, in amber when it is soon."""
    return caption(when(texts, offer, now), Color.WARM if ends_soon(offer, now) else Color.QUIET, lines=1)


def waits(offers: Offers, offer_id: str) -> bool:
    """Whether something asked of this offer has not been confirmed yet."""
    return any(action.offer_id == offer_id for action in offers.pending)


def state_chip(texts: Texts, offer: Offer, waiting: bool) -> ft.Control | None:
    """The state in a pill; None for one that is open, where a button says it better."""
    if waiting:
        return chip(
            texts.t("Waiting for network"), ft.Icons.CLOUD_OFF_OUTLINED, tone=Color.WARM_SOFT, ink=Color.ON_WARM_SOFT
        )
    if offer.state == "activated":
        return chip(texts.t("Activated"), ft.Icons.CHECK, tone=Color.BRAND_SOFT, ink=Color.ON_BRAND_SOFT)
    if offer.state == "used":
        return chip(texts.t("You got all of it"), ft.Icons.DONE_ALL)
    if offer.state == "used_up":
        return chip(texts.t("Ran out"), ft.Icons.HOURGLASS_EMPTY)
    return chip(texts.t("Ended"), ft.Icons.EVENT_BUSY) if offer.state == "ended" else None


def refusals(texts: Texts, offers: Offers, dismiss: Command[None], offer_id: str | None = None) -> list[ft.Control]:
    """What the API refused of what was asked, and why; each can be put away."""

    def one(key: str, refused: str, why: str) -> ft.Control:
        async def away() -> None:
            await dismiss.run(key)

        return notice(
            f"{refused}: {why}",
            icon=ft.Icons.ERROR_OUTLINE,
            tone=Color.ERROR_SOFT,
            ink=Color.ON_ERROR_SOFT,
            action=quiet(texts.t("Understood"), away),
        )

    names = {offer.offer_id: offer.name for offer in offers.items}
    return [
        one(action.key, names.get(action.offer_id, texts.t("Offer")), texts.problem(action.problem))
        for action in offers.refused
        if offer_id is None or action.offer_id == offer_id
    ]


def worth_badge(texts: Texts, offer: Offer) -> ft.Control:
    """What it gives, on its picture."""
    return ft.Container(
        content=text(worth(texts, offer), Type.LABEL, Color.ON_BRAND, strong=True),
        bgcolor=Color.BRAND,
        border_radius=Size.PILL,
        padding=ft.Padding.symmetric(vertical=Space.XS, horizontal=Space.M),
    )


def offer_card(
    texts: Texts,
    offer: Offer,
    waiting: bool,
    now: datetime,
    open_offer: ft.ControlEventHandler[ft.Container],
    *,
    wide: bool = False,
) -> ft.Control:
    """A small card: picture, what it gives, name, and until when. ``wide``: it takes its share of the row."""
    mark = state_chip(texts, offer, waiting)
    return ft.Container(
        key=offer.offer_id,
        width=None if wide else Size.OFFER_CARD,
        expand=wide or None,
        bgcolor=Color.CARD,
        border_radius=Size.RADIUS,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        ink=True,
        on_click=open_offer,
        content=ft.Column(
            [
                ft.Stack(
                    [
                        ft.Container(
                            content=picture(offer, Size.OFFER_PICTURE),
                            left=Space.NONE,
                            right=Space.NONE,
                            top=Space.NONE,
                            bottom=Space.NONE,
                        ),
                        ft.Container(content=worth_badge(texts, offer), left=Space.M, bottom=Space.M),
                    ],
                    height=Size.OFFER_PICTURE,
                ),
                ft.Container(
                    content=ft.Column(
                        [label(offer.name, lines=2), mark or when_text(texts, offer, now)], spacing=Space.S, tight=True
                    ),
                    padding=ft.Padding.only(left=Space.L, right=Space.L, top=Space.M, bottom=Space.L),
                ),
            ],
            spacing=Space.NONE,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )
