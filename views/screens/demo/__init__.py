"""The demo's door: be someone, in one tap."""

from __future__ import annotations

import flet as ft

from contract.sign_in import DemoPersona
from services.texts import Texts
from views.commands import Command, use_command
from views.session import go, use_session, use_task, use_texts, use_width
from views.tokens import Color, Size, Space
from views.ui.buttons import link, quiet, secondary
from views.ui.cards import card
from views.ui.entry import entry_view, heading
from views.ui.notices import error_notice, notice
from views.ui.rows import mark
from views.ui.shell import use_entry
from views.ui.skeleton import rows
from views.ui.words import caption, label, title

INBOX = "/demo/inbox"
"""Where the demo keeps the mail that it would send: a page of the server, not of the app."""


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
            texts.t("Shoppers earn cashback at the till and see it on their phone at once. These people are made up."),
        ),
        notice(
            texts.t("Be Ana here. Then open a second, private window, be Leo there, and scan Ana's code."),
            icon=ft.Icons.SPLITSCREEN_OUTLINED,
            tone=Color.BRAND_SOFT,
            ink=Color.ON_BRAND_SOFT,
            live=False,
        ),
        *error_notice(texts, become.problem),
        *_people(texts, people, become),
        ft.Row(
            [
                link(texts.t("Mail of this demo"), INBOX, icon=ft.Icons.MAIL_OUTLINE),
                quiet(texts.t("Sign in with a code"), lambda: go("/sign-in"), icon=ft.Icons.LOGIN),
            ],
            wrap=True,
            spacing=Space.S,
        ),
    ]
    return entry_view(texts, path, width, parts, most=Size.NARROW + Space.HUGE)


def _people(texts: Texts, people: Command[list[DemoPersona]], become: Command[None]) -> list[ft.Control]:
    if people.problem is not None:
        return error_notice(texts, people.problem, secondary(texts.t("Try again"), people.run))
    if people.result is None:
        return [rows(texts, 4)]
    shoppers = [person for person in people.result if person.kind == "member"]
    staff = [person for person in people.result if person.kind == "staff"]
    return [
        *_group(texts, texts.t("Shoppers"), ft.Icons.PERSON_OUTLINE, shoppers, become),
        *_group(texts, texts.t("At the shop"), ft.Icons.STOREFRONT_OUTLINED, staff, become),
    ]


def _group(
    texts: Texts, name: str, icon: ft.IconData, people: list[DemoPersona], become: Command[None]
) -> list[ft.Control]:
    if not people:
        return []
    cards = [_person(texts, person, icon, become) for person in people]
    return [ft.Column([title(name), *cards], spacing=Space.S, tight=True)]


def _person(texts: Texts, person: DemoPersona, icon: ft.IconData, become: Command[None]) -> ft.Control:
    async def tap() -> None:
        await become.run(person.persona)

    words = ft.Column([label(person.name), caption(_hint(texts, person))], spacing=Space.HAIR, tight=True, expand=True)
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


def _hint(texts: Texts, person: DemoPersona) -> str:
    """Who that is, in the reader's language where the demo is ours; as the API says it where it is another."""
    known = {
        "ana": texts.t("A shopper who buys every week"),
        "bruno": texts.t("A shopper who has just begun"),
        "leo": texts.t("A cashier at the till in Centro"),
        "rosa": texts.t("The supervisor in Centro"),
        "marta": texts.t("The manager in Centro"),
    }
    return known.get(person.persona, person.hint) if texts.language != "en" else person.hint
