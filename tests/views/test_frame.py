"""The frame around every screen: who may see what, where a link leads, what fits the window, what the banner says."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import flet as ft
import pytest

from contract.errors import ErrorCode
from services.state import State
from tests.views.driver import DESKTOP, PHONE, TABLET
from tests.views.fakes import NOW, FakeClient, ana, leo, nobody, wallet


async def test_who_is_not_signed_in_is_asked_to(tabs):
    app = await tabs(FakeClient(nobody()), "/")
    assert app.route == "/sign-in"
    assert app.field("E-mail or phone")


async def test_in_the_demo_they_choose_who_to_be(tabs):
    app = await tabs(FakeClient(nobody()), "/", demo=True)
    assert app.route == "/demo"
    assert "Ana Souza" in app.said


async def test_a_deep_link_comes_back_after_signing_in(tabs):
    client = FakeClient(nobody())
    app = await tabs(client, "/purchases/b1")
    assert app.route == "/sign-in"
    client.become(ana())
    await app.settle()
    assert app.route == "/purchases/b1"
    assert "Bananas" in app.said


async def test_a_link_to_the_till_does_not_come_back_for_a_shopper(tabs):
    client = FakeClient(nobody())
    app = await tabs(client, "/till/day")
    client.become(ana())
    await app.settle()
    assert app.route == "/"


@pytest.mark.parametrize("route", ["/", "/offers", "/offers/bakery", "/purchases/b1", "/me", "/code"])
async def test_a_cashier_never_sees_a_shoppers_screen(tabs, route):
    app = await tabs(FakeClient(leo()), route)
    assert app.route == "/till"


@pytest.mark.parametrize("route", ["/till", "/till/basket", "/till/day", "/till/refund"])
async def test_a_shopper_never_sees_a_cashiers_screen(tabs, route):
    app = await tabs(FakeClient(), route)
    assert app.route == "/"
    assert "Hi Ana" in app.said


async def test_signing_out_elsewhere_ends_this_screen_too(tabs):
    client = FakeClient()
    app = await tabs(client, "/offers")
    client.become(nobody(notice=ErrorCode.SESSION_ENDED))
    await app.settle()
    assert app.route == "/sign-in"
    assert ErrorCode.SESSION_ENDED not in app.said


async def test_a_link_that_leads_nowhere_says_so_and_leads_home(tabs):
    app = await tabs(FakeClient(), "/nonsense/at/all")
    await app.tap("Go to the start")
    assert app.route == "/"


async def test_a_phone_has_the_bar(tabs):
    app = await tabs(FakeClient(), width=PHONE)
    assert app.has(ft.NavigationBar)
    assert not app.has(ft.NavigationRail)


@pytest.mark.parametrize("width", [TABLET, DESKTOP])
async def test_anything_wider_has_the_rail(tabs, width):
    app = await tabs(FakeClient(), width=width)
    assert app.has(ft.NavigationRail)
    assert not app.has(ft.NavigationBar)


async def test_a_window_that_grows_changes_from_the_bar_to_the_rail(tabs):
    app = await tabs(FakeClient(), width=PHONE)
    await app.resize(DESKTOP)
    assert app.has(ft.NavigationRail)
    await app.resize(PHONE)
    assert app.has(ft.NavigationBar)


async def test_a_browser_that_comes_back_in_another_window_is_drawn_for_that_one(tabs):
    app = await tabs(FakeClient(), width=PHONE)
    app.session.apply_page_patch({"width": DESKTOP})
    await app.page._trigger_event("connect", None)
    await app.settle()
    assert app.has(ft.NavigationRail)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_the_destinations_lead_where_they_say(tabs, width):
    app = await tabs(FakeClient(), width=width)
    for name, route in [("Offers", "/offers"), ("Purchases", "/purchases"), ("Me", "/me"), ("Wallet", "/")]:
        await app.choose(name)
        assert app.route == route


async def test_on_a_phone_a_detail_lies_on_its_list_and_back_leads_there(tabs):
    app = await tabs(FakeClient(), "/purchases/b1", width=PHONE)
    assert app.depth == 2
    assert not app.has(ft.NavigationBar)
    await app.back()
    assert app.route == "/purchases"


@pytest.mark.parametrize("route", ["/purchases/b1", "/offers/bakery"])
async def test_on_a_desktop_list_and_detail_lie_side_by_side(tabs, route):
    app = await tabs(FakeClient(), route, width=DESKTOP)
    assert app.depth == 1
    assert app.has(ft.NavigationRail)
    assert app.has(ft.VerticalDivider)


async def test_the_code_lies_on_the_wallet_and_closes_to_it(tabs):
    app = await tabs(FakeClient(), "/code")
    assert app.view.fullscreen_dialog
    await app.tap("Close")
    assert app.route == "/"


async def test_offline_says_since_when_and_how_old_it_is(tabs):
    gone = NOW - timedelta(minutes=20)
    state = ana(connection="offline", offline_since=gone, fetched_at=gone - timedelta(minutes=5))
    app = await tabs(FakeClient(state))
    assert "You are offline since 11:40. This is from 25 minutes ago." in app.said
    assert "R$42.80" in app.said.replace("\N{NO-BREAK SPACE}", "")


async def test_the_age_grows_while_one_looks(tabs):
    gone = NOW - timedelta(minutes=2)
    client = FakeClient(ana(connection="offline", offline_since=gone, fetched_at=gone))
    app = await tabs(client)
    assert "2 minutes ago" in app.said
    await client.clock.move(60)
    assert "3 minutes ago" in app.said


async def test_back_online_the_banner_is_gone(tabs):
    client = FakeClient(ana(connection="offline", offline_since=NOW))
    app = await tabs(client)
    assert "You are offline" in app.said
    client.become(ana())
    await app.settle()
    assert "offline" not in app.said


async def test_while_it_connects_the_cache_is_shown_with_its_age(tabs):
    app = await tabs(FakeClient(ana(connection="connecting", fetched_at=NOW - timedelta(hours=2))))
    assert "Updating. This is from 2 hours ago." in app.said
    assert "Hi Ana" in app.said


async def test_nothing_is_claimed_before_it_is_known_who_is_signed_in(tabs):
    app = await tabs(FakeClient(State()))
    assert app.route == "/"
    assert app.said == ""


async def test_the_language_and_the_theme_of_this_device_come_back(tabs):
    client = FakeClient()
    first = await tabs(client, "/me")
    await first.vault.set("language", "pt-BR")
    await first.vault.set("theme", "dark")
    again = await tabs(client, "/purchases", vault=first.vault)
    assert again.page.theme_mode == ft.ThemeMode.DARK
    assert "Março de 2026" in again.said
    assert again.client is client


async def test_closing_the_tab_closes_the_client(tabs):
    client = FakeClient()
    app = await tabs(client)
    await app.close()
    assert client.count("close") == 1
    client.become(ana(wallet=wallet(available=1)))


async def test_nothing_ticks_for_a_tab_that_is_closed(tabs):
    app = await tabs(FakeClient(), "/code")
    running = {task for task in asyncio.all_tasks() if "use_task" in repr(task.get_coro())}
    assert running
    await app.close()
    assert all(task.done() for task in running)


async def test_a_tab_remembers_which_device_it_is(tabs):
    client = FakeClient()
    first = await tabs(client)
    device = await first.vault.get("device")
    await tabs(client, vault=first.vault)
    assert device
    assert await first.vault.get("device") == device
