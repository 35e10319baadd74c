"""A member's code is accepted once, soon, at one till; anything else is refused with what to do."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.people import make_programme


async def test_a_fresh_code_finds_the_member_with_what_she_may_spend(till, device) -> None:
    answer = await till.identify(device.code())
    assert answer.status_code == 200
    body = answer.json()
    assert body["member_name"] == "Ana Souza"
    assert body["wallet"]["available"] == {"amount": 0, "currency": "BRL"}
    assert body["can_spend"] is False


async def test_digits_typed_with_spaces_are_the_same_code(till, device) -> None:
    digits = device.code().removeprefix("KIERTO")
    answer = await till.identify(f"{digits[:4]} {digits[4:10]}-{digits[10:]}")
    assert answer.status_code == 200


async def test_a_code_of_the_half_minute_before_is_good(till, device) -> None:
    assert (await till.identify(device.code(steps_ago=1))).status_code == 200


async def test_a_code_is_accepted_once(till, device) -> None:
    code = device.code()
    assert (await till.identify(code)).status_code == 200
    again = await till.identify(code)
    assert (again.status_code, again.json()["code"]) == (409, "code_used")


async def test_a_code_from_before_an_accepted_one_is_used_too(till, device) -> None:
    older = device.code(steps_ago=1)
    assert (await till.identify(device.code())).status_code == 200
    assert (await till.identify(older)).json()["code"] == "code_used"


async def test_a_retry_with_the_same_key_finds_the_same_member_again(till, device) -> None:
    code = device.code()
    first = await till.identify(code, key="once")
    second = await till.identify(code, key="once")
    assert second.status_code == 200
    assert second.json()["identification"] == first.json()["identification"]


async def test_a_key_used_for_another_code_is_refused(till, device) -> None:
    await till.identify(device.code(), key="once")
    till.clock.move(seconds=40)
    answer = await till.identify(device.code(), key="once")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize("steps_ago", [2, 5, 20])
async def test_an_old_code_is_refused_as_old(till, device, steps_ago) -> None:
    answer = await till.identify(device.code(steps_ago))
    assert (answer.status_code, answer.json()["code"]) == (422, "code_old")


@pytest.mark.parametrize("text", ["hello", "KIERTO123", "7894900011517", "KIERTO" + "1" * 19, "٣" * 19])
async def test_what_is_no_code_is_refused_as_malformed(till, device, text) -> None:
    answer = await till.identify(text)
    assert (answer.status_code, answer.json()["code"]) == (422, "code_malformed")


async def test_a_code_that_no_device_made_is_refused(till, device, make_member, sign_in_member) -> None:
    from contract.member_code import MemberCode

    answer = await till.identify(MemberCode(device.member.member_number, "00000000").text)
    assert answer.json()["code"] in {"code_unknown", "code_old"}
    nobody = await till.identify(MemberCode("0000000000", "12345678").text)
    assert nobody.json()["code"] == "code_unknown"


async def test_a_code_of_another_chain_is_refused(till, database, clock, make_member, sign_in_member) -> None:
    from tests.api.till.conftest import Device

    other = await make_programme(database, clock, slug="pohjola")
    member = await make_member(programme=other)
    stranger = Device(member, await sign_in_member(member), clock)
    answer = await till.identify(stranger.code())
    assert (answer.status_code, answer.json()["code"]) == (422, "code_other_programme")


async def test_a_signed_out_device_makes_no_good_codes(till, device, http) -> None:
    assert (await http.post("/v1/sign-out", headers=device.signed_in.headers)).status_code == 204
    assert (await till.identify(device.code())).json()["code"] == "device_signed_out"


async def test_the_till_hears_of_a_birthday_and_the_offers_that_fit_here_and_now(till, device, database, clock) -> None:
    for days, said in ((0, "today"), (5, "soon"), (-5, "just_been"), (40, None)):
        clock.move(seconds=31)
        today = clock.now().astimezone(ZoneInfo("America/Sao_Paulo")).date()
        born = (today + timedelta(days)).replace(year=1988)
        await database.execute("update member set birthday = $2 where member_id = $1", device.member.member_id, born)
        found = (await till.identify(device.code())).json()
        assert found["birthday"] == said
    assert 0 < len(found["offers"]) <= 4
    assert {each["state"] for each in found["offers"]} <= {"open", "activated"}
    assert not any(each["channels"] == ["web"] for each in found["offers"])


async def test_only_tills_may_identify(http, device) -> None:
    body = {"code": device.code()}
    headers = {"Idempotency-Key": "k"}
    assert (await http.post("/v1/till/identify", json=body, headers=headers)).status_code == 401
    member = await http.post("/v1/till/identify", json=body, headers={**headers, **device.signed_in.headers})
    assert member.status_code == 403
