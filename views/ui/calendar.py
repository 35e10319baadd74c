"""A calendar in the reader's language."""

from __future__ import annotations

import flet as ft

from services.texts import Texts

_REGIONS = {"en": "GB", "pt": "BR"}


def calendar_locale(texts: Texts) -> ft.Locale:
    """What a calendar writes its months and days in, and which day begins its week."""
    return locale_of(texts.language)


def locale_of(tag: str) -> ft.Locale:
    """A language of ours as Flutter knows it, with the place whose customs it follows."""
    language = tag.split("-", maxsplit=1)[0]
    return ft.Locale(language, _REGIONS.get(language))
