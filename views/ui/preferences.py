"""Language, theme and text size of this device, for whoever holds it."""

from __future__ import annotations

from typing import cast

import flet as ft

from contract.money import Money
from services.texts import LANGUAGES, NAMES
from views.commands import use_command
from views.hooks import use_watched
from views.session import TextSize, ThemeChoice, use_session, use_texts
from views.state import use_slice
from views.tokens import Color, Space
from views.ui.cards import card
from views.ui.choices import Choice, choices
from views.ui.notices import notice
from views.ui.words import body, title


@ft.component
def Language() -> ft.Control:
    """The language, each in its own words."""
    session, texts = use_session(), use_texts()
    is_member = use_slice(session.store.who).kind == "member"
    wanted = ft.use_ref("")

    async def choose(language: str) -> None:
        wanted.current = language
        session.preferences.language, session.preferences.language_chosen = language, True
        await session.save_preference("language", language)
        if is_member:  # a till has no profile that could hear of it
            await telling.run()

    async def tell() -> None:
        told: str | None = ""
        while told != wanted.current:  # another may be chosen while one is on its way
            told = wanted.current
            await session.client.mine.change_profile(language=told)

    telling = use_command(tell)
    options = [Choice(language, NAMES[language]) for language in LANGUAGES]
    parts = [choices(options, texts.language, choose)]
    if telling.problem is not None:
        sentence = texts.t(
            "This device speaks it now. Your other devices and your mail follow when you choose it again."
        )
        parts.append(notice(sentence))
    return _setting(texts.t("Language"), *parts)


@ft.component
def Theme() -> ft.Control:
    """Light, dark, or as the device has it."""
    session, texts = use_session(), use_texts()
    preferences = use_watched(session.preferences)

    async def choose(theme: str) -> None:
        session.preferences.theme = cast("ThemeChoice", theme)
        await session.save_preference("theme", theme)

    options = [
        Choice("system", texts.t("As the device"), ft.Icons.BRIGHTNESS_AUTO_OUTLINED),
        Choice("light", texts.t("Light"), ft.Icons.LIGHT_MODE_OUTLINED),
        Choice("dark", texts.t("Dark"), ft.Icons.DARK_MODE_OUTLINED),
    ]
    return _setting(texts.t("Appearance"), choices(options, preferences.theme, choose))


_SAMPLE = 820
"""Minor units of the amount in the line that shows a size."""


@ft.component
def LetterSize() -> ft.Control:
    """How large all text is, with a line that shows it."""
    session, texts = use_session(), use_texts()
    preferences, who = use_watched(session.preferences), use_slice(session.store.who)

    async def choose(size: str) -> None:
        session.preferences.text_size = cast("TextSize", size)
        await session.save_preference("text_size", size)

    options = [
        Choice("standard", texts.p("text size", "Standard")),
        Choice("large", texts.p("text size", "Large")),
        Choice("larger", texts.p("text size", "Larger")),
        Choice("largest", texts.p("text size", "Largest")),
    ]
    currency = who.staff.currency if who.staff is not None else "EUR"
    if who.profile is not None:
        currency = who.profile.programme.currency
    amount = texts.money(Money(amount=_SAMPLE, currency=currency))
    said = texts.t("{amount} comes back to you.", amount=amount)
    if who.staff is not None:
        said = texts.t("earns {earned}, may spend {spend}", earned=amount, spend=amount)
    sample = body(said, Color.QUIET)
    return _setting(texts.t("Text size"), choices(options, preferences.text_size, choose), sample)


def _setting(name: str, *parts: ft.Control) -> ft.Control:
    return card(ft.Column([title(name), *parts], spacing=Space.M, tight=True))
