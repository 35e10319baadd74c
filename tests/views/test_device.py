"""What the device says about itself."""

from __future__ import annotations

from types import SimpleNamespace

import flet as ft

from services.vault import MemoryVault
from tests.views.fakes import FakeClient
from views.device import language_of
from views.following import follow_device
from views.session import session_of


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


async def test_a_device_that_speaks_another_gets_english_and_one_that_does_not_say_no_answer():
    assert await language_of(Says("ja-JP")) == "en"
    assert await language_of(Says()) is None


async def test_what_this_device_spoke_last_is_spoken_at_once_and_what_it_speaks_now_follows(tabs):
    vault = MemoryVault()
    await vault.set("spoken", "fi")
    client = FakeClient()
    app = await tabs(client, vault=vault)
    assert "Lompakko" in app.said
    assert client.mine.spoken == "fi"
    session = session_of(app.page)
    await follow_device(Says("da-DK"), session, vault)
    await app.settle()
    assert "Tegnebog" in app.said
    assert client.mine.spoken == "da"  # so that the API's words are in it, too
    assert await vault.get("spoken") == "da"


async def test_who_chose_a_language_is_not_led_away_from_it_by_the_device(tabs):
    vault = MemoryVault()
    await vault.set("language", "ru")
    app = await tabs(FakeClient(), vault=vault)
    await follow_device(Says("da-DK"), session_of(app.page), vault)
    await app.settle()
    assert await vault.get("spoken") is None
    assert session_of(app.page).preferences.language == "ru"
