"""The programme's own terms: what is in force, and whether it was accepted."""

from __future__ import annotations

import flet as ft

from contract.sign_in import ProgrammeTerms
from views.commands import use_command
from views.session import use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Space
from views.ui.buttons import primary, quiet
from views.ui.cards import card
from views.ui.layout import page
from views.ui.new_terms import due
from views.ui.notices import error_notice
from views.ui.skeleton import rows
from views.ui.words import body, caption, title


@ft.component
def OwnTerms() -> ft.Control:
    """All of the text, with what is new in it, and a yes where one is waited for."""
    session, texts, width = use_session(), use_texts(), use_width()
    profile = use_slice(session.store.who).profile
    accepted = 0 if profile is None else profile.terms_accepted
    language, version = texts.language, 0 if profile is None else profile.terms_version

    async def load() -> ProgrammeTerms:
        return await session.client.mine.join_terms(language, since=accepted if due(profile) and accepted else None)

    async def accept() -> None:
        if terms.result is not None:
            await session.client.mine.accept_terms(terms.result.version)

    terms, command = use_command(load), use_command(accept)

    async def arrive() -> None:
        await terms.run()

    use_task(arrive, [language, version])
    if terms.result is None:
        again = quiet(texts.t("Try again"), terms.run)
        return page(error_notice(texts, terms.problem, again) if terms.problem else [rows(texts, 2)], width)
    shown = terms.result
    name = texts.t("The terms of {programme}", programme=shown.programme_name)
    number = texts.t("Version {version}", version=texts.number(shown.version))
    said = [title(name, level=1), *(body(change) for change in shown.changes), body(shown.text, Color.QUIET)]
    parts: list[ft.Control] = [card(ft.Column([*said, caption(number)], spacing=Space.M, tight=True))]
    if accepted >= shown.version:
        parts.append(caption(texts.t("You have accepted this version."), centred=True))
    else:
        parts += [
            *error_notice(texts, command.problem),
            primary(texts.t("Accept the terms"), command.run, busy=command.busy),
            caption(texts.t("Until you do, everything goes on as before."), centred=True),
        ]
    return page(parts, width)
