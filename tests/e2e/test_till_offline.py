"""A till whose network goes: it sells on, outlives kill -9 with its queue, and shows what came of each receipt."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.async_api import async_playwright

from tests.e2e import people
from tests.e2e.conftest import FLAGS, PHONE, Visit
from tests.e2e.process import run_app
from tests.e2e.screen import Screen
from tests.e2e.test_main_job import be
from tests.e2e.test_offline import Apart

pytestmark = pytest.mark.timeout(400)
BACK = 90_000
"""Milliseconds for an API to start and a queue to be sent, on a busy machine."""


class Shop(Apart):
    """The app and its API, of which each can die."""

    def kill_app(self) -> None:
        """kill -9, and start again at the same address."""
        port = self.app.url.rsplit(":", 1)[1].rstrip("/")
        self.app.kill()
        self.app = run_app(self.folder / "app", KIERTO_API_URL=self.url, KIERTO_DEMO="true", KIERTO_PORT=port)

    def kits(self) -> list[Path]:
        """The books of this app's tills that hold a kit, where the catalogue has come, too."""
        found = []
        for shelf in (self.folder / "app").rglob("till-shelf-*.db"):
            book = shelf.with_name(shelf.name.replace("shelf-", "")).with_suffix(".sqlite3")
            with closing(sqlite3.connect(book)) as kit, closing(sqlite3.connect(shelf)) as products:
                if kit.execute("select 1 from kit").fetchone() and products.execute("select 1 from product").fetchone():
                    found.append(book)
        return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory):
    made = Shop(tmp_path_factory.mktemp("shop"))
    yield made
    assert made.app.stop(signal.SIGINT) == 0, "\n".join(made.app.lines)
    made.api.stop()


async def at_the_till(shop: Shop, visit: Visit, **how) -> Screen:
    """Leo, at a till that has what it needs to sell without a network."""
    before = len(shop.kits())
    cashier = await be(visit, shop.app.url, "Leo", **how)
    await cashier.sees("Scan or type a code")
    async with asyncio.timeout(60):
        while len(shop.kits()) == before:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.1)
    return cashier


async def use_up(shop: Shop, code: str) -> None:
    """Another till takes this code while the network is there."""
    async with httpx.AsyncClient(base_url=shop.url) as http:
        body = {"method": "pin", "store_id": "centro", "staff_number": "1001", "pin": "2468", "device_name": "other"}
        session = (await http.post("/v1/sign-in", json=body)).json()
        headers = {"Authorization": f"Bearer {session['access_token']}", "Idempotency-Key": "other"}
        answer = await http.post("/v1/till/identify", json={"code": code}, headers=headers)
        assert answer.status_code == 200, answer.text


async def test_a_till_sells_on_outlives_a_kill_and_shows_what_came_of_each_receipt(shop: Shop, visit: Visit):
    cashier = await at_the_till(shop, visit, desktop=True)
    ana, bruno = await people.sign_in(shop.url, "ana"), await people.sign_in(shop.url, "bruno")
    used = people.code_now(bruno)
    await use_up(shop, used)
    shop.api_away()
    try:
        await cashier.sees("You can go on selling")
        await cashier.scan(people.code_now(ana))
        await cashier.sees("Code is checked later", "offline: up to R$10.00")
        await cashier.page.keyboard.type("28.97", delay=20)
        await cashier.press("Enter")
        await cashier.sees("Earns at least", "May spend")
        await cashier.press("F8")
        await cashier.press("F9")
        await cashier.sees("This receipt is safe on this till", "earns at least")
        await cashier.press("Enter")
        await cashier.sees("1 receipt waits for the network.")
        await cashier.scan(used)
        await cashier.sees("Code is checked later")
        await cashier.page.keyboard.type("12.5", delay=20)
        await cashier.press("Enter")
        await cashier.sees("Earns at least")
        await cashier.press("F9")
        await cashier.sees("This receipt is safe on this till")
        shop.kill_app()
        await cashier.go(shop.app.url + "/till")
        await cashier.sees("2 receipts wait for the network.", "You can go on selling")
    finally:
        shop.api_back()
    await cashier.sees("1 receipt needs a look.", within=BACK)
    await cashier.opens("1 receipt needs a look.", "The code had been used for another receipt")
    await cashier.sees("Posted for Ana Souza", "Offline: up to R$10.00 a customer; R$200.00 left at this till.")
    await cashier.tap("I have read it")
    await cashier.sees("Read before")
    bought = await people.purchases(shop.url, ana)
    assert [each["redeemed"]["amount"] for each in bought if each["total"]["amount"] == 2_897] == [1_000], "once"
    assert not [each for each in await people.purchases(shop.url, bruno) if each["total"]["amount"] == 1_250]


async def test_a_phone_reads_a_code_by_its_camera_without_a_network_and_sends_the_receipt_afterwards(
    shop: Shop, visit: Visit, chromium: str, tmp_path: Path
):
    feed = tmp_path / "code.y4m"
    camera = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={feed}",
    )
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=chromium, args=[*FLAGS, *camera])
        try:
            cashier = await at_the_till(shop, visit, within=browser, desktop=True)  # where no camera is open yet
            ana = await people.sign_in(shop.url, "ana")
            shop.api_away()
            try:
                await cashier.sees("You can go on selling")
                people.film(people.code_now(ana), feed)
                await cashier.page.set_viewport_size(PHONE)
                await cashier.sees("Code is checked later", "offline: up to R$10.00")
                for key in ("3", "7"):
                    await cashier.tap(key)
                await cashier.tap("Food")
                await cashier.sees("earns at least")
                await cashier.tap("Confirm")
                await cashier.sees("This receipt is safe on this till")
            finally:
                shop.api_back()
            await cashier.sees("Posted for Ana Souza", within=BACK)
            bought = await people.purchases(shop.url, ana)
            assert [each["total"]["amount"] for each in bought].count(3_700) == 1
        finally:
            await browser.close()
