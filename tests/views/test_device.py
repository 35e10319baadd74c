"""What the device says about itself."""

from __future__ import annotations

from types import SimpleNamespace

import flet as ft

from views.device import language_of


class Says:
    """A device with these languages; one with none does not say."""

    def __init__(self, *tags: str) -> None:
        self.tags = tags

    async def get_device_info(self):
        if not self.tags:
            raise RuntimeError("not here")
        languages = [tag.partition("-") for tag in self.tags]
        return SimpleNamespace(locales=[ft.Locale(language, country or None) for language, _, country in languages])


async def test_the_app_opens_in_the_first_of_the_devices_languages_that_it_has():
    assert await language_of(Says("sv-SE", "fi-FI", "en-US")) == "fi"
    assert await language_of(Says("pt-PT")) == "pt-BR"
    assert await language_of(Says("ru")) == "ru"


async def test_a_device_that_does_not_say_or_speaks_another_gets_english():
    assert await language_of(Says()) == "en"
    assert await language_of(Says("ja-JP")) == "en"
