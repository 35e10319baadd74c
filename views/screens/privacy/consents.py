"""What may be sent where: a yes or no for each purpose and each way to be reached."""

from __future__ import annotations

from typing import cast

import flet as ft

from contract.privacy import CHANNELS, PURPOSES, Channel, Choice, Consent, Purpose
from contract.privacy import Consents as Allowed
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.session import use_session, use_task, use_texts, use_width
from views.tokens import Color, Space
from views.ui.buttons import quiet
from views.ui.cards import card, divider
from views.ui.layout import page
from views.ui.notices import error_notice
from views.ui.skeleton import rows
from views.ui.switches import switch
from views.ui.words import body, caption, title

_BEFORE_IT_EXPIRES: tuple[Channel, ...] = ("email", "sms")
"""The wallet says it anyway: nobody has to allow that."""


@ft.component
def Consents() -> ft.Control:
    """A switch a channel, under each purpose. Each change is kept at once."""
    session, texts, width = use_session(), use_texts(), use_width()
    allowed, set_allowed = use_value(cast("Allowed | None", None))

    async def load() -> None:
        set_allowed(await session.client.mine.consents())

    async def choose(choices: list[Choice], use_history: bool | None = None) -> None:
        set_allowed(await session.client.mine.choose(choices, texts.language, use_history=use_history))

    loading, choosing = use_command(load), use_command(choose)

    async def arrive() -> None:
        await loading.run()

    use_task(arrive)
    if allowed is None:
        problem = error_notice(texts, loading.problem, quiet(texts.t("Try again"), loading.run))
        return page(problem or [rows(texts, 4)], width)

    async def say(channel: Channel, purpose: Purpose, granted: bool) -> None:
        await choosing.run([Choice(channel=channel, purpose=purpose, granted=granted)])

    async def history(granted: bool) -> None:
        await choosing.run([], granted)

    parts = [
        body(texts.t("Nothing is sent without your yes. Codes and answers that you ask for always come."), Color.QUIET),
        *error_notice(texts, choosing.problem),
        card(
            switch(
                texts.t("Offers picked for me"),
                allowed.use_history,
                history,
                below=texts.t("We look at what you bought to choose offers. Off: you get what everybody gets."),
            ),
            padding=ft.Padding.symmetric(vertical=Space.S),
        ),
        *(_purpose(texts, purpose, allowed, say) for purpose in PURPOSES),
    ]
    return page(parts, width)


def _purpose(texts: Texts, purpose: Purpose, allowed: Allowed, say: object) -> ft.Control:
    said = {each.channel: each for each in allowed.items if each.purpose == purpose}
    name, why = purpose_words(texts, purpose)
    lines: list[ft.Control] = [
        ft.Container(
            content=ft.Column([title(name), caption(why)], spacing=Space.XS, tight=True),
            padding=ft.Padding.only(left=Space.L, right=Space.L, top=Space.S),
        )
    ]
    for channel in CHANNELS if purpose != "expiry" else _BEFORE_IT_EXPIRES:
        lines.append(divider())
        lines.append(_switch(texts, channel, purpose, said.get(channel), say))
    return card(
        ft.Column(lines, spacing=Space.S, tight=True), padding=ft.Padding.symmetric(vertical=Space.S), key=purpose
    )


def _switch(texts: Texts, channel: Channel, purpose: Purpose, consent: Consent | None, say: object) -> ft.Control:
    names = {"email": texts.t("By e-mail"), "sms": texts.t("By text message"), "push": texts.t("On this app")}

    def change(granted: bool) -> object:
        return say(channel, purpose, granted)  # type: ignore[operator]

    since = ""
    if consent is not None and consent.at is not None:
        date = texts.date(consent.at)
        since = texts.t("Yes since {date}", date=date) if consent.granted else texts.t("No since {date}", date=date)
    granted = consent is not None and consent.granted
    return switch(names[channel], granted, change, below=since, key=f"{purpose}-{channel}")


def purpose_words(texts: Texts, purpose: Purpose) -> tuple[str, str]:
    """What a purpose is called, and the sentence that is agreed to."""
    return {
        "expiry": (texts.t("Before it expires"), texts.t("What is about to expire, a week or two ahead")),
        "news": (texts.t("News"), texts.t("News and offers for everyone")),
        "personal": (texts.t("Personal offers"), texts.t("Offers picked for you from what you bought")),
        "feedback": (
            texts.t("Questions and answers"),
            texts.t("Questions about a purchase, and the answers to your claims"),
        ),
    }[purpose]
