"""The shopper's screens: what they say, and what a tap does."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import flet as ft
import pytest

from contract import member_code
from contract.errors import ErrorCode
from contract.quotes import ReasonCode
from contract.wallet import Refund, RefundedLine, StoreRef
from services.errors import Offline, Refused, refusal
from services.state import RefusedAction, State
from tests.views.driver import DESKTOP, PHONE
from tests.views.fakes import NOW, FakeClient, ana, brl, line, nobody, offer, purchase, reason, wallet


def plain(said: str) -> str:
    """With ordinary spaces."""
    return said.replace("\N{NO-BREAK SPACE}", " ")


# signing in


async def test_a_contact_leads_to_the_code_and_the_code_signs_in_by_itself(tabs):
    client = FakeClient(nobody())
    app = await tabs(client, "/sign-in")
    await app.type("E-mail or phone", " ana@example.com ", enter=True)
    assert app.route == "/sign-in/code"
    assert "ana@example.com" in app.said
    await app.type("6-digit code", "12345")
    assert client.count("sign_in_with_code") == 0
    await app.type("6-digit code", "123456")
    assert ("sign_in_with_code", "ana@example.com", "123456") in client.calls
    assert app.route == "/"
    assert "Hi Ana" in app.said


async def test_an_empty_contact_is_not_sent(tabs):
    client = FakeClient(nobody())
    app = await tabs(client, "/sign-in")
    await app.tap("Send me a code")
    assert client.count("request_code") == 0
    assert "Enter your e-mail address or your phone number." in app.said


async def test_an_impatient_tap_asks_for_one_code(tabs):
    client = FakeClient(nobody())
    client.hold = asyncio.Event()
    app = await tabs(client, "/sign-in")
    field = app.field("E-mail or phone")
    app.session.apply_patch(field._i, {"value": "ana@example.com"})
    await app._event(field, "change", "ana@example.com")
    button = app.button("Send me a code")
    taps = [asyncio.ensure_future(app.session.dispatch_event(button._i, "click", None)) for _ in range(3)]
    await app.settle()
    client.hold.set()
    await asyncio.gather(*taps)
    await app.settle()
    assert client.count("request_code") == 1


@pytest.mark.parametrize(
    "failure",
    [Refused(refusal(ErrorCode.SIGN_IN_CODE_WRONG)), Refused(refusal(ErrorCode.TOO_MANY_REQUESTS))],
)
async def test_a_code_that_is_refused_says_why_and_empties_the_field(tabs, failure):
    client = FakeClient(nobody())
    app = await tabs(client, "/sign-in")
    await app.type("E-mail or phone", "ana@example.com", enter=True)
    client.fail["sign_in_with_code"] = failure
    await app.type("6-digit code", "000000")
    assert app.route == "/sign-in/code"
    assert app.field("6-digit code").value == ""
    assert failure.problem.code.value not in app.said
    await app.type("6-digit code", "123456")
    assert app.route == "/"


async def test_another_code_may_be_asked_for_after_half_a_minute(tabs):
    client = FakeClient(nobody())
    app = await tabs(client, "/sign-in")
    await app.type("E-mail or phone", "ana@example.com", enter=True)
    assert app.button("Send another code").disabled
    await client.clock.move(31)
    await app.tap("Send another code")
    assert client.count("request_code") == 2


async def test_a_link_to_the_code_without_a_contact_begins_at_the_contact(tabs):
    app = await tabs(FakeClient(nobody()), "/sign-in/code")
    assert app.route == "/sign-in"


async def test_staff_find_their_own_sign_in_and_a_wrong_pin_keeps_the_rest(tabs):
    client = FakeClient(nobody())
    app = await tabs(client, "/sign-in")
    await app.tap("I work here")
    await app.type("Store", "Centro")
    await app.type("Staff number", "1001")
    client.fail["sign_in_with_pin"] = Refused(refusal(ErrorCode.PIN_WRONG))
    await app.type("PIN", "0000", enter=True)
    assert app.route == "/sign-in/staff"
    await app.type("PIN", "2468", enter=True)
    assert client.calls[-1] != ("sign_in_with_pin", "centro", "1001", "0000")
    assert ("sign_in_with_pin", "centro", "1001", "2468") in client.calls
    assert app.route == "/till"


async def test_in_the_demo_one_tap_makes_someone(tabs):
    client = FakeClient(nobody())
    app = await tabs(client, "/demo", demo=True)
    assert "window" in app.said
    await app.tap("Ana Souza")
    assert ("demo_sign_in", "ana") in client.calls
    assert app.route == "/"


async def test_people_of_the_demo_that_do_not_come_can_be_asked_for_again(tabs):
    client = FakeClient(nobody())
    client.fail["demo_personas"] = Offline()
    app = await tabs(client, "/demo", demo=True)
    await app.tap("Try again")
    assert "Ana Souza" in app.said


# the wallet


async def test_the_wallet_says_what_is_there_what_comes_and_what_goes(tabs):
    app = await tabs(FakeClient())
    said = plain(app.said)
    assert "R$42.80" in said
    assert re.search(r"\+R\$6\.10.* 24 Mar", said)
    assert "R$8.20 expires on 17 Mar" in said
    assert "10 % at the bakery" in said
    assert "Centro" in said


async def test_a_purchase_at_the_till_arrives_while_one_looks(tabs):
    client = FakeClient()
    app = await tabs(client)
    client.become(
        ana(wallet=wallet(available=5070), purchases=(purchase("new", store=StoreRef(store_id="j", name="Jardins")),))
    )
    await app.settle()
    assert "R$50.70" in app.said
    assert "R$42.80" not in app.said
    assert "Jardins" in app.said


async def test_the_wallet_from_the_cache_says_how_old_it_is(tabs):
    gone = NOW - timedelta(hours=3)
    app = await tabs(FakeClient(ana(connection="offline", offline_since=gone, fetched_at=gone)))
    assert "R$42.80" in app.said
    assert "3 hours ago" in app.said


async def test_a_debt_is_explained(tabs):
    app = await tabs(FakeClient(ana(wallet=wallet(available=0, pending=0, debt=320), lots=())))
    assert "R$3.20" in app.said


async def test_with_nothing_cached_the_shape_of_what_comes_is_shown(tabs):
    empty = State(kind="member", profile=ana().profile, connection="connecting")
    app = await tabs(FakeClient(empty))
    assert "Loading" in app.said


async def test_a_newcomer_is_told_what_to_do(tabs):
    fresh = ana(wallet=wallet(0, 0), lots=(), purchases=(), offers=())
    app = await tabs(FakeClient(fresh))
    assert "R$0.00" in app.said
    await app.tap("Show my code")
    assert app.route == "/code"


# the code


async def test_the_code_counts_down_and_rotates(tabs):
    client = FakeClient()
    app = await tabs(client, "/code")
    first = client.member_code()
    assert first.grouped in app.said
    assert f"New code in {int(first.seconds_left)} seconds" in app.said
    await client.clock.move(1)
    assert first.grouped in app.said
    assert "New code in 1 second" in app.said
    await client.clock.move(2)
    second = client.member_code()
    assert second.grouped != first.grouped
    assert second.grouped in app.said
    assert first.grouped not in app.said
    await client.clock.move(member_code.PERIOD)
    assert client.member_code().grouped in app.said
    assert second.grouped not in app.said


async def test_the_code_is_shown_with_no_network_and_says_what_may_be_spent(tabs):
    client = FakeClient(ana(connection="offline", offline_since=NOW))
    app = await tabs(client, "/code")
    assert client.member_code().grouped in app.said
    assert "R$20.00" in app.said


async def test_a_device_with_no_secret_says_so_instead_of_a_code(tabs):
    client = FakeClient()
    client.secret = None
    app = await tabs(client, "/code")
    assert "This device has no code yet." in app.said


# offers


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_a_double_tap_activates_once(tabs, width):
    client = FakeClient(ana(offers=(offer(),)))
    client.hold = asyncio.Event()
    app = await tabs(client, "/offers/bakery", width=width)
    button = app.button("Activate")
    taps = [asyncio.ensure_future(app.session.dispatch_event(button._i, "click", None)) for _ in range(2)]
    await app.settle()
    client.hold.set()
    await asyncio.gather(*taps)
    await app.settle()
    assert client.count("activate") == 1


async def test_an_activation_on_its_way_says_so(tabs):
    app = await tabs(FakeClient(ana(offers=(offer(),))), "/offers/bakery")
    before = app.said
    await app.tap("Activate")
    assert "activate" in {call[0] for call in app.client.calls}
    assert app.said != before


async def test_a_refused_activation_says_why_and_can_be_put_away(tabs):
    action = RefusedAction(key="k1", kind="activate", offer_id="bakery", problem=refusal(ErrorCode.OFFER_ENDED))
    client = FakeClient(ana(offers=(offer(),), refused=(action,)))
    app = await tabs(client, "/offers/bakery")
    assert ErrorCode.OFFER_ENDED.value not in app.said
    await app.tap("Understood")
    assert client.count("dismiss_refused") == 1


async def test_an_offer_that_is_gone_says_so(tabs):
    app = await tabs(FakeClient(), "/offers/gone")
    assert app.said
    assert "10 % at the bakery" not in app.said


# purchases


async def test_a_purchase_says_why_each_line_earned_what_it_did(tabs):
    app = await tabs(FakeClient(), "/purchases/b1")
    said = plain(app.said)
    assert "Bananas" in said
    assert "5% of R$22.50 on Organic" in said or ("5%" in said and "Organic" in said)
    assert "Gift card" in said
    assert "24 Mar" in said


async def test_a_returned_purchase_says_what_that_changed(tabs):
    back = Refund(
        refund_id="r1",
        purchase_id="b1",
        at=NOW,
        amount=brl(2250),
        clawed_back=brl(112),
        from_pending=brl(100),
        from_available=brl(7),
        to_debt=brl(5),
        restored=brl(300),
        lines=[RefundedLine(line=0, quantity=1)],
    )
    app = await tabs(FakeClient(ana(purchases=(purchase(refunds=[back], clawed_back=brl(112)),))), "/purchases/b1")
    for amount in ("R$22.50", "R$1.00", "R$0.07", "R$0.05", "R$3.00"):
        assert amount in app.said


async def test_a_purchase_that_is_not_on_this_device_is_fetched(tabs):
    client = FakeClient()
    client.elsewhere["far"] = purchase("far", store=StoreRef(store_id="j", name="Jardins"))
    app = await tabs(client, "/purchases/far")
    assert ("purchase", "far") in client.calls
    assert "Jardins" in app.said


async def test_a_purchase_of_someone_else_is_not_there(tabs):
    app = await tabs(FakeClient(), "/purchases/nobodys")
    assert "nobodys" not in app.said
    assert app.said


async def test_a_purchase_that_cannot_be_fetched_can_be_tried_again(tabs):
    client = FakeClient()
    client.fail["purchase"] = Offline()
    client.elsewhere["far"] = purchase("far", store=StoreRef(store_id="j", name="Jardins"))
    app = await tabs(client, "/purchases/far")
    await app.tap("Try again")
    assert "Jardins" in app.said


async def test_purchases_stand_under_their_months(tabs):
    app = await tabs(FakeClient(), "/purchases")
    assert app.said.index("March 2026") < app.said.index("February 2026")


async def test_a_long_history_comes_in_pages_and_shows_its_end(tabs):
    many = tuple(purchase(f"b{i}", receipt_number=f"N-{i}", at=NOW - timedelta(days=i)) for i in range(90))
    app = await tabs(FakeClient(ana(purchases=many)), "/purchases")
    for _ in range(4):
        if "Show older purchases" not in app.said:
            break
        await app.tap("Show older purchases")
    assert "Show older purchases" not in app.said


# the account


async def test_the_language_changes_at_once_and_stays(tabs):
    app = await tabs(FakeClient(), "/me")
    await app.tap("Português (Brasil)")
    assert await app.vault.get("language") == "pt-BR"
    await app.go("/purchases")
    assert "Março de 2026" in app.said


async def test_the_theme_changes_at_once_and_stays(tabs):
    app = await tabs(FakeClient(), "/me")
    await app.tap("Dark")
    assert app.page.theme_mode == ft.ThemeMode.DARK
    assert await app.vault.get("theme") == "dark"


async def test_signing_out_asks_first_and_then_leaves(tabs):
    client = FakeClient()
    app = await tabs(client, "/me")
    await app.tap("Sign out")
    assert client.count("sign_out") == 0
    await app.tap("Sign out")
    assert client.count("sign_out") == 1
    assert app.route == "/sign-in"


# nothing raw

RAW = re.compile(r"\bNone\b|\bnull\b|\d\.\d{3,}|\{\w+\}|<[a-z_.]+|Traceback|minor|\b[a-z]+_[a-z_]+\b")


def everything() -> State:
    """Every reason, every state of an offer, and things left out."""
    why = [
        reason(code, 10 if i < 5 else 0, rate_bp=250, factor_bp=15_000, basis=brl(999))
        for i, code in enumerate(ReasonCode)
    ]
    states = ("open", "activated", "used", "used_up", "ended")
    offers = tuple(offer(f"o{i}", state=state, expires_after=None) for i, state in enumerate(states))
    kinds = (
        offer("k1", kind="multiplier", rate_bp=None, factor_bp=15_000, stores=["jardins"]),
        offer("k2", kind="fixed", rate_bp=None, value=brl(500), minimum=brl(8000), channels=["web"], ends_at=None),
        offer("k3", kind="steps", rate_bp=None, excluded=["food/fruit"], tags=["organic"], cap=brl(900), earned=brl(1)),
    )
    odd = purchase("odd", lines=[line(0, "Rice", 999, 50, why, quantity=3)], available_at=None, expires_at=None)
    return ana(offers=offers + kinds, purchases=(odd, purchase("b1", state="refunded", clawed_back=brl(112))))


ROUTES = [
    "/",
    "/offers",
    "/offers/k1",
    "/offers/k2",
    "/offers/k3",
    "/offers/o3",
    "/purchases",
    "/purchases/odd",
    "/me",
    "/code",
]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("route", ROUTES)
async def test_no_screen_shows_a_raw_code_a_float_or_a_blank(tabs, route, width):
    app = await tabs(FakeClient(everything()), route, width=width)
    assert app.said
    raw = [text for text in app.words_of() if RAW.search(text)]
    assert not raw


@pytest.mark.parametrize("code", list(ErrorCode))
async def test_every_refusal_is_a_sentence(tabs, code):
    client = FakeClient(nobody())
    client.fail["request_code"] = Refused(refusal(code))
    app = await tabs(client, "/sign-in")
    await app.type("E-mail or phone", "ana@example.com", enter=True)
    assert app.route == "/sign-in"
    assert not [text for text in app.words_of() if RAW.search(text)]


async def test_a_fault_of_the_app_is_said_in_a_sentence_too(tabs):
    client = FakeClient(nobody())
    client.fail["request_code"] = KeyError("secret detail")
    app = await tabs(client, "/sign-in")
    await app.type("E-mail or phone", "ana@example.com", enter=True)
    assert "secret detail" not in app.said
    assert "KeyError" not in app.said
