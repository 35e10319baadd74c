"""Me: who is signed in, how this device shows the wallet, and leaving."""

from __future__ import annotations

import asyncio

import flet as ft
import pytest

from services.texts import NAMES
from services.vault import MemoryVault
from tests.views.fakes import PROFILE, FakeClient, ana
from views.screens.me import spaced


async def test_the_member_stands_there_with_name_contact_and_number(tabs):
    app = await tabs(FakeClient(), "/me")
    for words in ("Ana Souza", "ana@example.com", "4821 903 117", "Aurora Mercado", "Since 1 May 2025"):
        assert words in app.said


async def test_a_member_without_a_name_goes_by_the_contact(tabs):
    app = await tabs(FakeClient(ana(profile=PROFILE.model_copy(update={"name": ""}))), "/me")
    assert app.said.count("ana@example.com") == 1


async def test_every_language_stands_there_in_its_own_words(tabs):
    app = await tabs(FakeClient(), "/me")
    for name in NAMES.values():
        assert name in app.said


async def test_of_two_languages_chosen_within_a_moment_the_account_hears_the_second_too(tabs, monkeypatch):
    client, heard, under_way = FakeClient(), [], asyncio.Event()

    async def slowly(**what):
        heard.append(what["language"])
        await under_way.wait()

    monkeypatch.setattr(client.mine, "change_profile", slowly)
    app = await tabs(client, "/me")
    first = asyncio.ensure_future(app.tap("Русский"))
    await app.settle()
    second = asyncio.ensure_future(app.tap("English"))
    await app.settle()
    under_way.set()
    await asyncio.gather(first, second)
    assert heard == ["ru", "en"]


async def test_a_chosen_language_speaks_at_once_and_is_kept_on_this_device(tabs):
    vault = MemoryVault()
    app = await tabs(FakeClient(), "/me", vault=vault)
    await app.tap("Português (Brasil)")
    assert "Carteira" in app.said
    assert await vault.get("language") == "pt-BR"
    spoken = app.page.locale_configuration.current_locale  # what Flutter itself says follows
    assert (spoken.language_code, spoken.country_code) == ("pt", "BR")
    again = await tabs(FakeClient(), "/me", vault=vault)
    assert "Carteira" in again.said


@pytest.mark.parametrize(("name", "mode"), [("Dark", ft.ThemeMode.DARK), ("Light", ft.ThemeMode.LIGHT)])
async def test_a_chosen_theme_paints_at_once_and_is_kept_on_this_device(tabs, name, mode):
    vault = MemoryVault()
    app = await tabs(FakeClient(), "/me", vault=vault)
    assert app.page.theme_mode == ft.ThemeMode.SYSTEM
    await app.tap(name)
    assert app.page.theme_mode == mode
    assert await vault.get("theme") == mode.value


async def test_a_chosen_text_size_is_seen_at_once_and_kept_on_this_device(tabs):
    vault = MemoryVault()
    app = await tabs(FakeClient(), "/me", vault=vault)
    assert "R$8.20 comes back to you." in app.said
    assert body_size(app) == (16, 16)
    await app.tap("Largest")
    assert body_size(app) == (24, 24)
    assert await vault.get("text_size") == "largest"
    again = await tabs(FakeClient(), "/me", vault=vault)
    assert body_size(again) == (24, 24)


async def test_a_text_size_of_another_app_is_no_obstacle(tabs):
    vault = MemoryVault()
    await vault.set("text_size", "gigantic")
    assert body_size(await tabs(FakeClient(), "/me", vault=vault)) == (16, 16)


def body_size(app) -> tuple[float, float]:
    """How large running text is in the light and in the dark theme."""
    return tuple(theme.text_theme.body_large.size for theme in (app.page.theme, app.page.dark_theme))


async def test_the_choice_of_this_moment_is_marked_for_a_screen_reader_too(tabs):
    app = await tabs(FakeClient(), "/me")
    chosen = [each.label for each in app.controls() if isinstance(each, ft.Semantics) and each.selected]
    assert chosen == ["English", "As the device", "Standard"]


async def test_signing_out_says_first_that_this_device_is_wiped(tabs):
    client = FakeClient()
    app = await tabs(client, "/me")
    await app.tap("Sign out")
    assert "What this device keeps of your wallet is wiped." in app.said
    assert client.count("sign_out") == 0
    await app.tap("Stay signed in")
    assert "is wiped" not in app.said
    assert client.count("sign_out") == 0


async def test_signing_out_leads_to_the_door_and_the_next_one_begins_at_the_wallet(tabs):
    client = FakeClient()
    app = await tabs(client, "/me")
    await app.tap("Sign out")
    await app.tap("Sign out")
    assert client.count("sign_out") == 1
    assert app.route == "/sign-in"
    client.become(ana())
    await app.settle()
    assert app.route == "/"


async def test_only_the_demo_offers_to_be_someone_else(tabs):
    app = await tabs(FakeClient(), "/me")
    assert "Be someone else" not in app.said
    demo = await tabs(FakeClient(), "/me", demo=True)
    await demo.tap("Be someone else")
    assert demo.route == "/demo"


def test_a_member_number_is_spaced_as_it_is_read_aloud():
    assert spaced("4821903117") == "4821 903 117"
    assert spaced("") == ""
