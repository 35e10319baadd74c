"""Keys of the shopper's screens: they lead somewhere, a sheet names them, and a field keeps what is typed into it."""

from __future__ import annotations

import gc

import flet as ft
import pytest

from tests.views.driver import DESKTOP, TABLET
from tests.views.fakes import FakeClient


async def press(app, key: str) -> None:
    data = {"key": key, "shift": False, "ctrl": False, "alt": False, "meta": False}
    await app._event(app.page, "keyboard_event", data)


@pytest.mark.parametrize(
    ("key", "route"),
    [("1", "/"), ("2", "/offers"), ("3", "/purchases"), ("4", "/me"), ("C", "/code"), ("S", "/statement")],
)
async def test_a_key_leads_to_its_screen(tabs, key, route):
    app = await tabs(FakeClient(), "/offers" if key == "1" else "/", width=DESKTOP)
    await press(app, key)
    assert app.route == route


async def test_the_question_mark_opens_a_sheet_of_all_keys(tabs):
    app = await tabs(FakeClient(), "/", width=DESKTOP)
    await press(app, "?")
    assert "Keys" in app.said
    assert "S: Statement" in app.said
    await app.tap("Close")
    assert "Keys" not in app.words_of()


async def test_what_is_typed_into_a_field_is_no_key(tabs):
    app = await tabs(FakeClient(), "/offers", width=DESKTOP)
    field = app.field("Search offers")
    await app._event(field, "focus")
    await press(app, "1")
    assert app.route == "/offers"
    await app._event(field, "blur")
    await press(app, "R")
    assert app.client.count("refresh") == 1
    await press(app, "1")
    assert app.route == "/"


async def test_a_slash_leads_into_the_search(tabs):
    app = await tabs(FakeClient(), "/purchases", width=DESKTOP)
    asked: list[str] = []
    invoked = app._invoked
    app._invoked = lambda body: (asked.append(body.name), invoked(body))
    await press(app, "/")
    assert "focus" in asked
    assert app.has(ft.TextField)


async def test_keys_are_heard_on_the_screen_below_once_the_one_above_it_has_gone(tabs):
    app = await tabs(FakeClient(), "/offers", width=TABLET)
    await app.go("/offers/base")
    assert app.depth == 2
    await press(app, "R")
    assert app.client.count("refresh") == 1
    await app.back()
    gc.collect()
    assert app.depth == 1
    await press(app, "R")
    assert app.client.count("refresh") == 2
    await press(app, "4")
    assert app.route == "/me"
