"""Every route of an account: for members only, or for managers only, and for nobody else's things."""

from __future__ import annotations

import uuid

import pytest

from tests.support import shopping

NOBODYS = str(uuid.UUID(int=7))
MEMBERS = [
    ("PATCH", "/v1/me", {"name": "x"}),
    ("DELETE", "/v1/me", {"code": "123456"}),
    ("GET", "/v1/me/leaving", None),
    ("POST", "/v1/me/leaving/code", None),
    ("POST", "/v1/me/leaving/stay", None),
    ("GET", "/v1/me/devices", None),
    ("DELETE", "/v1/me/devices", None),
    ("DELETE", f"/v1/me/devices/{NOBODYS}", None),
    ("GET", "/v1/me/consents", None),
    ("PUT", "/v1/me/consents", {}),
    ("GET", "/v1/me/exports", None),
    ("POST", "/v1/me/exports", None),
    ("GET", f"/v1/me/exports/{NOBODYS}", None),
    ("GET", f"/v1/me/exports/{NOBODYS}/file", None),
    ("GET", "/v1/me/claims", None),
    ("POST", "/v1/me/claims", {"kind": "amount", "purchase_id": NOBODYS}),
    ("GET", f"/v1/me/purchases/{NOBODYS}/feedback", None),
    ("PUT", f"/v1/me/purchases/{NOBODYS}/feedback", {"rating": 5}),
]
MANAGERS = [
    ("GET", "/v1/programme/claims", None),
    ("POST", f"/v1/programme/claims/{NOBODYS}/decision", {"accepted": False, "reason": "other"}),
    ("GET", "/v1/programme/feedback", None),
]


async def send(http, method, path, body, headers):
    more = {} if body is None else {"json": body}
    return await http.request(method, path, headers={**headers, "Idempotency-Key": "k"}, **more)


async def test_members_routes_are_for_members_and_managers_for_managers(
    http, make_member, sign_in_member, make_staff, sign_in_staff
):
    cashier = await sign_in_staff(await make_staff(role="cashier"))
    member = await sign_in_member(await make_member())
    for method, path, body in MEMBERS + MANAGERS:
        assert (await send(http, method, path, body, {})).json()["code"] == "not_signed_in", path
        assert (await send(http, method, path, body, cashier.headers)).json()["code"] == "not_allowed", path
    for method, path, body in MANAGERS:
        assert (await send(http, method, path, body, member.headers)).json()["code"] == "not_allowed", path


async def test_who_has_left_can_do_nothing_more(http, database, clock, make_member, sign_in_member):
    ana = await make_member()
    me = await sign_in_member(ana)
    await database.execute("update member set closed_at = $2 where member_id = $1", ana.member_id, clock.now())
    for method, path, body in MEMBERS:
        if "devices" in path or (path.endswith((NOBODYS, "file", "feedback", "exports")) and method == "GET"):
            continue  # these find nothing
        answer = await send(http, method, path, body, me.headers)
        assert answer.status_code in (401, 404) or answer.json()["items"] == [], f"{method} {path}: {answer.text}"


@pytest.mark.parametrize("what", ["feedback", "claim"])
async def test_a_purchase_of_somebody_else_is_not_there(http, database, clock, make_member, sign_in_member, what):
    ana, bruno = await make_member(), await make_member()
    bought = await shopping.buy(database, ana, clock.now())
    me = await sign_in_member(bruno)
    if what == "feedback":
        answer = await send(http, "PUT", f"/v1/me/purchases/{bought}/feedback", {"rating": 1}, me.headers)
    else:
        answer = await send(http, "POST", "/v1/me/claims", {"kind": "amount", "purchase_id": str(bought)}, me.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_manager_of_another_programme_sees_no_claim(
    http, database, clock, make_member, sign_in_member, make_staff, sign_in_staff
):
    from tests.support import people

    ana = await make_member()
    bought = await shopping.buy(database, ana, clock.now())
    me = await sign_in_member(ana)
    body = {"kind": "amount", "purchase_id": str(bought)}
    made = (await send(http, "POST", "/v1/me/claims", body, me.headers)).json()
    other = await people.make_programme(database, clock, slug="borealis")
    manager = await sign_in_staff(await make_staff(role="manager", programme=other))
    assert (await http.get("/v1/programme/claims", headers=manager.headers)).json()["items"] == []
    path = f"/v1/programme/claims/{made['claim_id']}/decision"
    answer = await send(http, "POST", path, {"accepted": True, "amount": 100}, manager.headers)
    assert answer.status_code == 404
