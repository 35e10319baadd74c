"""The manager's places, and how many reviews wait."""

from __future__ import annotations

import flet as ft

from contract.reviews import ReviewPage
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.session import go, use_client, use_task, use_texts, use_width
from views.tokens import Color, Space
from views.ui import layout
from views.ui.cards import card, divider
from views.ui.notices import error_notice
from views.ui.rows import row
from views.ui.words import title


@ft.component
def Manage() -> ft.Control:
    """A row for each place."""
    client, texts, width = use_client(), use_texts(), use_width()
    nothing: ReviewPage | None = None
    page, set_page = use_value(nothing)

    claims, set_claims = use_value(0)

    async def read() -> None:
        set_page(await client.shop.reviews("open"))
        set_claims(len((await client.voices.claims("open")).items))

    load = use_command(read)

    async def first() -> None:
        await load.run()

    use_task(first)
    unusual = _waiting(texts, page.open if page is not None else 0, texts.t("What looked unusual, for you to decide"))
    missed = _waiting(texts, claims, texts.t("What members miss, for you to decide"))
    places = [
        (texts.t("Reviews"), unusual, ft.Icons.FLAG_OUTLINED, "reviews"),
        (texts.t("Claims"), missed, ft.Icons.SUPPORT_AGENT, "claims"),
        (
            texts.t("Feedback"),
            texts.t("How purchases were, in members' words"),
            ft.Icons.SENTIMENT_SATISFIED,
            "feedback",
        ),
        (texts.t("Staff"), texts.t("Who works here, and what each may do"), ft.Icons.BADGE_OUTLINED, "staff"),
        (
            texts.t("Products"),
            texts.t("The catalogue that the tills scan from"),
            ft.Icons.INVENTORY_2_OUTLINED,
            "catalogue",
        ),
        (
            texts.t("Without a network"),
            texts.t("What tills gave while they were offline, and what it cost"),
            ft.Icons.CLOUD_OFF_OUTLINED,
            "offline",
        ),
        (
            texts.t("Spending"),
            texts.t("How much may be spent, and when the member is asked first"),
            ft.Icons.PAYMENTS_OUTLINED,
            "spending",
        ),
        (texts.t("Limits"), texts.t("Refunds, locking, and what is held"), ft.Icons.TUNE, "settings"),
        (texts.t("Trail"), texts.t("Who did what, where and when"), ft.Icons.HISTORY, "trail"),
    ]
    rows: list[ft.Control] = []
    for name, below, icon, place in places:
        rows += [_place(name, below, icon, place), divider()]
    listed = card(ft.Column(rows[:-1], spacing=Space.NONE, tight=True), padding=Space.XS)
    head = ft.Container(content=title(texts.t("Manage"), level=1), padding=ft.Padding.symmetric(vertical=Space.M))
    return layout.page([head, *error_notice(texts, load.problem), listed], width)


def _waiting(texts: Texts, count: int, about: str) -> str:
    """What a place is for, after how many wait there for a decision."""
    return f"{texts.n('{n} waits', '{n} wait', count)} · {about}" if count else about


def _place(name: str, below: str, icon: ft.IconData, place: str) -> ft.Control:
    return row(
        name,
        below,
        icon=icon,
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT, color=Color.QUIET),
        on_click=lambda: go(f"/till/manage/{place}"),
        key=place,
    )
