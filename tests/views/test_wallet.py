"""The wallet: what is there, what is coming, what is about to go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.errors import Offline
from tests.views.driver import DESKTOP, PHONE, App
from tests.views.fakes import NOW, PROFILE, FakeClient, ana, brl, lot, offer, purchase, wallet
from views.screens.wallet import first_of
from views.screens.wallet.lots import coming, expiring


def plain(app: App) -> str:
    return app.said.replace("\N{NO-BREAK SPACE}", " ")


async def test_the_balance_stands_first_with_what_is_on_its_way_and_when(tabs):
    app = await tabs(FakeClient())
    assert "Hi Ana" in plain(app)
    assert "R$42.80" in plain(app)
    assert "+R$6.10 on 24 Mar" in plain(app)


async def test_the_ring_says_how_much_of_the_whole_is_available(tabs):
    app = await tabs(FakeClient())
    assert "R$42.80 of R$48.90 is available" in plain(app)


async def test_what_expires_within_thirty_days_is_said_with_its_day(tabs):
    app = await tabs(FakeClient())
    assert "R$8.20 expires on 17 Mar" in plain(app)
    assert "more within 30 days" not in plain(app)


async def test_what_is_pending_on_several_days_says_how_much_comes_first(tabs):
    late = lot("l9", 200, state="pending", available_at=NOW + timedelta(days=20))
    soon = lot("l8", 410, state="pending", available_at=NOW + timedelta(days=4))
    app = await tabs(FakeClient(ana(lots=(late, soon))))
    assert "+R$6.10 pending, R$4.10 of it on 14 Mar" in plain(app)


async def test_a_debt_is_said_plainly(tabs):
    app = await tabs(FakeClient(ana(wallet=wallet(available=0, pending=0, debt=350), lots=())))
    assert "R$3.50 of what you earn next makes up for goods that you returned." in plain(app)


async def test_without_a_debt_there_is_no_word_of_it(tabs):
    app = await tabs(FakeClient())
    assert "makes up for" not in app.said


async def test_a_balance_that_changes_while_one_looks_ends_at_the_new_amount(tabs):
    client = FakeClient()
    app = await tabs(client)
    client.become(replace(client.state, wallet=wallet(available=5070)))
    await app.settle()
    assert "R$50.70" in plain(app)
    assert "R$42.80" not in plain(app)


async def test_the_code_is_one_tap_away(tabs):
    app = await tabs(FakeClient())
    await app.tap("Show my code")
    assert app.route == "/code"


async def test_the_latest_purchases_lead_to_their_lines(tabs):
    app = await tabs(FakeClient())
    assert "R$1.12" in plain(app)
    assert "-R$12.00" in plain(app).replace("\N{MINUS SIGN}", "-")
    await app.tap("Centro")
    assert app.route.startswith("/purchases/b")


@pytest.mark.parametrize(("name", "route"), [("All offers", "/offers"), ("All purchases", "/purchases")])
async def test_each_part_leads_to_all_of_it(tabs, name, route):
    app = await tabs(FakeClient())
    await app.tap(name)
    assert app.route == route


async def test_an_offer_leads_to_its_terms(tabs):
    app = await tabs(FakeClient())
    await app.tap("10%")
    assert app.route == "/offers/bakery"


async def test_a_phone_shows_three_offers_and_a_desktop_four(tabs):
    many = tuple(offer(f"o{n}", name=f"Offer number {n}") for n in range(6))
    for width, count in [(PHONE, 3), (DESKTOP, 4)]:
        app = await tabs(FakeClient(ana(offers=many)), width=width)
        assert app.said.count("Offer number") == count


def test_offers_to_act_on_come_before_those_that_apply_by_themselves():
    by_itself = offer("base", needs_activation=False)
    active = offer("active", state="activated")
    waiting = offer("waiting")
    gone = offer("gone", state="ended")
    assert [each.offer_id for each in first_of([by_itself, active, gone, waiting])] == ["waiting", "active", "base"]


async def test_refresh_asks_for_news_once_however_often_it_is_tapped(tabs):
    client = FakeClient()
    app = await tabs(client)
    await app.tap_twice("Refresh")
    assert client.count("refresh") == 1


async def test_a_refresh_without_a_network_says_so_and_keeps_what_is_shown(tabs):
    client = FakeClient()
    client.fail["refresh"] = Offline()
    app = await tabs(client)
    await app.tap("Refresh")
    assert "No answer came" in app.said
    assert "R$42.80" in plain(app)


async def test_a_new_member_is_told_how_the_first_cashback_comes(tabs):
    app = await tabs(FakeClient(ana(wallet=wallet(0, 0), lots=(), purchases=(), offers=())))
    assert "your first cashback lands here" in app.said
    assert "No offers right now" in app.said
    assert "R$0.00" in plain(app)


async def test_with_nothing_on_the_device_shapes_stand_in_for_what_comes(tabs):
    app = await tabs(FakeClient(ana(wallet=None, lots=(), purchases=(), offers=(), fetched_at=None)))
    assert "Loading" in app.said
    assert "Show my code" not in app.said


async def test_a_member_without_a_name_is_greeted_all_the_same(tabs):
    app = await tabs(FakeClient(ana(profile=PROFILE.model_copy(update={"name": ""}))))
    assert "Hi" in app.said.splitlines()


def day(at):
    return at.date().isoformat()


def test_lots_of_one_day_are_added_up():
    at = NOW + timedelta(days=3)
    lots = [lot(f"l{n}", 100, state="pending", available_at=at + timedelta(minutes=n)) for n in range(3)]
    found = coming(lots, day)
    assert found is not None
    assert (found.amount, found.later, found.at) == (brl(300), brl(0), at)


def test_only_what_is_available_and_expires_within_thirty_days_is_about_to_go():
    lots = [
        lot("a", 100, expires_at=NOW + timedelta(days=3)),
        lot("b", 40, expires_at=NOW + timedelta(days=29)),
        lot("c", 5, expires_at=NOW + timedelta(days=31)),
        lot("d", 7, expires_at=None),
        lot("e", 9, expires_at=NOW - timedelta(seconds=1)),
        lot("f", 11, state="pending", expires_at=NOW + timedelta(days=2)),
        lot("g", 0, expires_at=NOW + timedelta(days=1)),
    ]
    found = expiring(lots, NOW, day)
    assert found is not None
    assert (found.amount, found.later) == (brl(100), brl(40))


def test_nothing_coming_and_nothing_going_is_nothing():
    assert coming([], day) is None
    assert expiring([lot("a", 100, expires_at=None)], NOW, day) is None


async def test_purchases_that_spent_and_earned_show_both(tabs):
    both = purchase("b7", redeemed=brl(500), earned=brl(210), state="available")
    app = await tabs(FakeClient(ana(purchases=(both,))))
    said = plain(app).replace("\N{MINUS SIGN}", "-")
    assert "+R$2.10" in said
    assert "-R$5.00" in said
