"""The member's code on the screen: it rotates, it reads, it closes."""

from __future__ import annotations

import io
from datetime import timedelta

import flet as ft
import numpy as np
import pytest
from PIL import Image

from contract import member_code
from contract.money import MAX_AMOUNT
from services.scanning import zxing_decoder
from services.state import State
from tests.views.driver import App
from tests.views.fakes import NOW, PROFILE, FakeClient, ana, brl, nobody, purchase


def digits(app: App) -> str:
    """What a screen reader says of the code."""
    said = next(line for line in app.said.splitlines() if line.startswith("Your code: "))
    return said.removeprefix("Your code: ").replace(" ", "")


def pictures(app: App) -> list[ft.Image]:
    return [each for each in app.controls() if isinstance(each, ft.Image) and isinstance(each.src, bytes)]


async def press(app: App, key: str) -> None:
    data = {"key": key, "shift": False, "ctrl": False, "alt": False, "meta": False}
    await app.page._trigger_event("keyboard_event", data)
    await app.settle()


async def test_the_digits_are_those_that_the_till_takes(tabs):
    client = FakeClient()
    app = await tabs(client, "/code")
    code = client.member_code()
    assert code is not None
    assert digits(app) == code.digits
    assert code.grouped in app.said


async def test_both_pictures_carry_the_code(tabs):
    client = FakeClient()
    app = await tabs(client, "/code")
    code = client.member_code()
    assert code is not None
    decode = zxing_decoder()
    qr, bars = pictures(app)
    assert decode.decode(qr.src) == code.text
    assert bars.src != qr.src
    row = np.asarray(Image.open(io.BytesIO(bars.src)).convert("L"))
    assert row.shape[1] > row.shape[0]


async def test_the_code_changes_by_itself_when_its_time_is_over(tabs):
    client = FakeClient()
    app = await tabs(client, "/code")
    before = digits(app)
    await client.clock.move(member_code.PERIOD)
    await app.settle()
    assert digits(app) != before


async def test_the_seconds_left_run_down(tabs):
    client = FakeClient()
    app = await tabs(client, "/code")
    code = client.member_code()
    assert code is not None
    left = round(code.seconds_left)
    assert f"New code in {left} second" in app.said
    if left > 1:
        await client.clock.move(1)
        await app.settle()
        assert f"New code in {left - 1} second" in app.said


async def test_the_code_shows_with_no_network(tabs):
    client = FakeClient(ana(connection="offline"))
    app = await tabs(client, "/code")
    assert len(digits(app)) == 19
    assert "You are offline" in app.said


async def test_what_a_till_may_take_is_said(tabs):
    app = await tabs(FakeClient(), "/code")
    assert "Spending allowed up to R$20.00" in app.said.replace("\N{NO-BREAK SPACE}", "")


async def test_a_programme_without_a_limit_says_nothing_of_one(tabs):
    free = PROFILE.model_copy(update={"spend_limit": brl(MAX_AMOUNT)})
    app = await tabs(FakeClient(ana(profile=free)), "/code")
    assert "Spending allowed" not in app.said


@pytest.mark.parametrize(("days", "said"), [(1, True), (-1, False)])
async def test_a_new_device_says_from_when_on_it_may_spend(tabs, days, said):
    opens = NOW + timedelta(days=days)
    app = await tabs(FakeClient(ana(profile=PROFILE.model_copy(update={"spending_opens_at": opens}))), "/code")
    assert ("Spending opens on" in app.said) is said


@pytest.mark.parametrize("leave", ["close", "escape"])
async def test_closing_leads_back_to_the_wallet(tabs, leave):
    app = await tabs(FakeClient(), "/code")
    if leave == "close":
        await app.tap("Close")
    else:
        await press(app, "Escape")
    assert app.route == "/"


async def test_other_keys_leave_the_code_where_it_is(tabs):
    app = await tabs(FakeClient(), "/code")
    await press(app, "Enter")
    assert app.route == "/code"


async def test_a_device_without_a_secret_says_what_to_do(tabs):
    client = FakeClient()
    client.secret = None
    app = await tabs(client, "/code")
    assert "This device has no code yet" in app.said
    assert pictures(app) == []


async def test_the_code_is_for_members_only(tabs):
    app = await tabs(FakeClient(nobody()), "/code")
    assert app.route == "/sign-in"
    assert pictures(app) == []


async def test_while_it_is_not_known_who_is_signed_in_no_code_shows(tabs):
    app = await tabs(FakeClient(State()), "/code")
    assert pictures(app) == []


def arrived(**more):
    return purchase("b9", at=NOW, earned=brl(820), **more)


async def test_the_purchase_that_the_till_posts_shows_where_the_code_was(tabs):
    client = FakeClient()
    app = await tabs(client, "/code")
    client.become(ana(purchases=(arrived(), *ana().purchases)))
    await app.settle()
    assert "+R$8.20" in app.said
    assert "yours to spend on 24 Mar" in app.said.replace("\u00a0", " ")
    assert "Your code" not in app.said.splitlines()
    await app.tap("See why")
    assert app.route == "/purchases/b9"


async def test_after_a_purchase_the_code_can_be_shown_again(tabs):
    client = FakeClient()
    app = await tabs(client, "/code")
    client.become(ana(purchases=(arrived(redeemed=brl(300)), *ana().purchases)))
    await app.settle()
    assert "You spent R$3.00 of your cashback." in app.said
    await app.tap("Show the code again")
    assert digits(app)


async def test_a_purchase_that_only_reaches_this_device_late_leaves_the_code_alone(tabs):
    client = FakeClient()
    app = await tabs(client, "/code")
    client.become(ana(purchases=(purchase("b8", at=NOW - timedelta(days=1)), *ana().purchases)))
    await app.settle()
    assert digits(app)
