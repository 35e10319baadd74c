"""Spending above her limit: the till asks, she answers on her own phone, and the till goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.e2e import people
from tests.e2e.conftest import Visit
from tests.e2e.process import Running
from tests.e2e.test_main_job import be


@pytest.fixture
async def phones_spend_at_once(kierto: Running) -> AsyncIterator[None]:
    """For as long as the test lasts no new device has to wait before it may spend."""
    marta = await people.sign_in(kierto.url, "marta")
    headers = {"Authorization": f"Bearer {marta.access_token}"}
    async with httpx.AsyncClient(base_url=kierto.url, timeout=30, headers=headers) as http:

        async def set_hours(hours: int) -> int:
            found = (await http.get("/v1/programme/settings")).raise_for_status().json()
            wanted = {"version": found["version"], "body": {**found["body"], "new_device_hours": hours}}
            (await http.put("/v1/programme/settings", json=wanted)).raise_for_status()
            return int(found["body"]["new_device_hours"])

        before = await set_hours(0)
        yield
        await set_hours(before)


@pytest.mark.usefixtures("phones_spend_at_once")
async def test_the_phone_refuses_then_allows_and_the_till_offers_less_or_posts(kierto: Running, visit: Visit):
    phone = await be(visit, kierto.url, "Ana Souza")
    cashier = await be(visit, kierto.url, "Leo", desktop=True)
    device = await people.sign_in(kierto.url, "ana")
    await phone.tap("Purchases")
    await cashier.sees("Scan or type a code")
    await cashier.fill("Scan or type a code", people.code_now(device))
    await cashier.press("Enter")
    await cashier.sees("Ana Souza", "Amount")
    await cashier.page.keyboard.type("100", delay=20)
    await cashier.press("Enter")
    await cashier.sees("Earns")

    await cashier.press("F8")
    await cashier.sees("Above R$20.00 the member has to allow it in the app first.")
    await cashier.press("F9")
    await cashier.sees("Waiting for Ana Souza to allow")
    await phone.sees("Centro asks to spend", "of your cashback", "left")
    await phone.tap("Refuse")
    await cashier.sees("Ana Souza did not allow")
    await cashier.tap("Spend up to R$20.00 instead")
    await cashier.sees("Confirm R$80.00")
    await phone.sees_no("asks to spend")

    await cashier.press("F8")
    await cashier.sees("Above R$20.00")
    await cashier.press("F9")
    await phone.sees("Centro asks to spend")
    await phone.tap("Allow")
    await phone.sees("The till goes on by itself.")
    await cashier.sees("New balance", "Next customer")
    bought = next(each for each in await people.purchases(kierto.url, device) if each["total"]["amount"] == 10_000)
    assert bought["redeemed"]["amount"] > 2_000
