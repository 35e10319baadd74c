"""The demo's door: be someone, in one tap."""

from __future__ import annotations

import flet as ft

from contract.sign_in import DemoPersona
from services.texts import Texts
from views.commands import Command, use_command
from views.session import go, use_session, use_task, use_texts, use_width
from views.tokens import Color, Size, Space
from views.ui.buttons import quiet, secondary
from views.ui.cards import card
from views.ui.entry import entry_view, heading
from views.ui.notices import error_notice, notice
from views.ui.rows import mark
from views.ui.shell import use_entry
from views.ui.skeleton import rows
from views.ui.words import caption, label


@ft.component
def Demo() -> ft.View:
    """Who would you like to be? Says what to try, and that two windows show it best."""
    session, texts, width = use_session(), use_texts(), use_width()
    path = ft.use_view_path()
    use_entry()

    async def load() -> list[DemoPersona]:
        return await session.client.demo_personas()

    people = use_command(load)
    become = use_command(session.client.demo_sign_in)

    async def arrive() -> None:
        await people.run()

    use_task(arrive)
    parts: list[ft.Control] = [
        heading(
            texts.t("Who would you like to be?"),
            texts.t(
                "Kierto gives shoppers cashback at the till, and shows it on their phone at once. These people are made up."
            ),
        ),
        notice(
            texts.t(
                "Best with two browser windows: be a shopper in one, a cashier in the other (a private window, or another browser)."
            ),
            icon=ft.Icons.SPLITSCREEN_OUTLINED,
            tone=Color.BRAND_SOFT,
            ink=Color.ON_BRAND_SOFT,
            live=False,
        ),
        *error_notice(texts, become.problem),
        *_people(texts, people, become),
        ft.Row([quiet(texts.t("Sign in with a code instead"), lambda: go("/sign-in"), icon=ft.Icons.MAIL_OUTLINE)]),
    ]
    return entry_view(texts, path, width, parts, most=Size.NARROW + Space.HUGE)


def _people(texts: Texts, people: Command[list[DemoPersona]], become: Command[None]) -> list[ft.Control]:
    if people.problem is not None:
        return error_notice(texts, people.problem, secondary(texts.t("Try again"), people.run))
    if people.result is None:
        return [rows(texts, 4)]
    return [_person(texts, person, become) for person in people.result]


def _person(texts: Texts, person: DemoPersona, become: Command[None]) -> ft.Control:
    async def tap() -> None:
        await become.run(person.persona)

    icon = ft.Icons.STOREFRONT_OUTLINED if person.kind == "staff" else ft.Icons.PERSON_OUTLINE
    role = texts.t("Works at the shop") if person.kind == "staff" else texts.t("Shopper")
    words = ft.Column(
        [label(f"{person.name} · {role}"), caption(person.hint)], spacing=Space.HAIR, tight=True, expand=True
    )
    return card(
        ft.Row(
            [
                mark(icon, Color.BRAND_SOFT, Color.ON_BRAND_SOFT),
                words,
                ft.Icon(ft.Icons.CHEVRON_RIGHT, color=Color.QUIET),
            ],
            spacing=Space.M,
        ),
        on_click=tap,
        key=person.persona,
    )
