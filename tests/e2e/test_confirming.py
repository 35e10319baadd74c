"""Spending above her limit: the till asks, she answers on her own phone, and the till goes on."""

from __future__ import annotations

from tests.e2e import people
from tests.e2e.conftest import Visit
from tests.e2e.process import Running
from tests.e2e.test_main_job import be


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
