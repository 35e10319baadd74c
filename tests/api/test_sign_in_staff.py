"""Staff sign in with a PIN, and a guesser is locked out."""

from __future__ import annotations

import asyncio


def body(staff, pin: str | None = None) -> dict:
    return {"method": "pin", "store_id": staff.store_id, "staff_number": staff.staff_number, "pin": pin or staff.pin}


async def test_staff_sign_in_at_their_store(http, make_staff):
    staff = await make_staff(role="manager", name="Marta")
    answer = await http.post("/v1/sign-in", json=body(staff))
    assert answer.status_code == 200
    session = answer.json()
    assert session["kind"] == "staff"
    assert session["member"] is None
    assert session["staff"]["role"] == "manager"
    assert session["staff"]["store_name"] == "Centro"
    assert session["staff"]["currency"] == "BRL"


async def test_a_wrong_pin_and_an_unknown_number_are_refused_alike(http, make_staff):
    staff = await make_staff()
    wrong = await http.post("/v1/sign-in", json=body(staff, "1111"))
    unknown = await http.post("/v1/sign-in", json={**body(staff), "staff_number": "77777777"})
    other_store = await http.post("/v1/sign-in", json={**body(staff), "store_id": "jardins"})
    for answer in (wrong, unknown, other_store):
        assert answer.status_code == 401
        assert answer.json()["code"] == "pin_wrong"
    assert wrong.json()["detail"] == unknown.json()["detail"]


async def fail_five_times(http, staff):
    return [await http.post("/v1/sign-in", json=body(staff, "1111")) for _ in range(5)]


async def test_five_wrong_pins_lock_for_fifteen_minutes_then_for_twice_as_long(http, make_staff, clock):
    staff = await make_staff()
    answers = await fail_five_times(http, staff)
    assert [answer.json()["code"] for answer in answers] == ["pin_wrong"] * 4 + ["pin_locked"]
    locked = await http.post("/v1/sign-in", json=body(staff))
    assert locked.status_code == 429
    assert locked.json()["code"] == "pin_locked"
    assert locked.json()["params"] == {"minutes": 15}
    assert locked.headers["retry-after"] == "900"
    clock.move(minutes=15)
    assert (await fail_five_times(http, staff))[-1].json()["params"] == {"minutes": 30}
    clock.move(minutes=29)
    assert (await http.post("/v1/sign-in", json=body(staff))).json()["params"] == {"minutes": 1}
    clock.move(minutes=1)
    assert (await http.post("/v1/sign-in", json=body(staff))).status_code == 200
    assert (await fail_five_times(http, staff))[-1].json()["params"] == {"minutes": 15}, "signing in forgets"


async def test_many_guesses_at_once_are_no_more_than_five(http, make_staff, database):
    staff = await make_staff()
    answers = await asyncio.gather(*(http.post("/v1/sign-in", json=body(staff, f"{n:04d}")) for n in range(20)))
    assert [answer.json()["code"] for answer in answers].count("pin_wrong") == 4
    assert await database.fetchval("select failed_attempts from staff") == 5


async def test_members_and_staff_do_not_reach_each_others_routes(
    http, make_member, make_staff, sign_in_member, sign_in_staff
):
    member = await sign_in_member(await make_member())
    staff = await sign_in_staff(await make_staff())
    for path, headers in (("/v1/me", staff.headers), ("/v1/till/purchases", member.headers)):
        answer = await http.get(path, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["code"] == "not_allowed"
