"""A hosted session survives the app's mistakes and the browser's manners."""

# ruff: noqa: N802, ASYNC110 - components stand where a control would; the state waited for raises no event

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import flet as ft
import pytest
from flet_web.fastapi.flet_app_manager import app_manager

from services.client import ClientConfig
from services.vault import MemoryVault
from tests.views.fakes import FakeClient
from tests.views.host_wire import ANSWER, CRASHED, EVENT, listening, pack
from views.app import make_main
from views.host.connection import BrowserConnection
from views.host.hardening import _components
from views.host.session_id import new_session_id, session_key
from views.host.site import Site


@ft.component
def NeverRenders():
    raise ValueError("the secret inside")


def first_render_fails(page: ft.Page) -> None:
    page.render_views(NeverRenders)


def handler_fails(page: ft.Page) -> None:
    def boom() -> None:
        raise ValueError("the secret inside")

    page.add(ft.FilledButton(content="Boom", on_click=boom))


def main_fails(page: ft.Page) -> None:
    raise ValueError("the secret inside")


@ft.component
def Inner(name: str):
    taps, set_taps = ft.use_state(0)
    return ft.FilledButton(content=f"{name} {taps}", on_click=lambda: set_taps(taps + 1))


@ft.component
def Breaks():
    mode, set_mode = ft.use_state("well")
    if mode == "at once":
        raise ValueError("the secret inside")
    parts = [Inner("before"), Broken() if mode == "half-way" else Inner("after")]

    def go(way: str):
        return ft.FilledButton(content=f"Go {way}", on_click=lambda: set_mode(way))

    buttons = [go("at once"), go("half-way")]
    return ft.View(controls=[ft.Text(f"all {mode}"), *parts, *buttons])


@ft.component
def Broken():
    raise ValueError("the secret inside")


def rerender_fails(page: ft.Page) -> None:
    page.render_views(Breaks)


@pytest.fixture
def site(tmp_path):
    return lambda main: Site(main, cache=tmp_path)


def no_traceback(wire) -> bool:
    told = any(action == CRASHED for action, _ in wire.messages) or wire.shows("Traceback")
    return not told and not wire.shows("the secret inside")


async def test_an_error_in_a_handler_is_one_sentence_to_the_customer_and_a_traceback_in_the_log(site, caplog):
    async with listening(site(handler_fails)) as here:
        wire = await here.open()
        await wire.register()
        with caplog.at_level(logging.ERROR, "kierto.views"):
            await wire.click("Boom")
            await wire.until(lambda: wire.shows("Something went wrong"))
        assert no_traceback(wire)
        assert "the secret inside" in caplog.text
        await wire.close()


@pytest.mark.parametrize("main", [main_fails, first_render_fails])
async def test_an_app_that_cannot_start_says_so_and_offers_to_try_again(site, main):
    async with listening(site(main)) as here:
        wire = await here.open()
        await wire.register()
        await wire.until(lambda: wire.shows("Something went wrong") and wire.find("Try again") is not None)
        assert no_traceback(wire)
        await wire.close()


@pytest.mark.parametrize("way", ["at once", "half-way"])
async def test_an_error_in_a_re_render_leaves_every_part_of_the_screen_alive(site, way):
    async with listening(site(rerender_fails)) as here:
        wire = await here.open()
        await wire.register()
        await wire.click("before 0")
        await wire.until(lambda: wire.shows("before 1"))
        await wire.click(f"Go {way}")
        await wire.until(lambda: wire.shows("Something went wrong"))
        await wire.click("before 0")  # the button's id stays while its text was patched
        await wire.until(lambda: wire.shows("before 2"))
        await wire.click("after 0")
        await wire.until(lambda: wire.shows("after 1"))
        session = await app_manager.get_session(session_key("", wire.session_id))
        assert not [part for part in _components(session.page.views) if part._stale]
        assert no_traceback(wire)
        await wire.close()


async def test_a_socket_that_leaves_before_it_registers_leaves_nothing_behind_and_does_not_hold_the_stop(site):
    async with listening(site(handler_fails)) as here:
        before = len(asyncio.all_tasks())
        wires = [await here.open() for _ in range(5)]
        for wire in wires:
            await wire.close()
        async with asyncio.timeout(5):
            while len(asyncio.all_tasks()) > before:
                await asyncio.sleep(0.01)
        began = time.monotonic()
        await here.stop()
        assert time.monotonic() - began < 5


async def test_a_socket_that_never_registers_is_closed(site, monkeypatch):
    monkeypatch.setattr(BrowserConnection, "register_within", 0.05)
    async with listening(site(handler_fails)) as here:
        wire = await here.open()
        async with asyncio.timeout(5):
            await wire.socket.wait_closed()
        assert wire.socket.close_code == 1008
        await wire.close()


async def test_a_first_message_that_makes_no_sense_closes_the_socket_and_nothing_else(site, caplog):
    async with listening(site(handler_fails)) as here:
        wire = await here.open()
        await wire.socket.send(pack(EVENT, {"target": 1, "name": "click", "data": None}))
        async with asyncio.timeout(5):
            await wire.socket.wait_closed()
        other = await here.open()
        await other.register()
        await wire.close()
        await other.close()


async def test_the_stop_ends_open_sessions_within_seconds(site):
    async with listening(site(handler_fails)) as here:
        wire = await here.open()
        await wire.register()
        began = time.monotonic()
        await here.stop()
        assert time.monotonic() - began < 5
        assert not app_manager._FletAppManager__sessions
        await wire.close()


async def test_a_browser_that_comes_back_finds_its_session(site):
    async with listening(site(handler_fails)) as here:
        wire = await here.open()
        await wire.register()
        session_id = wire.session_id
        await wire.close()
        key = session_key("", session_id)
        session = await app_manager.get_session(key)
        async with asyncio.timeout(5):
            while session.connection is not None:
                await asyncio.sleep(0.01)
        again = await here.open()
        await again.register(session_id)
        assert again.session_id == session_id
        await again.close()


async def starts_with_a_question(page: ft.Page) -> None:
    page.add(ft.Text(f"kept here: {await ft.SharedPreferences().get('name')}"))


@pytest.mark.parametrize("asked", ["before", "meanwhile"])
async def test_a_start_whose_browser_left_before_it_answered_goes_on_when_it_is_back(site, caplog, asked):
    """Else its page would be blank for ever."""
    async with listening(site(starts_with_a_question)) as here:
        wire = await here.open()
        if asked == "before":
            await wire.register()
            await wire.until(lambda: wire.asked is not None)
        else:
            await wire.register()
        session_id = wire.session_id
        await wire.close()
        again = await here.open()
        await again.register(session_id)
        assert again.session_id == session_id
        await again.until(lambda: again.asked is not None)
        await again.answer("Ana")
        await again.until(lambda: again.shows("kept here: Ana"))
        await again.close()
    assert "Traceback" not in caplog.text


def test_a_session_is_named_by_a_secret_alone_so_that_a_phone_may_change_its_network():
    first, second = new_session_id(), new_session_id()
    assert first != second
    assert len(first) >= 43
    assert session_key("", first) == session_key("", first) != session_key("", second)
    assert first not in session_key("", first)


async def test_a_client_is_told_from_which_address_its_browser_came_also_behind_a_proxy(site):
    """The API counts codes by it: of all who use a hosted app it would else see one address."""
    readers: asyncio.Queue[str] = asyncio.Queue()

    async def opener(config, *_):
        readers.put_nowait(config.reader)
        return FakeClient()

    vault = MemoryVault()
    await vault.set("language", "en")
    config = ClientConfig(api_url="http://test", data_dir=Path())
    async with listening(site(make_main(config, opener=opener, vault_of=lambda _: vault))) as here:
        for headers in ({}, {"X-Forwarded-For": "203.0.113.7"}):
            wire = await here.open(**headers)
            await wire.register()
            assert await asyncio.wait_for(readers.get(), 10) == headers.get("X-Forwarded-For", "127.0.0.1")
            await wire.close()


async def test_an_answer_for_what_has_left_the_screen_does_not_end_the_session(site):
    async with listening(site(handler_fails)) as here:
        wire = await here.open()
        await wire.register()
        answer = {"control_id": 987654, "call_id": "nobody", "result": None, "error": None}
        await wire.socket.send(pack(ANSWER, answer))
        await wire.socket.send(pack(EVENT, {"nonsense": True}))
        await wire.click("Boom")
        await wire.until(lambda: wire.shows("Something went wrong"))
        await wire.close()
