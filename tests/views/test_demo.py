"""The demo's door: be someone, in one tap."""

from __future__ import annotations

import flet as ft

from services.errors import Offline
from tests.views.fakes import FakeClient, nobody


async def test_shoppers_and_staff_stand_apart_each_with_what_they_are(tabs):
    app = await tabs(FakeClient(nobody()), "/demo", demo=True)
    said = app.said.splitlines()
    assert said.index("Shoppers") < said.index("Ana Souza") < said.index("At the shop") < said.index("Leo")
    assert "Show her code to Leo." in said


async def test_one_tap_makes_one_a_shopper(tabs):
    client = FakeClient(nobody())
    app = await tabs(client, "/demo", demo=True)
    await app.tap_twice("Ana Souza")
    assert client.count("demo_sign_in") == 1
    assert app.route == "/"
    assert "Hi Ana" in app.said


async def test_one_tap_makes_one_a_cashier(tabs):
    app = await tabs(FakeClient(nobody()), "/demo", demo=True)
    await app.tap("Leo")
    assert app.route == "/till"


async def test_it_says_what_to_try(tabs):
    app = await tabs(FakeClient(nobody()), "/demo", demo=True)
    assert "be Leo there, and scan Ana's code" in app.said


async def test_the_demos_mail_opens_beside_the_app(tabs):
    app = await tabs(FakeClient(nobody()), "/demo", demo=True)
    links = [each.url for each in app.controls() if isinstance(each, ft.TextButton) and each.url is not None]
    assert [(link.url, link.target) for link in links] == [("/demo/inbox", ft.UrlTarget.BLANK)]


async def test_signing_in_as_oneself_stays_possible(tabs):
    app = await tabs(FakeClient(nobody()), "/demo", demo=True)
    await app.tap("Sign in with a code")
    assert app.route == "/sign-in"


async def test_people_that_did_not_come_can_be_asked_for_again(tabs):
    client = FakeClient(nobody())
    client.fail["demo_personas"] = Offline()
    app = await tabs(client, "/demo", demo=True)
    assert "No answer came" in app.said
    await app.tap("Try again")
    assert "Ana Souza" in app.said


async def test_a_refused_tap_says_why_and_leaves_the_choice(tabs):
    client = FakeClient(nobody())
    client.fail["demo_sign_in"] = Offline()
    app = await tabs(client, "/demo", demo=True)
    await app.tap("Ana Souza")
    assert "No answer came" in app.said
    assert app.route == "/demo"
