"""Me: who is signed in, and how this device shows the wallet."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from contract.members import Profile
from services.texts import Texts
from views.screens.me.leaving import Leaving
from views.session import go, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Size, Space, Type
from views.ui import skeleton
from views.ui.cards import card, divider
from views.ui.layout import page
from views.ui.preferences import Language, LetterSize, Theme
from views.ui.rows import row
from views.ui.words import body, text, title


@ft.component
def Me() -> ft.Control:
    """The member's name and number, the language, the look, this device, and the way out."""
    session, texts, width = use_session(), use_texts(), use_width()
    profile = use_slice(session.store.who).profile
    head = ft.Semantics(content=text(texts.t("Me"), Type.HEADLINE), header=True, heading_level=1)
    who = skeleton.rows(texts, 2) if profile is None else _member(texts, profile)
    return page([head, who, _ways(texts), Language(), Theme(), LetterSize(), Device(), Leaving()], width)


def _to(route: str) -> Callable[[], None]:
    return lambda: go(route)


def _ways(texts: Texts) -> ft.Control:
    """To all that is hers to see and to change."""
    places = [
        ("/me/profile", ft.Icons.PERSON_OUTLINE, texts.t("Profile"), texts.t("Your name and your birthday")),
        ("/me/devices", ft.Icons.DEVICES, texts.t("Your devices"), texts.t("Where you are signed in")),
        (
            "/me/privacy",
            ft.Icons.SHIELD_OUTLINED,
            texts.t("Your data"),
            texts.t("What we keep, what we may send, your copy, leaving"),
        ),
        (
            "/me/claims",
            ft.Icons.SUPPORT_AGENT,
            texts.t("Your claims"),
            texts.t("Something missing, and what came of it"),
        ),
        (
            "/statement",
            ft.Icons.DESCRIPTION_OUTLINED,
            texts.t("Statement"),
            texts.t("Every movement with the balance after it, as PDF and CSV too"),
        ),
        ("/me/terms", ft.Icons.GAVEL, texts.t("Terms"), texts.t("What you agreed to when you joined")),
        ("/me/help", ft.Icons.HELP_OUTLINE, texts.t("Help"), texts.t("How your wallet works")),
    ]
    rows: list[ft.Control] = []
    for route, icon, name, below in places:
        rows += [divider()] if rows else []
        arrow = ft.Icon(ft.Icons.CHEVRON_RIGHT, color=Color.QUIET)
        rows.append(row(name, below, icon=icon, trailing=arrow, on_click=_to(route), key=route))
    return card(ft.Column(rows, spacing=Space.NONE, tight=True), padding=Space.NONE)


def _member(texts: Texts, profile: Profile) -> ft.Control:
    contact = " · ".join(part for part in (profile.email, profile.phone) if part)
    initial = ft.Container(
        content=text((profile.name or contact)[:1].upper(), Type.TITLE, Color.ON_BRAND_SOFT),
        width=Size.LOGO,
        height=Size.LOGO,
        border_radius=Size.LOGO,
        bgcolor=Color.BRAND_SOFT,
        alignment=ft.Alignment.CENTER,
    )
    names = ft.Column(
        [title(profile.name or contact), *([body(contact, Color.QUIET, lines=1)] if profile.name and contact else [])],
        spacing=Space.HAIR,
        tight=True,
        expand=True,
    )
    head = ft.Row([ft.Semantics(content=initial, exclude_semantics=True), names], spacing=Space.L)
    since = texts.t("Since {date}", date=texts.date(profile.joined_at))
    return card(
        ft.Column(
            [
                ft.Container(content=head, padding=Space.L),
                divider(),
                row(texts.t("Member number"), spaced(profile.member_number), icon=ft.Icons.BADGE_OUTLINED),
                row(profile.programme.name, since, icon=ft.Icons.STOREFRONT_OUTLINED),
            ],
            spacing=Space.NONE,
            tight=True,
        ),
        padding=ft.Padding.only(bottom=Space.XS),
    )


def spaced(number: str) -> str:
    """A member number in groups, to read aloud: ``4821 903 117``."""
    return " ".join(part for part in (number[:4], number[4:7], number[7:]) if part)


@ft.component
def Device() -> ft.Control:
    """What this device keeps, and from when it is."""
    session, texts = use_session(), use_texts()
    link, page_ = use_slice(session.store.link), ft.context.page
    name = texts.t("This browser") if page_.web else texts.t("This device")
    kept = texts.t("Keeps your wallet for when there is no network.")
    if link.fetched_at is not None:
        kept = texts.t(
            "Keeps your wallet for when there is no network. Last news: {date}, {time}.",
            date=texts.date(link.fetched_at),
            time=texts.time(link.fetched_at),
        )
    return card(row(name, kept, icon=ft.Icons.DEVICES), padding=Space.NONE)
