"""The frame around a signed-in screen: a bar on a phone, a rail from 600 up, the banner, and the guard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import flet as ft

from services.texts import Texts
from views.session import Session, Width, go, use_session
from views.state import use_slice
from views.tokens import Color, Motion, Size, Space, Type, edge
from views.ui.buttons import icon_button
from views.ui.notices import LinkBanner

Kind = Literal["member", "staff"]
HOME: dict[str, str] = {"member": "/", "staff": "/till"}


@dataclass(frozen=True)
class Destination:
    """A place in the bar or the rail."""

    route: str
    icon: ft.IconData
    chosen: ft.IconData
    name: Callable[[Texts], str]


def use_guard(kind: Kind) -> bool:
    """Whether this screen is for who is signed in. If not, they are sent where they belong."""
    session = use_session()
    who = use_slice(session.store.who)
    here = ft.use_route_location()
    before = ft.use_ref(who.kind)

    def guard() -> None:
        left, before.current = before.current in HOME and who.notice is None, who.kind
        if who.kind == "signed_out":
            session.wanted = "/" if left else here or "/"
            go("/demo" if session.demo else "/sign-in")
        elif who.kind in HOME and who.kind != kind:
            go(HOME[who.kind])

    ft.use_effect(guard, [who.kind])
    return who.kind == kind


def use_entry() -> None:
    """On a sign-in screen: who is signed in goes on to where they wanted to be."""
    session = use_session()
    who = use_slice(session.store.who)

    def leave() -> None:
        if who.kind in HOME:
            go(_wanted(session, who.kind))

    ft.use_effect(leave, [who.kind])


def _wanted(session: Session, kind: str) -> str:
    wanted, session.wanted = session.wanted, "/"
    for_staff = wanted == "/till" or wanted.startswith("/till/")
    return wanted if for_staff == (kind == "staff") else HOME[kind]


def waiting(route: str) -> ft.View:
    """What is shown while it is not known who is signed in."""
    return ft.View(
        route=route,
        padding=Space.NONE,
        bgcolor=Color.PAGE,
        vertical_alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        controls=[ft.ProgressRing(width=Size.ICON_LARGE, height=Size.ICON_LARGE, color=Color.BRAND)],
    )


def frame(
    session: Session,
    texts: Texts,
    width: Width,
    destinations: tuple[Destination, ...],
    path: str,
    content: ft.Control,
    *,
    title: str | None = None,
    back: str | None = None,
    most: int | None = None,
) -> ft.View:
    """A view with the bar or the rail. ``back`` is where the arrow leads; without it this is a destination itself.

    ``most`` is how wide the content is in the middle of a wide screen, so that its title stands above it.
    """
    tops = [place.route for place in destinations]
    index = max((i for i, route in enumerate(tops) if _under(path, route)), key=lambda i: len(tops[i]), default=0)
    top = path in tops and back is None

    def change(event: ft.Event[ft.NavigationBar] | ft.Event[ft.NavigationRail]) -> None:
        if event.control.selected_index is not None:
            go(tops[event.control.selected_index])

    compact = width == "compact"
    up = back or path.rsplit("/", 1)[0] or "/"
    named = [] if top or not title or compact else [_heading(texts, title, up, width, most)]
    body = ft.Column(
        [LinkBanner(), *named, ft.Semantics(content=content, identifier=f"width-{width}", expand=True)],
        expand=True,
        spacing=Space.NONE,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.View(
        route="/" if top else path,
        padding=Space.NONE,
        spacing=Space.NONE,
        bgcolor=Color.PAGE,
        can_pop=not top,
        appbar=_app_bar(texts, title, up) if title and compact and not top else None,
        navigation_bar=_bar(texts, destinations, index, change) if top and compact else None,
        controls=[
            ft.SafeArea(content=body, expand=True)
            if compact
            else ft.Row(
                [_rail(texts, destinations, index, change), body],
                expand=True,
                spacing=Space.NONE,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        ],
    )


def _under(path: str, route: str) -> bool:
    return path == route or (route != "/" and path.startswith(route + "/"))


def _heading(texts: Texts, title: str, back: str, width: Width, most: int | None) -> ft.Control:
    """The way back beside the rail: a bar above both would push the rail down."""
    arrow = icon_button(ft.Icons.ARROW_BACK, texts.t("Back"), lambda: go(back))
    name = ft.Semantics(
        content=ft.Text(title, theme_style=Type.TITLE, color=Color.TEXT), header=True, heading_level=1, expand=True
    )
    margin = edge(width == "expanded")
    line = ft.Container(
        content=ft.Row([arrow, name], spacing=Space.XS),
        # the arrow stands in the middle of its button: its stroke begins where the content below begins
        padding=ft.Padding.only(left=margin - Space.M, top=margin - Space.S, right=margin),
        width=None if most is None else most + 2 * margin,
    )
    return line if most is None else ft.Container(content=line, alignment=ft.Alignment.TOP_CENTER)


def _app_bar(texts: Texts, title: str, back: str) -> ft.AppBar:
    return ft.AppBar(
        leading=icon_button(ft.Icons.ARROW_BACK, texts.t("Back"), lambda: go(back)),
        title=ft.Text(title, theme_style=Type.BAR, color=Color.TEXT),
        bgcolor=Color.PAGE,
        elevation_on_scroll=0,
        center_title=False,
    )


def _bar(texts: Texts, places: tuple[Destination, ...], index: int, change: Callable[..., None]) -> ft.NavigationBar:
    return ft.NavigationBar(
        selected_index=index,
        on_change=change,
        bgcolor=Color.CARD_RAISED,
        indicator_color=Color.BRAND_SOFT,
        animation_duration=Motion.MEDIUM,
        destinations=[
            ft.NavigationBarDestination(icon=place.icon, selected_icon=place.chosen, label=place.name(texts))
            for place in places
        ],
    )


def _rail(texts: Texts, places: tuple[Destination, ...], index: int, change: Callable[..., None]) -> ft.Control:
    rail = ft.NavigationRail(
        selected_index=index,
        on_change=change,
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=Size.RAIL,
        bgcolor=Color.CARD_RAISED,
        indicator_color=Color.BRAND_SOFT,
        leading=ft.Container(
            content=ft.Image(src="icon.svg", width=Size.AVATAR, height=Size.AVATAR, semantics_label="Kierto"),
            padding=ft.Padding.only(top=Space.L, bottom=Space.XL),
        ),
        destinations=[
            ft.NavigationRailDestination(icon=place.icon, selected_icon=place.chosen, label=place.name(texts))
            for place in places
        ],
    )
    return ft.RadioGroup(content=rail)  # one of several; and the Tab key goes through it first, not across the rows
