"""The programme's terms where they are newer than what was accepted: asked for, and in nobody's way."""

from __future__ import annotations

import flet as ft

from contract.members import Profile
from contract.sign_in import ProgrammeTerms
from views.commands import use_command
from views.hooks import use_value
from views.session import go, use_session, use_task, use_texts
from views.state import use_slice
from views.tokens import Color, Space
from views.ui.buttons import quiet
from views.ui.notices import error_notice, notice


def due(profile: Profile | None) -> bool:
    """Whether the terms in force wait for a yes."""
    return profile is not None and profile.terms_accepted < profile.terms_version


@ft.component
def NewTerms() -> ft.Control:
    """A notice with what has changed: accept, read, or later. Nothing where nothing waits, or where it was put off."""
    session, texts = use_session(), use_texts()
    profile = use_slice(session.store.who).profile
    put_off, set_put_off = use_value(session.terms_put_off)
    language, waits = texts.language, due(profile)
    accepted = 0 if profile is None else profile.terms_accepted
    version = 0 if profile is None else profile.terms_version

    async def load() -> ProgrammeTerms:
        return await session.client.mine.join_terms(language, since=accepted or None)

    async def accept() -> None:
        await session.client.mine.accept_terms(version)

    news, command = use_command(load), use_command(accept)

    async def arrive() -> None:
        if waits and accepted:
            await news.run()

    use_task(arrive, [version, waits, language])
    if profile is None or not waits or put_off >= version:
        return ft.Container(height=Space.NONE)

    def later() -> None:
        session.terms_put_off = version
        set_put_off(version)

    name = profile.programme.name
    said = texts.t("The terms of {programme} have changed.", programme=name)
    if not accepted:
        said = texts.t("Read and accept the terms of {programme}.", programme=name)
    told = news.result.changes if news.result is not None else []
    ways = [
        *([quiet(texts.t("Accept"), command.run, disabled=command.busy)] if accepted else []),
        quiet(texts.t("Read"), lambda: go("/me/terms")),
        quiet(texts.t("Later"), later),
    ]
    box = notice(
        " ".join([said, *told]),
        icon=ft.Icons.GAVEL,
        tone=Color.BRAND_SOFT,
        ink=Color.ON_BRAND_SOFT,
        action=ft.Row(ways, wrap=True, spacing=Space.S, run_spacing=Space.NONE),
    )
    parts = [box, *error_notice(texts, command.problem)]
    return ft.Container(
        content=ft.Column(parts, spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=ft.Padding.only(top=Space.M),
    )
