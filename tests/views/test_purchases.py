"""Purchases: by month, found by a word, each opened to why every line earned what it did."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import flet as ft
import pytest

from contract.errors import ErrorCode
from contract.months import Month, Months
from contract.quotes import ReasonCode
from contract.wallet import PurchasePage, Refund, StoreRef
from services.books import Wanted
from services.errors import Offline
from services.texts import Texts
from tests.views.driver import DESKTOP
from tests.views.fakes import NOW, FakeClient, ana, brl, line, purchase, reason
from views.screens.purchases.finding import find, months
from views.screens.purchases.lines import told
from views.screens.purchases.listing import PAGE
from views.screens.purchases.terms import applied

WEB = StoreRef(store_id="web", name="Webshop")
MARCH = purchase()
SPENT = purchase("b2", at=NOW - timedelta(days=2), state="available", redeemed=brl(1200), earned=brl(300))
FEBRUARY = purchase(
    "b3",
    at=NOW - timedelta(days=20),
    state="available",
    store=WEB,
    channel="web",
    receipt_number="W-7",
    available_at=NOW - timedelta(days=6),
    lines=[line(0, "Headphones", 18_990, 0, [])],
)
REFUND = Refund(
    refund_id="r1",
    purchase_id="b4",
    at=NOW - timedelta(days=1),
    amount=brl(2250),
    clawed_back=brl(112),
    from_pending=brl(100),
    from_available=brl(0),
    to_debt=brl(12),
    restored=brl(500),
    lines=[],
)


def bought(*purchases, **more) -> FakeClient:
    return FakeClient(ana(purchases=purchases, **more))


def many(count: int) -> list:
    one = purchase()
    facts = [
        {"purchase_id": f"p{n}", "at": NOW - timedelta(hours=3 * n), "receipt_number": f"R-{n}"} for n in range(count)
    ]
    return [one.model_copy(update=each) for each in facts]


async def pick(app, name: str) -> None:
    """Choose from a menu."""
    item = next(each for each in app.controls() if isinstance(each, ft.PopupMenuItem) and each.content == name)
    await app._event(item, "click")


def rows(app) -> int:
    """How many purchases are listed."""
    return sum(" · R$" in text for text in app.words_of())


async def test_purchases_lie_in_months_with_what_each_month_earned(tabs):
    app = await tabs(bought(MARCH, SPENT, FEBRUARY), "/purchases")
    assert "March 2026" in app.said
    assert "Earned R$4.12" in app.said
    assert "February 2026" in app.said
    assert "Earned R$1.12" in app.said
    assert "These are all your purchases." in app.said


async def test_a_row_says_store_day_total_and_what_came_in_and_went_out_and_the_time_of_today(tabs):
    app = await tabs(bought(MARCH, SPENT), "/purchases")
    for sentence in (
        "Today, 09:00 · R$72.50",
        "8 Mar · R$72.50",
        "+R$1.12",
        "+R$3.00",
        "-R$12.00",
        "Centro, Today, 09:00, R$72.50, earned R$1.12, Pending",
        "Centro, 8 Mar, R$72.50, earned R$3.00, spent R$12.00",
    ):
        assert sentence in app.said


async def test_a_returned_purchase_is_marked(tabs):
    gone = purchase("b4", state="refunded", clawed_back=brl(112), refunds=[REFUND])
    app = await tabs(bought(gone, purchase("b5", refunds=[REFUND])), "/purchases")
    assert "Returned" in app.words_of()
    assert "Part returned" in app.words_of()


@pytest.mark.parametrize(("typed", "found"), [("webshop", 1), ("BANANAS", 2), ("w-7", 1), ("centro gift", 2), ("x", 0)])
async def test_a_search_looks_at_store_products_and_receipt(tabs, typed, found):
    app = await tabs(bought(MARCH, SPENT, FEBRUARY), "/purchases")
    await app.type("Search purchases", typed)
    assert rows(app) == found


async def test_where_nothing_fits_one_tap_shows_all_again(tabs):
    app = await tabs(bought(MARCH), "/purchases")
    await app.type("Search purchases", "shoes")
    assert "No purchase fits." in app.said
    await app.tap("Show all purchases")
    assert rows(app) == 1


async def test_a_month_that_is_not_all_here_or_not_all_found_has_no_sum():
    held = [MARCH, SPENT, FEBRUARY]
    assert [each.earned for each in months(Texts(), held, 9, whole=True, has_older=True, sums={})] == [brl(412), None]
    assert [each.earned for each in months(Texts(), held[:2], 9, whole=False, has_older=False, sums={})] == [None]


def test_the_month_is_that_of_the_programmes_own_clock():
    late = purchase(at=NOW.replace(month=3, day=1, hour=1))
    [month] = months(Texts("en", "America/Sao_Paulo"), [late], 9, whole=True, has_older=False, sums={})
    assert month.name == "February 2026"


def test_a_months_sum_counts_all_of_it_however_much_is_shown():
    [month] = months(Texts(), [MARCH, SPENT], 1, whole=True, has_older=False, sums={})
    assert (len(month.shown), month.earned) == (1, brl(412))


def test_no_word_finds_everything():
    assert list(find((MARCH, SPENT), Wanted("  "))) == [MARCH, SPENT]


async def test_a_months_sum_is_the_apis_where_this_device_does_not_hold_all_of_it(tabs):
    client = bought(MARCH, has_older_purchases=True)
    march = Month(month="2026-03", purchases=9, total=brl(90_000), earned=brl(4_500), redeemed=brl(0))
    client.books.months = Months(currency="BRL", timezone="America/Sao_Paulo", items=[march])
    app = await tabs(client, "/purchases")
    assert "Earned R$45.00" in app.said
    assert "9 purchases for R$900.00" in app.said


async def test_stores_ways_and_returns_narrow_the_list_down(tabs):
    back = purchase("b4", refunds=[REFUND])
    app = await tabs(bought(MARCH, FEBRUARY, back), "/purchases")
    await app.tap("With returns")
    assert rows(app) == 1
    await app.tap("With returns")
    await pick(app, "In the webshop")
    assert rows(app) == 1
    await pick(app, "Everywhere")
    await pick(app, "Webshop")
    assert rows(app) == 1
    await pick(app, "All stores")
    assert rows(app) == 3


async def test_a_search_goes_on_at_the_api_where_older_ones_are_not_here(tabs):
    client = bought(MARCH, has_older_purchases=True)
    far = purchase("far", at=NOW - timedelta(days=900), store=StoreRef(store_id="sul", name="Sul"))
    client.books.found = PurchasePage(items=[far], next_cursor=None)
    app = await tabs(client, "/purchases")
    await app.type("Search purchases", "sul")
    assert rows(app) == 1
    assert "Sul" in app.said

    client.fail["find_purchases"] = Offline()
    await app.type("Search purchases", "centro")
    assert rows(app) == 1
    assert "Only the purchases on this device were searched." in app.said


async def test_ten_thousand_purchases_are_drawn_a_page_at_a_time(tabs):
    app = await tabs(bought(*many(10_000)), "/purchases")
    assert rows(app) == PAGE
    began = time.process_time()
    await app.tap("Show older")
    assert rows(app) == 2 * PAGE
    assert time.process_time() - began < 2, "a page more is a page's work"


async def test_older_ones_come_from_the_device_first_and_then_from_the_api(tabs):
    client = bought(*many(PAGE + 5), has_older_purchases=True)
    app = await tabs(client, "/purchases")
    assert rows(app) == PAGE
    await app.tap("Show older")
    assert rows(app) == PAGE + 5
    assert client.count("load_older_purchases") == 0
    await app.tap("Show older")
    assert client.count("load_older_purchases") == 1
    client.become(replace(client.state, purchases=tuple(many(PAGE + 9)), has_older_purchases=False))
    await app.settle()
    assert rows(app) == PAGE + 9
    assert "These are all your purchases." in app.said


async def test_the_button_is_busy_while_older_ones_come(tabs):
    client = bought(MARCH, has_older_purchases=True)
    client.hold = asyncio.Event()
    app = await tabs(client, "/purchases")
    tap = asyncio.ensure_future(app.tap("Show older", times=2))
    await app.settle()
    assert app.button("Show older").disabled
    client.hold.set()
    await tap
    assert client.count("load_older_purchases") == 1
    assert not app.button("Show older").disabled


async def test_without_a_network_older_ones_say_so_and_can_be_asked_for_again(tabs):
    client = bought(MARCH, has_older_purchases=True)
    client.fail["load_older_purchases"] = Offline()
    app = await tabs(client, "/purchases")
    await app.tap("Show older")
    assert Texts().problem(ErrorCode.OFFLINE) in app.said
    await app.tap("Show older")
    assert Texts().problem(ErrorCode.OFFLINE) not in app.said


async def test_nothing_bought_yet_leads_to_the_code(tabs):
    app = await tabs(bought(), "/purchases")
    await app.tap("Show my code")
    assert app.route == "/code"


async def test_a_purchase_says_what_was_paid_earned_and_when_it_can_be_spent(tabs):
    app = await tabs(bought(MARCH), "/purchases/b1")
    for sentence in (
        "Centro",
        "10 Mar 2026 at 09:00",
        "Receipt C-1042",
        "You earned R$1.12",
        "Pending until 24 Mar 2026",
        "Expires on 20 Sept 2026",
        "You paid",
    ):
        assert sentence in app.said


async def test_spent_cashback_is_told_apart_from_what_was_paid(tabs):
    spent = purchase(redeemed=brl(1200), state="available", available_at=NOW - timedelta(days=1))
    app = await tabs(bought(spent), "/purchases/b1")
    for sentence in ("-R$12.00", "R$60.50", "Available since 9 Mar 2026"):
        assert sentence in app.said


async def test_the_receipt_number_is_copied_by_one_tap(tabs):
    app = await tabs(bought(MARCH), "/purchases/b1")
    await app.tap("Copy the receipt number")
    assert "Copied" in app.said


async def test_every_line_says_why_it_earned_what_it_did(tabs):
    app = await tabs(bought(MARCH), "/purchases/b1")
    for sentence in (
        "Bananas",
        "You earned R$1.12: 5% of R$22.50 on Organic.",
        "Gift card",
        "Delivery and gift cards never earn cashback.",
    ):
        assert sentence in app.said


def test_offers_for_other_products_are_told_last():
    other, below, gave = (
        reason(code) for code in (ReasonCode.OTHER_PRODUCT, ReasonCode.BELOW_MINIMUM, ReasonCode.STAMP)
    )
    assert told((other, below, gave)) == ([gave], [below, other])


async def test_of_what_gave_nothing_two_are_told_and_the_others_on_request(tabs):
    why = [reason(ReasonCode.OTHER_PRODUCT, name=f"Offer {n}") for n in range(5)]
    app = await tabs(bought(purchase(lines=[line(0, "Soap", 900, 0, why)])), "/purchases/b1")
    assert "Offer 1" in app.words_of()
    assert "Offer 2" not in app.words_of()
    await app.tap("Show 3 more")
    assert "Offer 4" in app.words_of()
    await app.tap("Show fewer")
    assert "Offer 2" not in app.words_of()


async def test_what_was_opened_on_one_purchase_is_closed_on_the_next(tabs):
    why = [reason(ReasonCode.OTHER_PRODUCT, name=f"Offer {n}") for n in range(5)]
    soap = [line(0, "Soap", 900, 0, why)]
    app = await tabs(bought(purchase(lines=soap), purchase("b2", lines=soap)), "/purchases/b1", width=DESKTOP)
    await app.tap("Show 3 more")
    await app.go("/purchases/b2")
    assert app.button("Show 3 more")


async def test_a_refund_says_what_it_changed(tabs):
    app = await tabs(bought(purchase("b4", clawed_back=brl(112), refunds=[REFUND])), "/purchases/b4")
    for sentence in (
        "Returned on 9 Mar 2026",
        "Goods worth R$22.50 came back.",
        "R$1.00 of pending cashback was taken back.",
        "R$0.12 comes off your next cashback.",
        "R$5.00 of cashback that you had spent is yours again.",
        "This purchase earned no cashback",
    ):
        assert sentence in app.said


async def test_the_versions_of_the_terms_that_gave_are_named_each_once(tabs):
    twice = [line(n, "Bananas", 100, 5, [reason(ReasonCode.PERCENT, 5, rate_bp=500, basis=brl(100))]) for n in range(2)]
    one = purchase(lines=twice)
    assert applied(one) == [("organic", 3, "Green cashback")]
    app = await tabs(bought(one), "/purchases/b1")
    assert "Version 3 of its terms" in app.said


async def test_a_purchase_that_is_not_on_this_device_comes_from_the_api(tabs):
    client = bought(MARCH)
    client.elsewhere["old"] = purchase("old", receipt_number="OLD-1")
    app = await tabs(client, "/purchases/old")
    assert "Receipt OLD-1" in app.said


async def test_without_a_network_it_can_be_asked_for_again(tabs):
    client = bought(MARCH)
    client.elsewhere["old"] = purchase("old", receipt_number="OLD-1")
    client.fail["purchase"] = Offline()
    app = await tabs(client, "/purchases/old")
    assert Texts().problem(ErrorCode.OFFLINE) in app.said
    await app.tap("Try again")
    assert "Receipt OLD-1" in app.said


async def test_a_purchase_that_is_not_the_members_leads_back_to_hers(tabs):
    app = await tabs(bought(MARCH), "/purchases/hers")
    assert "You have no such purchase." in app.said
    await app.tap("Show all purchases")
    assert app.route == "/purchases"


async def test_a_refund_done_at_the_till_changes_the_open_page(tabs):
    client = bought(MARCH)
    app = await tabs(client, "/purchases/b1")
    client.become(
        replace(client.state, purchases=(purchase(state="refunded", clawed_back=brl(112), refunds=[REFUND]),))
    )
    await app.settle()
    assert "All of this purchase was returned" in app.said


async def test_on_a_desktop_the_purchase_opens_beside_the_list(tabs):
    app = await tabs(bought(MARCH, FEBRUARY), "/purchases", width=DESKTOP)
    assert "Choose a purchase to see what it earned, and why." in app.said
    await app.tap("Webshop")
    assert app.route == "/purchases/b3"
    assert "Headphones" in app.said
    assert rows(app) == 2


@pytest.mark.parametrize(
    ("review", "listed", "opened"),
    [
        ("checking", "Being checked", "Being checked: the store looks at this purchase"),
        ("rejected", "Taken back", "You keep no cashback of this purchase"),
    ],
)
async def test_a_purchase_that_is_checked_says_so_and_what_came_of_it(tabs, review, listed, opened):
    taken = {"state": "rejected", "clawed_back": purchase().earned} if review == "rejected" else {}
    checked = bought(purchase(review=review, **taken))
    app = await tabs(checked, "/purchases")
    assert listed in app.words_of()
    app = await tabs(checked, "/purchases/b1")
    assert opened in app.said
    assert "Pending until" not in app.said
    assert "Available since" not in app.said
