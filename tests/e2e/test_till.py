"""At the till: every way to scan, and what is refused."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from contract import member_code
from tests.e2e import people
from tests.e2e.conftest import FLAGS, Visit
from tests.e2e.process import Running
from tests.e2e.screen import Screen
from tests.e2e.test_main_job import be

_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
_FEED = "--use-file-for-fake-video-capture="


@pytest.fixture
async def cashier(kierto: Running, visit: Visit):
    screen = await be(visit, kierto.url, "Leo", desktop=True)
    await screen.sees("Scan or type a code")
    return screen


async def test_a_scanner_that_types_is_heard_again_and_again_and_a_used_code_is_refused(kierto, cashier):
    bruno = await people.sign_in(kierto.url, "bruno")
    code = people.code_now(bruno)
    await cashier.scan(code)
    await cashier.sees("Bruno Lima", "available")
    await cashier.press("Escape")
    await cashier.sees("Scan or type a code")
    await cashier.scan(code)
    said = await cashier.sees("used")
    assert "code_used" not in said
    other = await people.sign_in(kierto.url, "ana")
    await cashier.scan(people.code_now(other))
    await cashier.sees("Ana Souza", "available")


async def test_an_old_code_and_a_wrong_digit_are_refused_each_with_its_reason(kierto, cashier):
    bruno = await people.sign_in(kierto.url, "bruno")
    secret = bruno.code_secret
    step = member_code.step_at(people.now()) - 10
    await cashier.scan(member_code.make(secret.member_number, secret.secret, step).text)
    await cashier.sees("too old")
    fresh = people.code_now(bruno)
    wrong = fresh[:-1] + str((int(fresh[-1]) + 1) % 10)
    await cashier.scan(wrong)
    await cashier.sees("digit")


async def test_a_double_tap_on_confirm_posts_one_purchase(kierto, cashier):
    bruno = await people.sign_in(kierto.url, "bruno")
    before = await people.purchases(kierto.url, bruno)
    await cashier.scan(people.code_now(bruno), enter=False)
    await cashier.sees("Bruno Lima", "Amount")
    await cashier.page.keyboard.type("31.7", delay=20)
    await cashier.press("Enter")
    await cashier.sees("Earns")
    box = await cashier.button("Confirm").bounding_box()
    assert box is not None
    for _ in range(4):
        await cashier.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await cashier.press("F9")
    await cashier.sees("New balance")
    after = await people.purchases(kierto.url, bruno)
    assert [each["total"]["amount"] for each in after].count(3170) == 1
    assert len(after) == len(before) + 1


class Presses:
    """What a cashier does after the scan, counted."""

    def __init__(self, screen: Screen, desktop: bool) -> None:
        self.screen, self.desktop, self.count = screen, desktop, 0

    async def do(self, key: str, button: str) -> None:
        """One key where there is a keyboard, one tap where there is none."""
        self.count += 1
        await (self.screen.press(key) if self.desktop else self.screen.tap(button))


@pytest.mark.parametrize("desktop", [False, True], ids=["phone", "desktop"])
@pytest.mark.parametrize("scanner", ["types", "camera"])
async def test_a_purchase_takes_at_most_three_presses_after_the_scan(
    kierto: Running, visit: Visit, chromium: str, tmp_path: Path, scanner: str, desktop: bool
):
    bruno = await people.sign_in(kierto.url, "bruno")
    async with AsyncExitStack() as opened:
        within = None
        if scanner == "camera":
            feed = people.film(people.code_now(bruno), tmp_path / "code.y4m")
            play = await opened.enter_async_context(async_playwright())
            within = await play.chromium.launch(executable_path=chromium, args=[*FLAGS, *_CAMERA, _FEED + str(feed)])
            opened.push_async_callback(within.close)
        cashier = await be(visit, kierto.url, "Leo", desktop=desktop, within=within)
        await cashier.sees("Scan or type a code")
        if scanner == "types":
            await cashier.scan(people.code_now(bruno))
        elif desktop:
            await cashier.sees_no("Loading")
            await cashier.tap("Use the camera")
        await cashier.sees("Bruno Lima", "available", "Amount")
        presses = Presses(cashier, desktop)
        await presses.do("8", "8")
        await cashier.sees("Add R$8.00")
        await presses.do("Enter", "Food")
        await cashier.sees("Food, R$8.00")
        await presses.do("F9", "Confirm")
        await cashier.sees("Bruno Lima earned", "New balance")
        assert presses.count <= 3
        await presses.do("Enter", "Next customer")
        await cashier.sees("Scan or type a code")


async def test_a_wrong_pin_is_refused_and_the_right_one_opens_the_till(kierto: Running, visit: Visit):
    staff = await visit(kierto.url + "/sign-in/staff", desktop=True)
    await staff.fill("Store", "centro")
    await staff.fill("Staff number", "1001")
    await staff.fill("PIN", "1357")
    await staff.press("Enter")
    said = await staff.sees("PIN is wrong")
    assert "pin_wrong" not in said
    await staff.fill("PIN", "2468")
    await staff.press("Enter")
    await staff.sees("Scan or type a code")


async def test_what_was_sold_can_be_taken_back_with_its_effect_shown_first(kierto, cashier):
    bruno = await people.sign_in(kierto.url, "bruno")
    await cashier.scan(people.code_now(bruno))
    await cashier.sees("Bruno Lima", "Amount")
    await cashier.page.keyboard.type("19.3", delay=20)
    await cashier.press("Enter")
    await cashier.sees("Earns")
    await cashier.press("F9")
    await cashier.opens("Take it back", "Goods")
    await cashier.sees("19.30", "Hand back to the customer", "Balance after it")
    await cashier.tap("Give back")
    await cashier.sees("Taken back")
    after = await people.purchases(kierto.url, bruno)
    assert next(each for each in after if each["total"]["amount"] == 1930)["state"] == "refunded"
