"""Language and theme of this device."""

from __future__ import annotations

from typing import cast

import flet as ft

from services.texts import LANGUAGES, NAMES
from views.commands import use_command
from views.hooks import use_watched
from views.session import ThemeChoice, use_session, use_texts
from views.tokens import Space
from views.ui.cards import card
from views.ui.choices import Choice, choices
from views.ui.notices import notice
from views.ui.words import title


@ft.component
def Language() -> ft.Control:
    """The language, each in its own words."""
    session, texts = use_session(), use_texts()

    async def choose(language: str) -> None:
        session.preferences.language = language
        await session.save_preference("language", language)
        await telling.run(language)

    async def tell(chosen: str) -> None:
        await session.client.mine.change_profile(language=chosen)

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


def _setting(name: str, *parts: ft.Control) -> ft.Control:
    return card(ft.Column([title(name), *parts], spacing=Space.M, tight=True))
