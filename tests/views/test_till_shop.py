"""Products by scanner, the lock, and what a manager sees."""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
import weakref

import pytest

from contract.audit import AuditEntry
from contract.catalogue import Catalogue, Category, Product
from contract.reviews import HeldPurchase, Review, ReviewPage
from contract.staff import Credit
from services.texts import Texts
from tests.views.till_driver import Browser
from tests.views.till_fakes import CODE, LEO, NOW, FakeClient, brl
from views.screens.manage.evidence import evidence
from views.till.keys import keyboard_of

RICE = Product(gtin="07891000100103", name="Arroz", category="food", brand="", tags=[], price=brl(2899))
GUM = Product(gtin="00000096385074", name="Chiclete", category="sweets", brand="", tags=[], price=None)
SWEETS = Category(path="sweets", names={"en": "Sweets"})
FOOD = Category(path="food", names={"en": "Groceries"})


@pytest.fixture
async def till():
    client = FakeClient()
    shelf = Catalogue(version=1, full=True, products=[RICE, GUM], removed=[], categories=[FOOD, SWEETS], tags=[])
    client.shelf._take(shelf)
    browser = await Browser.open(client)
    yield browser
    await browser.close()


async def scan(till: Browser, code: str) -> None:
    await till.scan(code)


async def at_the_basket(till: Browser) -> None:
    await till.type("Scan or type a code", CODE, enter=True)


async def test_a_product_scanned_twice_is_one_line_of_two(till):
    await at_the_basket(till)
    assert "Groceries" in till.said
    await scan(till, "7891000100103")
    await scan(till, "7891000100103")
    assert "Arroz" in till.said
    assert "57.98" in till.said


async def test_keys_are_heard_after_the_screen_was_drawn_anew_and_its_first_objects_are_gone(till):
    await at_the_basket(till)
    await scan(till, "7891000100103")  # the whole basket is drawn anew
    gc.collect()
    await till.press(*"4.50", "Enter")
    assert "R$4.50" in till.said


def slowly(till: Browser) -> None:
    """From now on the till hears a key each second, as where its machine is busy."""
    seconds = itertools.count(time.monotonic() + 1)
    keyboard_of(till.page).now = lambda: next(seconds)


async def test_a_scan_whose_keys_come_late_is_a_product_and_never_an_amount(till):
    slowly(till)
    await at_the_basket(till)
    for code in ("7891000100103", "96385074"):
        await scan(till, code)
    assert "Arroz" in till.said
    assert "Type the amount of Chiclete" in till.said
    assert [line.net for line in till.client.till.kept.lines] == [2899]
    await till.press(*"4.50", "Enter")
    assert [line.net for line in till.client.till.kept.lines] == [2899, 450]


async def test_eight_digits_with_a_right_check_digit_ask_first_and_are_an_amount_by_their_category(till):
    slowly(till)
    await at_the_basket(till)
    await scan(till, "12345670")
    assert "12345670 is not in the catalogue" in till.said
    assert till.client.till.kept is None
    await till.press(*"12345670")
    await till.tap("Groceries")
    assert [line.net for line in till.client.till.kept.lines] == [1_234_567_000]


async def test_a_scan_that_began_on_the_screen_before_is_whole_on_the_next(till):
    slowly(till)
    await till.press(*"78910")
    await at_the_basket(till)
    await till.press(*"00100103", "Enter")
    assert [line.net for line in till.client.till.kept.lines] == [2899]


async def test_a_code_that_lost_a_key_is_scanned_again_and_sells_nothing(till):
    await at_the_basket(till)
    await scan(till, "789100010010")
    assert "Scan it again" in till.said
    assert till.client.till.kept is None
    await till.press("Enter", "F9")
    assert till.client.till.posted == []
    await scan(till, "7891000100103")
    assert "Scan it again" not in till.said
    assert [line.net for line in till.client.till.kept.lines] == [2899]


async def test_an_amount_that_was_being_typed_outlives_a_scan(till):
    await at_the_basket(till)
    await till.press(*"4.50")
    slowly(till)
    await scan(till, "7891000100103")
    await till.press("Enter")
    assert [line.net for line in till.client.till.kept.lines] == [2899, 450]


async def test_a_tab_that_was_closed_leaves_nothing_behind():
    async def a_sale_in_a_tab() -> weakref.ref:
        browser = await Browser.open(FakeClient())
        await browser.focus("Scan or type a code")
        await at_the_basket(browser)
        await browser.press(*"4.50", "Enter")
        page = weakref.ref(browser.page)
        await browser.close()
        return page

    page = await asyncio.create_task(a_sale_in_a_tab())  # a tab has a context of its own
    for _ in range(50):  # what was cancelled ends in its own time
        await asyncio.sleep(0.01)
        gc.collect()
        if page() is None:
            return
    pytest.fail("the page is still held")


async def test_an_unknown_code_and_one_without_a_price_ask_for_the_amount(till):
    await at_the_basket(till)
    await scan(till, "4006381333931")
    assert "4006381333931 is not in the catalogue" in till.said
    await scan(till, "96385074")
    assert "Type the amount of Chiclete" in till.said
    await till.press(*"1.50", "Enter")
    assert "Type the amount" not in till.said
    assert "1.50" in till.said


async def test_a_number_whose_check_digit_is_wrong_stays_an_amount(till):
    await at_the_basket(till)
    await till.press(*"12.50", "Enter")
    assert "12.50" in till.said
    assert "catalogue" not in till.said


async def test_a_manager_decides_a_review_and_a_cashier_has_no_such_place():
    client = FakeClient(LEO.model_copy(update={"role": "manager"}))
    held = HeldPurchase(
        purchase_id="p1",
        receipt_number="R-9",
        at=NOW,
        member_name="Ana Souza",
        staff_name="Leo",
        total=brl(1000),
        earned=brl(50),
        state="checking",
    )
    review = Review(
        review_id="v1",
        kind="member_velocity",
        state="open",
        store_id="centro",
        opened_at=NOW,
        member_name="Ana Souza",
        evidence={"count": 9, "limit": 6, "hours": 1},
        purchases=[held],
    )
    decided = []

    async def reviews(state=None, cursor=None):
        return ReviewPage(items=[] if decided else [review], open=1, next_cursor=None)

    async def decide(review_id, decision, note=""):
        decided.append((review_id, decision))

    client.shop.reviews, client.shop.decide = reviews, decide
    browser = await Browser.open(client, "/till/manage/reviews")
    assert "9 purchases in 1 hour; your limit is 6." in browser.said
    assert "R-9" in browser.said
    await browser.tap("It is fine")
    assert decided == [("v1", "cleared")]
    assert "Nothing waits for you." in browser.said
    await browser.close()
    other = await Browser.open(FakeClient())
    assert "Manage" not in other.said
    await other.close()


async def test_a_supervisor_gives_cashback_by_hand_with_a_second_person(till):
    assert "Give cashback by hand" not in till.said
    client = FakeClient(LEO.model_copy(update={"role": "supervisor"}))
    given = []

    async def credit(identification, amount, reason, approval):
        given.append((amount, reason, approval.staff_number))
        wallet = (await client.till.identify(CODE)).wallet
        return Credit(credit_id="c1", amount=brl(amount), member_name="Ana Souza", wallet=wallet)

    client.shop.credit = credit
    browser = await Browser.open(client)
    await at_the_basket(browser)
    await browser.tap("Give cashback by hand")
    await browser.type("Amount", "7.50")
    await browser.type("Reason", "Scanner was broken")
    await browser.type("Supervisor's staff number", "9001")
    await browser.type("Supervisor's PIN", "8642", enter=True)
    assert given == [(750, "Scanner was broken", "9001")]
    assert "7.50" in browser.said
    await browser.close()


def test_the_trail_says_limits_roles_and_decisions_in_words():
    def entry(action, **found):
        act = {"entry_id": "1", "at": NOW, "store_id": "centro", "staff_id": None, "staff_name": "Marta"}
        return AuditEntry(**act, action=action, member_name="", subject="s", evidence=found)

    texts = Texts()
    assert evidence(texts, entry("settings", refund_limit=[0, 5000]), "BRL") == [
        "A refund above this needs a supervisor: R$50.00"
    ]
    assert evidence(texts, entry("review", decision="rejected", kind="same_pair", note=""), "BRL") == [
        "Rejected",
        "The same member and cashier, again and again",
    ]
    assert evidence(texts, entry("staff_changed", role="supervisor", role_before="cashier"), "BRL") == ["Supervisor"]
