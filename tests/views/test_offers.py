"""Offers: found by a word or a filter, told in plain words, turned on in one tap, with or without a network."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import flet as ft
import pytest

from contract.conditions import Hours
from contract.errors import ErrorCode, Problem
from contract.money import Money
from contract.offers import OfferStep
from services.errors import Offline
from services.state import PendingAction, RefusedAction
from services.texts import Texts
from tests.views.driver import DESKTOP
from tests.views.fakes import NOW, FakeClient, ana, brl, offer
from views.ui import offer_words as words

STEPS = [OfferStep(threshold=brl(amount), rate_bp=rate) for amount, rate in ((10_000, 500), (20_000, 1_000))]
BAKERY = offer()
BASE = offer("base", name="2 % on everything", rate_bp=200, categories=[], needs_activation=False, ends_at=None)
GREEN = offer(
    "green", name="Green cashback", description="", tags=["organic"], categories=[], state="activated", ends_at=None
)
JARDINS = offer(
    "jardins",
    name="Twice as much",
    kind="multiplier",
    factor_bp=20_000,
    rate_bp=None,
    categories=[],
    stores=["Jardins"],
    needs_activation=False,
    ends_at=NOW + timedelta(days=40),
)


def offering(*offers, **more) -> FakeClient:
    return FakeClient(ana(offers=offers, **more))


def names(app) -> list[str]:
    """The offers on the list, top to bottom."""
    known = [each.name for each in (BAKERY, BASE, GREEN, JARDINS)]
    return [text for text in app.words_of() if text in known]


async def test_each_offer_says_what_it_gives_and_until_when(tabs):
    app = await tabs(offering(BAKERY, BASE, GREEN, JARDINS), "/offers")
    for sentence in ("10% on Bakery", "Ends in 2 days", "2% on everything", "Double cashback", "Until 19 Apr"):
        assert sentence in app.said
    assert "These are all offers." in app.said


async def test_offers_to_turn_on_come_first_and_stay_where_they_are_when_turned_on(tabs):
    app = await tabs(offering(BASE, JARDINS, BAKERY, offer("last", name="Last")), "/offers")
    before = names(app)
    assert before[0] == BAKERY.name
    await app.tap("Activate")
    assert names(app) == before


async def test_an_offer_is_activated_from_its_card_in_one_tap(tabs):
    client = offering(BAKERY)
    client.hold = asyncio.Event()
    app = await tabs(client, "/offers")
    taps = asyncio.ensure_future(app.tap("Activate", times=2))
    await app.settle()
    assert app.button("Activate").disabled
    client.hold.set()
    await taps
    assert client.calls.count(("activate", "bakery")) == 1
    assert "Activated" in app.said
    assert "Waiting for network" not in app.said


async def test_it_says_so_while_the_activation_waits_for_a_network(tabs):
    client = offering(BAKERY, connection="offline", offline_since=NOW)
    app = await tabs(client, "/offers/bakery")
    await app.tap("Activate")
    assert "Waiting for network" in app.said
    assert "There is no network. We send this as soon as there is one." in app.said
    client.become(replace(client.state, connection="online", offline_since=None, pending=()))
    await app.settle()
    assert "Waiting for network" not in app.said
    assert "Activated" in app.said


async def test_an_activation_is_taken_back_on_the_offers_page(tabs):
    client = offering(GREEN)
    app = await tabs(client, "/offers/green")
    await app.tap("Deactivate")
    assert client.calls == [("deactivate", "green")]
    assert app.button("Activate")


async def test_a_refused_activation_says_why_until_it_was_read(tabs):
    problem = Problem(title="Budget", status=409, code=ErrorCode.OFFER_ENDED, detail="It is over.")
    refused = RefusedAction(key="k9", kind="activate", offer_id="bakery", problem=problem)
    client = offering(BAKERY, BASE, refused=(refused,))
    app = await tabs(client, "/offers/bakery")
    assert Texts().problem(problem) in app.said
    await app.go("/offers/base")
    assert Texts().problem(problem) not in app.said
    await app.go("/offers")
    await app.tap("Understood")
    assert client.calls == [("dismiss_refused", "k9")]
    assert Texts().problem(problem) not in app.said


async def test_a_failure_on_this_device_is_told_where_the_button_is(tabs):
    client = offering(BAKERY)
    client.fail["activate"] = Offline()
    app = await tabs(client, "/offers/bakery")
    await app.tap("Activate")
    assert Texts().problem(ErrorCode.OFFLINE) in app.said
    assert app.button("Activate")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("at the bakery", [BAKERY]),
        ("ORGANIC", [GREEN]),
        ("jardins", [JARDINS]),
        ("double  cash", [JARDINS]),
        ("shoes", []),
    ],
)
async def test_a_search_looks_at_names_terms_products_and_stores(tabs, typed, found):
    app = await tabs(offering(BAKERY, BASE, GREEN, JARDINS), "/offers")
    await app.type("Search offers", typed)
    assert names(app) == [each.name for each in found]


@pytest.mark.parametrize(
    ("chip", "found"), [("To activate", [BAKERY]), ("Activated", [GREEN]), ("Ends soon", [BAKERY])]
)
async def test_a_chip_narrows_the_list_down(tabs, chip, found):
    app = await tabs(offering(BAKERY, BASE, GREEN, JARDINS), "/offers")
    await app.tap(chip)
    assert names(app) == [each.name for each in found]


async def test_where_nothing_fits_one_tap_shows_all_again(tabs):
    app = await tabs(offering(BAKERY, BASE), "/offers")
    await app.type("Search offers", "shoes")
    assert "No offer fits." in app.said
    await app.tap("Show all offers")
    assert len(names(app)) == 2
    assert not app.field("Search offers").value


async def test_no_offers_and_offers_not_loaded_yet_look_different(tabs):
    assert "No offers right now" in (await tabs(offering(), "/offers")).said
    assert "Loading" in (await tabs(offering(fetched_at=None), "/offers")).said


async def test_the_page_tells_every_term_in_plain_words(tabs):
    full = offer(
        kind="steps",
        rate_bp=None,
        steps=STEPS,
        excluded=["giftcard"],
        minimum=brl(8_000),
        stores=["Centro", "Jardins"],
        cap=brl(5_000),
        per_purchase=brl(1_500),
        weekdays=["sat", "sun"],
        hours=[Hours(start=time(18), end=time(20))],
        earned=brl(1_250),
    )
    app = await tabs(offering(full), "/offers/bakery")
    for sentence in (
        "Bread, cake and pão de queijo.",
        "5% from R$100.00",
        "10% from R$200.00",
        "Bakery",
        "Gift cards",
        "Centro, Jardins",
        "From 18 Feb 2026 to 12 Mar 2026",
        "Only on Saturday, Sunday",
        "Only from 18:00 to 20:00",
        "A purchase of R$80.00 or more",
        "R$15.00 for one purchase",
        "R$12.50 of R$50.00, so far",
        "14 days after the purchase",
        "6 months after that",
        "Version 3 of its terms",
    ):
        assert sentence in app.said


@pytest.mark.parametrize(("state", "said"), [("used", "You got all of it"), ("used_up", "Ran out"), ("ended", "Ended")])
async def test_an_offer_that_is_over_says_so_and_cannot_be_turned_on(tabs, state, said):
    app = await tabs(offering(offer(state=state)), "/offers/bakery")
    assert said in app.said
    assert "Activate" not in app.words_of()


async def test_an_offer_that_is_not_the_members_leads_back_to_those_that_are(tabs):
    app = await tabs(offering(BASE), "/offers/secret")
    assert "This offer is not open to you any more." in app.said
    await app.tap("Show all offers")
    assert app.route == "/offers"


async def test_on_a_phone_an_offer_is_a_page_over_the_list(tabs):
    app = await tabs(offering(BAKERY, BASE), "/offers")
    await app.tap(BASE.name)
    assert app.route == "/offers/base"
    assert "What you get" in app.said
    await app.back()
    assert app.route == "/offers"
    assert len(names(app)) == 2


async def test_on_a_desktop_the_offer_opens_beside_the_list_and_the_search_stays(tabs):
    app = await tabs(offering(BAKERY, BASE, GREEN, JARDINS), "/offers", width=DESKTOP)
    assert "Choose an offer to see how it works." in app.said
    await app.type("Search offers", "on")
    shown = names(app)
    await app.tap(BASE.name)
    assert app.route == "/offers/base"
    assert "What you get" in app.said
    assert [name for name in names(app) if name != BASE.name] == [name for name in shown if name != BASE.name]


async def test_an_activation_under_way_on_one_offer_is_not_shown_on_the_next(tabs):
    other = offer("drinks", name="Drinks")
    client = offering(BAKERY, other)
    client.hold = asyncio.Event()
    app = await tabs(client, "/offers/bakery", width=DESKTOP)
    tap = asyncio.ensure_future(app.tap("Activate"))
    await app.settle()
    await app.go("/offers/drinks")
    assert not [each for each in app.controls() if getattr(each, "key", "") == "on-bakery"]
    client.hold.set()
    await tap
    assert app.button("Activate")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": "percent", "minimum": brl(8_000)}, "10% on Bakery from R$80.00"),
        ({"kind": "steps", "steps": STEPS}, "5% from R$100.00, up to 10% from R$200.00"),
        ({"kind": "fixed", "value": brl(500), "minimum": brl(8_000)}, "R$5.00 back from R$80.00"),
        ({"kind": "points", "value": Money(amount=120, currency="PTS")}, "120 points back"),
        ({"kind": "multiplier", "factor_bp": 20_000}, "Double cashback"),
        ({"kind": "multiplier", "factor_bp": 15_000}, "1.5 times the cashback"),
        ({"kind": "stamp"}, "A stamp for each purchase"),
    ],
)
def test_every_kind_of_offer_has_its_words(more, said):
    assert words.gives(Texts(), offer(**more)) == said


@pytest.mark.parametrize(
    ("iso", "said"),
    [("P6M", "6 months"), ("P1Y", "1 year"), ("P90D", "90 days"), ("P1Y6M", "1 year 6 months"), ("PT5H", ""), ("", "")],
)
def test_a_duration_is_said_in_words(iso, said):
    assert words.duration(Texts(), iso) == said


def test_an_offer_without_pending_days_and_expiry_says_so():
    plain = offer(pending_days=0, expires_after=None, ends_at=None, channels=["web"])
    assert words.becomes_available(Texts(), plain) == "At once"
    assert words.expires(Texts(), plain) == "Never"
    assert words.place(Texts(), plain) == "In the webshop"
    assert words.period(Texts(), plain) == "Since 18 Feb 2026, with no end"


async def test_a_pending_action_that_is_under_way_online_needs_no_words(tabs):
    action = PendingAction(key="k1", kind="activate", offer_id="bakery", queued_at=NOW)
    app = await tabs(offering(offer(state="activated"), pending=(action,)), "/offers")
    assert "Waiting for network" not in app.said


async def test_products_stores_and_channels_narrow_the_offers_down_and_one_for_all_fits_each(tabs):
    fruit = offer("fruit", name="Fruit", categories=["food/fruit"], stores=["Centro"])
    web = offer("web", name="Web only", categories=[], channels=["web"])
    app = await tabs(offering(fruit, web, BASE), "/offers")
    await app.tap("Food")
    assert [name in app.words_of() for name in ("Fruit", "Web only", BASE.name)] == [True, True, True]
    await app.tap("In the stores")
    assert "Web only" not in app.words_of()
    await app.tap("Everywhere")
    await app.tap("Centro")
    assert "Web only" in app.words_of()
    assert "All 3" in app.words_of()


async def test_less_of_an_offer_moves_it_to_the_end_and_one_tap_undoes_it(tabs):
    client = offering(offer(), BASE)
    app = await tabs(client, "/offers/bakery")
    await app.tap("Less of this")
    assert "You will see less of this. It still counts." in app.said
    bar = next(each for each in app.controls() if isinstance(each, ft.SnackBar))
    await app._event(bar, "action")
    assert client.count("unhide") == 1
    await app.tap("Less of this")
    await app.go("/offers")
    words = app.words_of()
    assert words.index(BASE.name) < words.index("Hidden") < words.index("10 % at the bakery")
    await app.go("/")
    assert "10 % at the bakery" not in app.said


async def test_a_stamp_card_says_how_many_stamps_there_are(tabs):
    card = offer("coffee", kind="stamp", rate_bp=None, most_stamps=10, stamps=3)
    app = await tabs(offering(card), "/offers/coffee")
    assert "3 of 10 stamps" in app.said
