"""At the counter: a scan's verdict, the member's card, a receipt that is looked for, keys and the lock."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from contract.basket import BasketLine
from contract.errors import ErrorCode
from contract.member_code import MemberCode
from contract.money import Money
from contract.offers import Offer
from services.errors import Refused, refusal
from services.finding import Wanted
from services.till import Draft
from tests.views.till_driver import Browser
from tests.views.till_fakes import CODE, NOW, FakeClient, brl
from views.till.keys import keyboard_of
from views.till.locking import LOCK_KEY


@pytest.fixture
def client():
    return FakeClient()


@pytest.fixture
async def tills():
    opened: list[Browser] = []

    async def open_(client: FakeClient, route: str = "/till", **how) -> Browser:
        opened.append(await Browser.open(client, route, **how))
        return opened[-1]

    yield open_
    for browser in opened:
        await browser.close()


async def scanned(tills, client, **how) -> Browser:
    till = await tills(client, **how)
    await till.type("Scan or type a code", CODE, enter=True)
    return till


async def test_a_refused_scan_is_said_in_a_word_and_in_a_sentence(tills, client):
    till = await tills(client)
    client.till.fail["identify"] = Refused(refusal(ErrorCode.CODE_USED))
    await till.type("Scan or type a code", CODE, enter=True)
    assert "Used code" in till.said
    assert "Wait for the next one" in till.said


async def test_the_members_card_says_tier_birthday_and_the_offers_that_fit(tills, client):
    client.till.more = {"tier": "Gold", "birthday": "today", "offers": [an_offer()]}
    till = await scanned(tills, client)
    for words in ("Gold", "Birthday today", "42.80 available"):
        assert words in till.said
    await till.tap("1 offer")
    assert "10% on Bakery" in till.said
    assert "They can do it in their app" in till.said


async def test_a_refund_is_found_by_its_member_and_its_day_and_days_stand_in_order(tills, client):
    for days in (0, 3, 1):
        draft = Draft("id-1", "Ana Souza", "", _two_lines(), NOW - timedelta(days=days))
        client.till._receipt(draft, 0)
    till = await tills(client, "/till/refund")
    days = [till.said.index(day) for day in ("Today\nAna", "Yesterday\nAna", "Saturday 7 March")]
    assert days == sorted(days)
    await till.type("Receipt or member", "ana@example.com", enter=True)
    assert client.till.calls[-1][1] == Wanted(member="ana@example.com")
    await till.tap("Today")
    assert client.till.calls[-1][1] == Wanted(member="ana@example.com", day=NOW.date())
    await till.press(*CODE, "Enter")
    assert client.till.calls[-1][1] == Wanted(member=CODE, day=NOW.date())


async def test_points_stand_in_a_refund_and_are_not_handed_back_in_money(tills, client):
    points = {
        "points_clawed_back": Money(amount=40, currency="PTS"),
        "points_restored": Money(amount=500, currency="PTS"),
        "points_worth": brl(500),
    }
    client.till.points = points
    client.till._receipt(Draft("id-1", "Ana Souza", "", _two_lines(), NOW), 0)
    till = await tills(client, "/till/refund/p1")
    assert "500 points for R$5.00" in till.said
    assert "Earned points taken back\n40 points" in till.said
    assert "Give back R$81.50" in till.said


async def test_a_screen_whose_cleanup_was_lost_in_a_reload_hears_no_keys(tills, client):
    till = await scanned(tills, client)
    keyboard = keyboard_of(till.page)
    ghosts = [held for held in keyboard.held if "Entry" in held.handle.__qualname__]
    await till.press("Escape")
    keyboard.held += ghosts
    await till.type("Scan or type a code", CODE, enter=True)
    await till.press("6", "4", "Enter", "F9")
    assert [line.net for line in client.till.posted[0][0].lines] == [6400]


async def test_an_address_typed_as_fast_as_a_scanner_is_the_fields_own(tills, client):
    till = await tills(client)
    await till.focus("Scan or type a code")
    await till.press(*"ANA2EXAMPLE.COM", "Enter")
    assert client.till.count("identify") == 0
    code = MemberCode("4821903117", "55021836").digits
    await till.press(*code, "Enter")
    assert ("identify", code) in client.till.calls


async def test_what_half_a_scan_left_in_the_field_does_not_spoil_the_next(tills, client):
    till = await tills(client)
    await till.type("Scan or type a code", f"90311KIERTO{CODE}", enter=True)
    assert ("identify", f"KIERTO{CODE}") in client.till.calls
    assert till.page.route == "/till/basket"


@pytest.mark.parametrize("its_socket_is", ["gone", "closing"])
async def test_what_came_while_the_browser_was_away_is_shown_when_it_is_back(tills, client, its_socket_is):
    till = await scanned(tills, client)
    await till.press(*"64", "Enter")
    client.till.hold = asyncio.Event()
    await till.tap("Confirm", settle=False)
    if its_socket_is == "gone":
        await till.leave()
    else:
        till.wire.has_left = True
    client.till.hold.set()
    await till.settle()
    if its_socket_is == "closing":
        await till.leave()
    await till.come_back()
    assert till.page.route == "/till/receipt/p1"
    assert "New balance" in till.said


async def test_the_till_is_locked_by_a_key_from_any_screen(tills, client):
    till = await tills(client, "/till/day")
    await till.press(LOCK_KEY)
    assert "The till is locked" in till.said


def an_offer() -> Offer:
    return Offer(
        offer_id="bread",
        campaign_version=1,
        name="Fresh bread",
        description="",
        kind="percent",
        rate_bp=1000,
        categories=["bakery"],
        starts_at=NOW,
        ends_at=None,
        pending_days=0,
        needs_activation=True,
        state="open",
    )


def _two_lines() -> tuple[BasketLine, ...]:
    food = BasketLine(name="Food", category="food", unit_price=6400)
    return (food, BasketLine(name="Fruit", category="food/fruit", quantity=2, unit_price=1125))
