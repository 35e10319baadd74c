"""Signing in: a contact and its code; for staff a store, a number and a PIN."""

from __future__ import annotations

import pytest

from contract.errors import ErrorCode
from services.errors import Offline, Refused, refusal
from tests.views.driver import App
from tests.views.fakes import FakeClient, nobody
from views.screens.sign_in.code import RESEND_AFTER


@pytest.fixture
def client():
    return FakeClient(nobody())


async def asked(tabs, client: FakeClient, **how) -> App:
    app = await tabs(client, "/sign-in", **how)
    await app.type("E-mail or phone", " ana@example.com ", enter=True)
    assert app.route == "/sign-in/code"
    return app


async def test_the_code_goes_to_the_contact_in_the_readers_language(tabs, client):
    app = await asked(tabs, client)
    assert client.calls[-1] == ("request_code", "ana@example.com", "en")
    assert "ana@example.com" in app.said


async def test_the_button_sends_too_and_only_once(tabs, client):
    app = await tabs(client, "/sign-in")
    await app.type("E-mail or phone", "+55 11 91234 5678")
    await app.tap_twice("Send me a code")
    assert client.count("request_code") == 1
    assert app.route == "/sign-in/code"


async def test_without_a_contact_nothing_is_sent(tabs, client):
    app = await tabs(client, "/sign-in")
    await app.tap("Send me a code")
    assert "Enter your e-mail address or your phone number." in app.said
    assert client.count("request_code") == 0


async def test_no_answer_is_said_in_place(tabs, client):
    client.fail["request_code"] = Offline()
    app = await tabs(client, "/sign-in")
    await app.type("E-mail or phone", "ana@example.com", enter=True)
    assert app.route == "/sign-in"
    assert "No answer came" in app.said


async def test_the_sixth_digit_signs_in_by_itself(tabs, client):
    app = await asked(tabs, client)
    await app.type("6-digit code", "12345")
    assert client.count("sign_in_with_code") == 0
    await app.type("6-digit code", "123456")
    assert client.calls[-1] == ("sign_in_with_code", "ana@example.com", "123456")
    assert app.route == "/"
    assert "Hi Ana" in app.said


async def test_a_wrong_code_is_said_in_place_and_the_field_is_empty_again(tabs, client):
    client.fail["sign_in_with_code"] = Refused(refusal(ErrorCode.SIGN_IN_CODE_WRONG))
    app = await asked(tabs, client)
    await app.type("6-digit code", "000000")
    assert "This code is wrong or old" in app.said
    assert app.field("6-digit code").value == ""
    await app.type("6-digit code", "123456")
    assert app.route == "/"


async def test_another_code_can_be_asked_for_when_the_timer_has_run_down(tabs, client):
    app = await asked(tabs, client)
    assert app.button(f"Send another code in {RESEND_AFTER} seconds").disabled
    await client.clock.move(RESEND_AFTER)
    await app.settle()
    await app.tap("Send another code")
    assert client.count("request_code") == 2
    assert app.button(f"Send another code in {RESEND_AFTER} seconds").disabled


async def test_the_contact_can_be_changed_without_typing_it_all_again(tabs, client):
    app = await asked(tabs, client)
    await app.tap("Use another address")
    assert app.route == "/sign-in"
    assert app.field("E-mail or phone").value == "ana@example.com"


async def test_a_link_to_the_code_without_a_contact_leads_to_the_start(tabs, client):
    app = await tabs(client, "/sign-in/code")
    assert app.route == "/sign-in"


async def test_a_session_that_was_ended_is_told_so(tabs):
    app = await tabs(FakeClient(nobody(notice=ErrorCode.SESSION_ENDED)), "/sign-in")
    assert "You were signed out. Sign in again to go on." in app.said


async def test_half_a_code_is_said_to_be_half_and_not_sent(tabs, client):
    app = await asked(tabs, client)
    await app.type("6-digit code", "123")
    await app.tap("Sign in")
    assert "The code has 6 digits. Type all of them." in app.said
    assert client.count("sign_in_with_code") == 0
    await app.type("6-digit code", "1234")
    assert "Type all of them." not in app.said


async def test_a_code_that_got_no_answer_stays_and_the_button_sends_it_again(tabs, client):
    client.fail["sign_in_with_code"] = Offline()
    app = await asked(tabs, client)
    await app.type("6-digit code", "123456")
    assert "No answer came" in app.said
    await app.tap("Sign in")
    assert client.count("sign_in_with_code") == 2
    assert app.route == "/"


async def test_only_the_demo_leads_to_the_demo_and_its_mail(tabs, client):
    app = await asked(tabs, client)
    assert "Mail of this demo" not in app.said
    demo = await asked(tabs, FakeClient(nobody()), demo=True)
    assert "Mail of this demo" in demo.said
    await demo.tap("Use another address")
    await demo.tap("Try the demo")
    assert demo.route == "/demo"


async def staff(tabs, client: FakeClient, pin: str = "2468") -> App:
    app = await tabs(client, "/sign-in")
    await app.tap("I work here")
    await app.type("Store", "Centro")
    await app.type("Staff number", "1001")
    await app.type("PIN", pin)
    return app


async def test_staff_sign_in_to_their_stores_till(tabs, client):
    app = await staff(tabs, client)
    await app.tap("Sign in")
    assert client.calls[-1] == ("sign_in_with_pin", "centro", "1001", "2468")
    assert app.route == "/till"


async def test_a_wrong_pin_empties_the_pin_only(tabs, client):
    client.fail["sign_in_with_pin"] = Refused(refusal(ErrorCode.PIN_WRONG))
    app = await staff(tabs, client, "9999")
    await app.tap("Sign in")
    assert "The staff number or the PIN is wrong." in app.said
    assert app.field("PIN").value == ""
    await app.type("PIN", "2468", enter=True)
    assert client.calls[-1] == ("sign_in_with_pin", "centro", "1001", "2468")
    assert app.route == "/till"


async def test_too_many_wrong_pins_say_how_many_minutes_to_wait(tabs, client):
    client.fail["sign_in_with_pin"] = Refused(refusal(ErrorCode.PIN_LOCKED, minutes=15))
    app = await staff(tabs, client)
    await app.tap("Sign in")
    assert "Wait 15 minutes, or ask your manager." in app.said


async def test_a_gap_in_the_staffs_form_is_said_before_anything_is_sent(tabs, client):
    app = await tabs(client, "/sign-in/staff")
    await app.type("Store", "centro")
    await app.tap("Sign in")
    assert "Fill in the store, your staff number and your PIN." in app.said
    assert client.count("sign_in_with_pin") == 0


async def test_who_is_signed_in_has_no_business_at_the_door(tabs):
    app = await tabs(FakeClient(), "/sign-in")
    assert app.route == "/"
