"""Joining for the first time: the terms, a name, and what may be sent."""

from __future__ import annotations

import flet as ft

from contract.errors import ErrorCode
from contract.privacy import Choice
from contract.sign_in import Joining, ProgrammeTerms
from services.texts import Texts
from views.commands import use_command
from views.session import go, use_session, use_task, use_texts, use_width
from views.tokens import Color, Space
from views.ui.buttons import primary, quiet
from views.ui.cards import card
from views.ui.entry import entry_view, heading
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice
from views.ui.shell import use_entry
from views.ui.skeleton import rows
from views.ui.switches import switch
from views.ui.words import body, caption, title

_NAME = Look(keyboard=ft.KeyboardType.NAME, autofill=ft.AutofillHint.GIVEN_NAME, icon=ft.Icons.PERSON_OUTLINE)


@ft.component
def JoinIn() -> ft.View:
    """Nobody is a member who has not accepted the terms. Everything else may be left as it is."""
    session, texts, width = use_session(), use_texts(), use_width()
    path = ft.use_view_path()
    news, set_news = ft.use_state(False)
    warned, set_warned = ft.use_state(True)
    personal, set_personal = ft.use_state(True)
    by_mail = "@" in session.contact
    use_entry()

    async def load() -> ProgrammeTerms:
        return await session.client.mine.join_terms(session.preferences.language)

    terms = use_command(load)

    async def arrive() -> None:
        if not session.code:
            go("/sign-in")
        else:
            await terms.run()

    async def join() -> None:
        if terms.result is None:
            return
        joining = Joining(
            terms_version=terms.result.version,
            name=name.text.strip(),
            choices=[
                Choice(channel="email", purpose="news", granted=news),
                Choice(channel="email" if by_mail else "sms", purpose="expiry", granted=warned),
            ],
            use_history=personal,
        )
        await session.client.sign_in_with_code(session.contact, session.code, session.preferences.language, joining)
        session.code = ""

    command = use_command(join)

    async def submit() -> None:
        await command.run()
        if command.problem is not None and command.problem.code is ErrorCode.TERMS_REQUIRED:
            await terms.run()  # they have changed while they were read

    use_task(arrive)
    name = use_entry_field(on_submit=lambda _: submit())
    parts: list[ft.Control] = [
        heading(texts.t("Nice to meet you"), texts.t("One more step, and your wallet is open.")),
        *error_notice(texts, terms.problem, quiet(texts.t("Try again"), terms.run)),
        entry_field(name, texts.t("What shall we call you?"), look=_NAME),
        _terms(terms.result, texts.t("The terms of {programme}", programme=terms.result.programme_name))
        if terms.result is not None
        else rows(texts, 2),
        _wishes(
            switch(
                texts.t("Offers picked for me"),
                personal,
                set_personal,
                below=texts.t("Uses what you bought. You can switch it off at any time."),
            ),
            switch(texts.t("Tell me before cashback expires"), warned, set_warned, below=_ahead(texts, by_mail)),
            switch(texts.t("News by e-mail"), news, set_news, below=texts.t("Now and then. Off unless you say yes.")),
        ),
        *error_notice(texts, command.problem),
        primary(texts.t("Accept and join"), submit, busy=command.busy, disabled=terms.result is None),
        caption(texts.t("Without the terms there is no account, and nothing is kept of you."), centred=True),
    ]
    return entry_view(texts, path, width, parts, back="/sign-in")


def _wishes(*switches: ft.Control) -> ft.Control:
    """What she allows, each with what it means."""
    return card(ft.Column(list(switches), spacing=Space.XS, tight=True), padding=ft.Padding.symmetric(vertical=Space.S))


def _ahead(texts: Texts, by_mail: bool) -> str:
    if by_mail:
        return texts.t("A week or two ahead, by e-mail.")
    return texts.t("A week or two ahead, by text message.")


def _terms(terms: ProgrammeTerms, name: str) -> ft.Control:
    return card(ft.Column([title(name), body(terms.text, Color.QUIET)], spacing=Space.S, tight=True))
