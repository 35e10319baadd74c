"""At the till: scan, amount, confirm, and what happens when something does not go well."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contract.basket import BasketLine
from contract.errors import ErrorCode
from services.errors import Offline, Refused, refusal
from services.state import State
from services.till import Draft
from tests.views.till_driver import Browser
from tests.views.till_fakes import CODE, LEO, NOW, FakeClient
from views.screens import till_scan

PHONE, DESKTOP = 390, 1280


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
    browser = await tills(client, **how)
    await browser.type("Scan or type a code", f"KIERTO{CODE}", enter=True)
    assert "Ana Souza" in browser.said
    return browser


async def test_a_scan_shows_the_member_with_what_there_is_to_spend(tills, client):
    till = await scanned(tills, client)
    assert client.till.calls[-1] == ("identify", f"KIERTO{CODE}") or client.till.count("identify") == 1
    assert "42.80" in till.said


async def test_three_taps_after_the_scan_post_a_one_amount_basket(tills, client):
    till = await scanned(tills, client, keys=False)
    taps = 0
    for key in "64":
        await till.tap(key)
    for name in ("Food", "Confirm"):
        await till.tap(name)
        taps += 1
    assert taps <= 3
    (draft, redeem) = client.till.posted[0]
    assert [line.net for line in draft.lines] == [6400]
    assert redeem == 0
    assert "New balance" in till.said


async def test_the_keyboard_alone_sells_on_a_desktop(tills, client):
    till = await scanned(tills, client, width=DESKTOP)
    await till.press(*"64", "Enter")
    await till.press(*"22.50", "Enter")
    await till.press("F8")
    assert "To pay" in till.said
    await till.press("F9")
    (draft, redeem) = client.till.posted[0]
    assert [line.net for line in draft.lines] == [6400, 2250]
    assert redeem == 2000
    await till.press("Enter")
    assert till.page.route == "/till"


async def test_the_quote_says_aloud_what_little_more_would_earn(tills, client):
    till = await scanned(tills, client, width=DESKTOP)
    await till.press(*"94.80", "Enter")
    assert "5.20" in till.said
    assert "10%" in till.said


async def test_tags_quantity_and_discount_change_what_is_quoted(tills, client):
    till = await scanned(tills, client, width=DESKTOP)
    await till.tap("Organic")
    await till.press(*"10", "Enter")
    await till.tap("Food, ")
    await till.tap("One more")
    await till.type("Discount on this line", "1.50")
    line = client.till.calls[-1][1].lines[0]
    assert (line.tags, line.quantity, line.discount, line.net) == (["organic"], 2, 150, 1850)
    await till.type("Discount on this line", "99")
    assert "cannot be more" in till.said
    assert client.till.calls[-1][1].lines[0].discount == 150


async def test_a_removed_line_can_be_put_back(tills, client):
    till = await scanned(tills, client, width=DESKTOP)
    await till.press(*"10", "Enter")
    await till.tap("Remove Food")
    assert "was removed" in till.said
    await till.tap("Undo")
    await till.press("F9")
    assert [line.net for line in client.till.posted[0][0].lines] == [1000]


@pytest.mark.parametrize("typed", ["0", "0.00", "-", "abc", "999999999"])
async def test_what_is_no_amount_is_not_added(tills, client, typed):
    till = await scanned(tills, client, width=DESKTOP)
    await till.press(*typed, "Enter", "F9")
    assert client.till.posted == []
    assert client.till.count("quote") == 0


async def test_an_exact_amount_above_what_may_be_spent_is_said_before_paying(tills, client):
    till = await scanned(tills, client, width=DESKTOP)
    await till.press(*"20", "Enter")
    await till.tap("Other")
    await till.type("Cashback to spend", "15")
    assert "At most" in till.said
    await till.type("Cashback to spend", "4.50")
    assert "At most" not in till.said
    await till.press("F9")
    assert client.till.posted[0][1] == 450


async def test_a_double_tap_on_confirm_posts_once(tills, client):
    till = await scanned(tills, client, width=DESKTOP)
    await till.press(*"10", "Enter")
    client.till.hold = asyncio.Event()
    await till.tap("Confirm", settle=False)
    await till.settle()
    assert till.button("Confirm").disabled
    await till.press("F9", "F9")
    client.till.hold.set()
    await till.settle()
    assert client.till.count("confirm") == 1
    assert len(client.till.posted) == 1


async def test_a_confirm_without_an_answer_is_tried_again_as_the_same_purchase(tills, client):
    till = await scanned(tills, client, width=DESKTOP)
    await till.press(*"10", "Enter")
    client.till.fail["confirm"] = Offline()
    await till.press("F9")
    assert "Ana Souza" in till.said
    await till.tap("Try again")
    asked = [what for name, what in client.till.calls if name == "confirm"]
    assert asked[0] == asked[1]
    assert "New balance" in till.said


async def test_a_purchase_left_without_an_answer_is_offered_when_the_till_opens(tills, client):
    client.till.waiting = Draft("id-9", "Bruno Lima", "", (BasketLine(name="Food", unit_price=500),), NOW)
    till = await tills(client)
    assert "Bruno Lima" in till.said
    await till.tap("Ask again")
    assert client.till.count("resume") == 1
    assert "Bruno Lima earned" in till.said


async def test_a_basket_from_before_a_restart_can_be_gone_on_with(tills, client):
    client.till.kept = Draft("id-9", "Bruno Lima", "", (BasketLine(name="Food", unit_price=500),), NOW)
    till = await tills(client)
    await till.tap("Go on with it")
    assert "5.00" in till.said
    assert client.till.calls[-1][1] == client.till.kept


async def test_an_identification_that_ran_out_is_renewed_without_losing_the_basket(tills, client):
    till = await scanned(tills, client, width=DESKTOP)
    client.till.fail["quote"] = Refused(refusal(ErrorCode.IDENTIFICATION_EXPIRED))
    await till.press(*"10", "Enter")
    await till.tap("Scan again, keep the basket")
    await till.type("Scan or type a code", CODE, enter=True)
    await till.press("F9")
    assert [line.net for line in client.till.posted[0][0].lines] == [1000]


@pytest.mark.parametrize("code", [ErrorCode.CODE_USED, ErrorCode.CODE_OLD, ErrorCode.CODE_OTHER_PROGRAMME])
async def test_a_refused_code_is_said_in_a_sentence_and_the_till_waits_for_the_next(tills, client, code, monkeypatch):
    till = await tills(client)
    before = set(till.said.split("\n"))
    client.till.fail["identify"] = Refused(refusal(code))
    await till.type("Scan or type a code", CODE, enter=True)
    said = "\n".join(set(till.said.split("\n")) - before)
    assert len(said) > 20
    assert code.value not in said
    monkeypatch.setattr(till_scan, "ONE_SCAN", 0)
    await till.type("Scan or type a code", CODE, enter=True)
    assert "Ana Souza" in till.said


async def test_a_scan_that_comes_by_the_field_and_by_the_keys_is_one_scan(tills, client):
    till = await tills(client)
    client.till.fail["identify"] = Refused(refusal(ErrorCode.CODE_OLD))
    data = {"shift": False, "ctrl": False, "alt": False, "meta": False}
    for key in [*f"KIERTO{CODE}", "Enter"]:
        await till.page._trigger_event("keyboard_event", {"key": key, **data})
    await till.settle()
    await till.type("Scan or type a code", f"KIERTO{CODE}", enter=True)
    assert client.till.count("identify") == 1


async def _changed(till, field, text):
    till.session.apply_patch(field._i, {"value": text})
    await till.session.dispatch_event(field._i, "change", text)


async def test_a_refused_scan_leaves_no_digits_that_could_go_on(tills, client):
    client.till.fail["identify"] = Refused(refusal(ErrorCode.CODE_USED, status=409))
    till = await tills(client, width=DESKTOP)
    field = till.field("Scan or type a code")
    for key in CODE:
        await till._key(key)
    till.session.apply_patch(field._i, {"value": CODE})
    await till.session.dispatch_event(field._i, "change", CODE)
    await asyncio.gather(till._key("Enter"), till.session.dispatch_event(field._i, "submit", CODE))
    await till.settle()
    assert "This code was used already" in till.said
    assert "19 of 19 digits" not in till.said


async def test_a_scanner_is_heard_also_when_no_field_has_the_focus(tills, client):
    till = await tills(client)
    for key in [*f"KIERTO{CODE}", "Enter"]:
        data = {"key": key, "shift": False, "ctrl": False, "alt": False, "meta": False}
        await till.page._trigger_event("keyboard_event", data)
    await till.settle()
    assert client.till.count("identify") == 1
    assert "Ana Souza" in till.said


@pytest.mark.parametrize("code", [CODE, f"KIERTO{CODE}"])
async def test_a_scanner_that_sends_no_enter_is_heard_too(tills, client, code):
    till = await tills(client)
    for end in range(1, len(code) + 1):
        await till.type("Scan or type a code", code[:end])
        assert client.till.count("identify") == (end == len(code))
    assert "Ana Souza" in till.said


@pytest.mark.parametrize("code", [CODE, f"KIERTO{CODE}"])
async def test_it_is_heard_also_when_no_field_has_the_focus(tills, client, code):
    till = await tills(client)
    await till.press(*code[:-1])
    assert client.till.count("identify") == 0
    await till.press(code[-1])
    assert client.till.count("identify") == 1
    assert "Ana Souza" in till.said


async def test_it_is_heard_whole_where_a_field_took_the_focus_half_way(tills, client):
    till = await tills(client)
    await till.press(*CODE[:9])
    await till.focus("Scan or type a code")
    await till.type("Scan or type a code", CODE[9:])
    await till.press(*CODE[9:])
    assert client.till.count("identify") == 1


async def test_an_enter_that_comes_late_is_not_a_second_scan(tills, client, monkeypatch):
    monkeypatch.setattr(till_scan, "ONE_SCAN", 0.0)
    client.till.fail["identify"] = Refused(refusal(ErrorCode.CODE_OLD, status=409))
    till = await tills(client)
    await till.press(*CODE)
    assert "too old" in till.said
    await till.press("Enter")
    assert client.till.count("identify") == 1


async def test_a_code_that_is_changed_at_once_does_not_go_on(tills, client):
    till = await tills(client)
    field = till.field("Scan or type a code")
    whole = asyncio.ensure_future(_changed(till, field, CODE))
    await asyncio.sleep(0)  # it is there, and waits for more
    await _changed(till, field, CODE[:-1])
    await whole
    await till.settle()
    assert client.till.count("identify") == 0


async def test_typed_digits_are_shown_in_groups(tills, client):
    till = await tills(client)
    await till.type("Scan or type a code", CODE[:12])
    assert "4821 903 117 55" in till.said
    assert "12 of 19" in till.said


async def test_a_refund_shows_every_effect_before_it_is_confirmed(tills, client):
    client.till._receipt(Draft("id-1", "Ana Souza", "", _two_lines(), NOW), 1000)
    till = await tills(client, "/till/refund")
    await till.tap("Ana Souza")
    for words in ("Goods", "Back to the wallet", "Hand back", "Taken from pending", "Balance after it"):
        assert words in till.said
    assert client.till.count("refund") == 0
    await till.tap("Give back")
    assert client.till.count("refund") == 1
    assert "Taken back" in till.said


async def test_one_line_can_come_back_alone(tills, client):
    client.till._receipt(Draft("id-1", "Ana Souza", "", _two_lines(), NOW), 0)
    till = await tills(client, "/till/refund/p1")
    box = next(each for each in till.controls() if type(each).__name__ == "Checkbox")
    till.session.apply_patch(box._i, {"value": False})
    await till.session.dispatch_event(box._i, "change", False)
    await till.settle()
    await till.tap("Give back")
    lines = next(what for name, what in client.till.calls if name == "refund")
    assert [(each.line, each.quantity) for each in lines] == [(1, 2)]


async def test_a_receipt_that_is_not_there_is_said(tills, client):
    till = await tills(client, "/till/refund")
    await till.type("Receipt or member", "R-403")
    await till.tap("Find")
    assert client.till.calls[-1][1].receipt_number == "R-403"
    await till.type("Receipt or member", "R-404", enter=True)
    assert "has the number R-404" in till.said


async def test_the_day_adds_up_what_was_sold(tills, client):
    for amount in (1000, 2500):
        line = BasketLine(name="Food", unit_price=amount)
        client.till._receipt(Draft("id-1", "Ana Souza", "", (line,), NOW), 0)
    till = await tills(client, "/till/day")
    assert "35.00" in till.said
    assert "2 receipts" in till.said


async def test_the_latest_receipts_stand_by_when_they_were_sold_not_by_when_they_came(tills, client):
    for amount, age in ((1000, 0), (2500, 3), (1700, 1)):
        line = BasketLine(name="Food", unit_price=amount)
        client.till._receipt(Draft("id-1", "Ana Souza", "", (line,), NOW - timedelta(days=age)), 0)
    said = (await tills(client, width=DESKTOP)).said
    assert said.index("260310-1-") < said.index("260310-3-") < said.index("260310-2-")


async def test_a_locked_till_shows_nobody(tills, client):
    till = await scanned(tills, client)
    await till.press("Escape")
    await till.tap("Lock the till")
    assert "Ana Souza" not in till.said
    await till.type("PIN", "1111", enter=True)
    assert "PIN is wrong" in till.said
    await till.type("PIN", "2468", enter=True)
    assert "Latest receipts" in till.said


async def test_the_till_says_when_the_network_is_gone(tills, client):
    till = await tills(client)
    gone = State(kind="staff", staff=LEO, connection="offline", fetched_at=NOW, offline_since=NOW)
    client.change(gone)
    await till.settle()
    assert "offline since" in till.said
    client.change(replace(gone, connection="online"))
    await till.settle()
    assert "offline" not in till.said


async def test_a_list_that_begins_anew_while_its_first_request_still_closes_is_loaded(tills, client):
    asked = client.till.purchases
    begun = asyncio.Event()

    async def closes_slowly(*args: Any, **kwargs: Any) -> Any:
        if begun.is_set():
            return await asked(*args, **kwargs)
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:  # as a connection that is given back does
            for _ in range(5):
                await asyncio.sleep(0)

    client.till.purchases = closes_slowly
    first = State(kind="staff", staff=LEO, connection="connecting", fetched_at=NOW)
    client.change(first)
    till = await tills(client)
    assert begun.is_set()
    assert "Loading" in till.said
    client.change(replace(first, connection="online"))
    await till.settle()
    assert "Loading" not in till.said


def _two_lines() -> tuple[BasketLine, ...]:
    food = BasketLine(name="Food", category="food", unit_price=6400)
    return (food, BasketLine(name="Fruit", category="food/fruit", quantity=2, unit_price=1125))


@pytest.mark.parametrize("time", range(5))
async def test_a_window_that_becomes_narrow_loads_what_it_shows(time):
    browser = await Browser.open(FakeClient(), width=1280)
    for width in (390, 1280, 700, 390):
        await browser.page._trigger_event("resize", {"width": width, "height": 844})
        await browser.settle()
        assert "Loading" not in browser.said, f"in an order that differs from one time to the next, here {time}"
    await browser.close()
