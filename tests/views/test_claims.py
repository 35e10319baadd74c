"""Claims and feedback on screen."""

from __future__ import annotations

import flet as ft
import pytest

from contract.errors import ErrorCode
from services.errors import Refused, refusal
from tests.views.fake_mine import brl, claim
from tests.views.fakes import PROFILE, FakeClient, ana
from views.ui.amounts import minor_units


async def test_a_missing_purchase_is_asked_about_and_stands_in_the_list(tabs):
    client = FakeClient()
    app = await tabs(client, "/me/claims")
    await app.tap("A purchase is missing")
    assert "within 30 days" in app.said
    await app.tap("Send")
    assert "Fill in the number and the total of the receipt." in app.said
    assert client.count("make_claim") == 0
    await app.tap("Webshop")
    await app.type("Number on the receipt", "C-7")
    await app.type("Total on the receipt", "80,00")
    await app.tap_twice("Send")
    calls = [call[1] for call in client.calls if call[0] == "make_claim"]
    assert [(each.store_id, each.receipt_number, each.total) for each in calls] == [("web", "C-7", 8_000)]
    assert app.route == "/me/claims"
    assert "You get an answer by 17 Mar 2026." in app.said


async def test_each_outcome_says_its_reason_or_what_it_brought(tabs):
    client = FakeClient()
    client.mine.asked = [
        claim("c1", state="refused", reason="not_found", words="Look again"),
        claim("c2", state="accepted", given=brl(400), purchase_id="b1"),
    ]
    app = await tabs(client, "/me/claims")
    assert "No receipt with this number was found in the store." in app.said
    assert "“Look again”" in app.said
    assert "You got R$4.00." in app.said
    await app.tap("Show the purchase")
    assert app.route == "/purchases/b1"


async def test_the_answer_comes_by_mail_where_she_says_so(tabs):
    client = FakeClient()
    app = await tabs(client, "/purchases/b1")
    await app.tap("Something missing?")
    assert "Questions about a purchase, and the answers to your claims" in app.said
    [switch] = [each for each in app.controls() if isinstance(each, ft.Switch)]
    app.session.apply_patch(switch._i, {"value": True})
    await app._event(switch, "change", "true")
    assert client.count("choose") == 0  # nothing is kept before it is sent
    await app.tap("Send")
    [chosen] = [call[1] for call in client.calls if call[0] == "choose"]
    assert [(each.channel, each.purpose, each.granted) for each in chosen] == [("email", "feedback", True)]
    assert client.count("make_claim") == 1
    await app.go("/me/claims/new")
    await app.type("Number on the receipt", "C-7")
    await app.type("Total on the receipt", "80")
    await app.tap("Send")
    assert (client.count("choose"), client.count("make_claim")) == (1, 2)  # it is as she said before


async def test_who_has_no_address_is_not_asked_about_mail(tabs):
    phone = PROFILE.model_copy(update={"email": None, "phone": "+5511999990000"})
    app = await tabs(FakeClient(ana(profile=phone)), "/me/claims/new")
    assert "Which purchase is missing?" in app.said
    assert "E-mail me" not in app.said


async def test_under_a_purchase_one_asks_why_it_earned_so_little(tabs):
    client = FakeClient()
    app = await tabs(client, "/purchases/b1")
    await app.tap("Something missing?")
    await app.type("What did you expect?", "Double on Tuesdays")
    await app.tap_twice("Send")
    calls = [call[1] for call in client.calls if call[0] == "make_claim"]
    assert [(each.kind, each.purchase_id, each.note) for each in calls] == [("amount", "b1", "Double on Tuesdays")]
    assert "Sent. You get an answer by 17 Mar 2026." in app.said


async def test_a_claim_that_is_too_late_says_so(tabs):
    client = FakeClient()
    client.fail["make_claim"] = Refused(refusal(ErrorCode.CLAIM_TOO_LATE, status=409))
    app = await tabs(client, "/purchases/b1")
    await app.tap("Something missing?")
    await app.tap("Send")
    assert "This purchase is too long ago for a claim." in app.said


async def test_one_tap_says_how_it_was_and_words_may_follow(tabs):
    client = FakeClient()
    app = await tabs(client, "/purchases/b1")
    await app.tap("Good")
    assert ("give_feedback", "b1", 4, "") in client.calls
    assert "Thank you. The store reads it." in app.said
    await app.type("Tell us more (optional)", "Kind people")
    await app.tap("Very good")
    assert ("give_feedback", "b1", 5, "Kind people") in client.calls


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("80", 8_000),
        ("80,5", 8_050),
        ("80.50", 8_050),
        ("R$ 1.234,56", 123_456),
        ("1,234.56", 123_456),
        ("1.234", 123_400),
    ],
)
def test_an_amount_is_read_as_it_is_written_anywhere(typed, minor):
    assert minor_units(typed, "BRL") == minor


@pytest.mark.parametrize("typed", ["", "abc", "0", ",", "9" * 20])
def test_what_is_no_amount_is_none(typed):
    assert minor_units(typed, "BRL") is None
