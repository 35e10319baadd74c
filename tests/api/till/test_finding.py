"""A receipt is found by its number, by its member in whatever words, and by its day; never another store's."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.people import SignedIn
from tests.support.shopping import line


@pytest.fixture
def found(till):
    async def find(**wanted: str) -> list[int]:
        answer = await till.http.get("/v1/till/purchases", params=wanted, headers=till.headers)
        assert answer.status_code == 200, answer.text
        return [each["total"]["amount"] for each in answer.json()["items"]]

    return find


async def test_a_member_is_found_by_contact_number_code_and_name(till, device, found) -> None:
    await till.buy(device, line(10_000))
    code = device.code()
    number = code.removeprefix("KIERTO")[:10]
    for said in (device.member.contact, device.member.contact.upper(), number, code, "Ana Souza", "souza"):
        assert await found(member=said) == [10_000], said
    for said in ("nobody@example.com", "0000000001", "Zacarias", "%", "+55 11 90000-0000"):
        assert await found(member=said) == [], said
    assert (await till.identify(code)).status_code == 200  # looking for her receipts has not used her code up


async def test_a_day_is_the_programmes_own_and_narrows_with_the_member(
    till, device, found, clock, make_staff, sign_in_staff
) -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    first = clock.now().astimezone(zone).date()
    await till.buy(device, line(10_000))
    clock.move(hours=24)
    till.headers = (await sign_in_staff(await make_staff())).headers  # the token was over
    await till.buy(device, line(2_000))
    assert await found(day=first.isoformat()) == [10_000]
    assert await found(day=(first + timedelta(1)).isoformat(), member="ana") == [2_000]
    assert await found(day=(first - timedelta(1)).isoformat()) == []
    assert await found(member="ana") == [2_000, 10_000]


async def test_another_store_finds_nothing_of_it(till, device, found, make_staff, sign_in_staff) -> None:
    receipt = await till.buy(device, line(10_000))
    other: SignedIn = await sign_in_staff(await make_staff(store_id="jardins"))
    till.headers = other.headers
    assert await found(member=device.member.contact) == []
    assert await found(receipt_number=receipt["receipt_number"]) == []
