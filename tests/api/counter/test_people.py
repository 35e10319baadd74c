"""Who may do what: roles, a second person's word, a quick change of cashier, and the trail that all of it leaves."""

from __future__ import annotations

import pytest

from tests.api.till.conftest import Device


async def test_a_manager_adds_changes_and_ends_staff_of_her_own_store(manager, desk_of, http):
    new = {"store_id": "centro", "staff_number": "77", "name": "Bia", "pin": "1357"}
    added = (await manager.call("POST", "/programme/staff", new)).json()
    assert (added["role"], added["active"]) == ("cashier", True)
    twice = await manager.call("POST", "/programme/staff", new)
    assert twice.json()["code"] == "staff_number_taken"
    elsewhere = await manager.call("POST", "/programme/staff", {**new, "store_id": "jardins"})
    assert elsewhere.status_code == 403
    signed_in = await sign_in(http, "77", "1357")
    assert signed_in.status_code == 200
    headers = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    path = f"/programme/staff/{added['staff_id']}"
    assert (await manager.call("PATCH", path, {"role": "supervisor"})).json()["role"] == "supervisor"
    assert (await http.get("/v1/till/purchases", headers=headers)).json()["code"] == "session_ended"
    await manager.call("PATCH", path, {"pin": "9753"})
    assert (await sign_in(http, "77", "1357")).json()["code"] == "pin_wrong"
    assert (await sign_in(http, "77", "9753")).json()["staff"]["role"] == "supervisor"
    assert (await manager.call("PATCH", path, {"active": False})).json()["active"] is False
    assert (await sign_in(http, "77", "9753")).json()["code"] == "pin_wrong"


async def sign_in(http, number: str, pin: str):
    body = {"method": "pin", "store_id": "centro", "staff_number": number, "pin": pin}
    return await http.post("/v1/sign-in", json=body)


async def test_a_manager_of_all_stores_looks_after_every_store_and_nobody_after_herself(desk_of):
    own = await desk_of("manager")
    chief = await desk_of("manager", everywhere=True)
    other = await desk_of("cashier", store_id="jardins")
    path = f"/programme/staff/{other.staff.staff_id}"
    assert (await own.call("PATCH", path, {"name": "X"})).status_code == 404
    assert (await chief.call("PATCH", path, {"name": "X"})).json()["name"] == "X"
    assert len((await chief.get("/programme/staff"))["items"]) == 3
    assert len((await own.get("/programme/staff"))["items"]) == 2
    mine = await chief.call("PATCH", f"/programme/staff/{chief.staff.staff_id}", {"role": "cashier"})
    assert mine.status_code == 403


async def test_a_refund_above_the_limit_needs_a_supervisor(till, device, desk_of, set_limits):
    await set_limits(refund_limit=5_000)
    supervisor = await desk_of("supervisor", staff_number="8", pin="1122")
    bought = await till.buy(device)
    path = f"purchases/{bought['purchase_id']}/refunds"
    refused = await till.post(path, {}, "k1")
    assert (refused.status_code, refused.json()["code"]) == (403, "approval_needed")
    assert refused.json()["params"]["limit"] == 5_000
    wrong = await till.post(path, {"approval": {"staff_number": "8", "pin": "0000"}}, "k1")
    assert wrong.json()["code"] == "approval_wrong"
    done = await till.post(path, {"approval": {"staff_number": "8", "pin": "1122"}}, "k1")
    assert done.status_code == 201
    assert (await till.post(path, {}, "k1")).headers["Idempotent-Replayed"] == "true"
    again = await till.buy(device)
    till.headers = supervisor.headers
    assert (await till.post(f"purchases/{again['purchase_id']}/refunds", {})).status_code == 201


async def test_cashback_by_hand_needs_a_reason_and_two_people(till, device, desk_of, wallet_of, manager, database):
    one = await desk_of("supervisor", staff_number="8", pin="1122")
    await desk_of("supervisor", staff_number="9", pin="3344")
    cashier_headers, till.headers = till.headers, one.headers
    found = (await till.identify(device.code())).json()["identification"]
    body = {"identification": found, "amount": 750, "reason": "Scanner was broken", "approval": {"staff_number": "9"}}
    good = {**body, "approval": {"staff_number": "9", "pin": "3344"}}
    for approval, code in (
        ({"staff_number": "8", "pin": "1122"}, "approval_wrong"),
        ({"staff_number": "9", "pin": "1234"}, "approval_wrong"),
    ):
        assert (await till.post("credits", {**body, "approval": approval})).json()["code"] == code
    assert (await till.post("credits", {**good, "reason": ""})).status_code == 422
    done = await till.post("credits", good, "c1")
    assert done.json()["amount"] == {"amount": 750, "currency": "BRL"}
    assert (await till.post("credits", good, "c1")).status_code == 201
    assert (await till.post("credits", {**good, "amount": 800}, "c1")).json()["code"] == "idempotency_key_reused"
    assert await wallet_of(device) == (0, 750, 0)
    till.headers = cashier_headers
    assert (await till.post("credits", good)).status_code == 403
    (entry,) = (await manager.get("/programme/audit", action="credit"))["items"]
    assert entry["evidence"]["reason"] == "Scanner was broken"
    assert "3344" not in str(await database.fetch("select * from audit"))


async def test_a_till_changes_hands_and_keeps_its_customer(till, device, desk_of, http, database):
    found = (await till.identify(device.code())).json()["identification"]
    await desk_of("supervisor", staff_number="8", pin="1122", name="Rosa")
    wrong = await till.post("switch", {"staff_number": "8", "pin": "9999"})
    assert wrong.json()["code"] == "pin_wrong"
    switched = (await till.post("switch", {"staff_number": "8", "pin": "1122"})).json()
    assert (switched["staff"]["name"], switched["staff"]["staff_number"]) == ("Rosa", "8")
    till.headers = {"Authorization": f"Bearer {switched['access_token']}"}
    bought = await till.post("purchases", till.basket(identification=found))
    assert bought.status_code == 201, bought.text
    by = await database.fetchval("select s.name from ledger.purchase join staff s using (staff_id)")
    assert by == "Rosa"
    renewed = await http.post("/v1/sign-in/refresh", json={"refresh_token": switched["refresh_token"]})
    assert renewed.json()["staff"]["name"] == "Rosa"


async def test_the_trail_says_who_did_what_where_and_nobody_can_change_it(till, device, manager, database):
    bought = await till.buy(device)
    await till.post(f"purchases/{bought['purchase_id']}/refunds", {"reason": "bruised"})
    trail = await manager.get("/programme/audit", limit=3)
    assert [each["action"] for each in trail["items"]] == ["refund", "purchase", "identify"] or trail["next_cursor"]
    seen = trail["items"]
    while trail["next_cursor"]:
        trail = await manager.get("/programme/audit", limit=3, cursor=trail["next_cursor"])
        seen += trail["items"]
    assert len({each["entry_id"] for each in seen}) == len(seen)
    assert {each["action"] for each in seen} == {"sign_in", "identify", "purchase", "refund"}
    refund = next(each for each in seen if each["action"] == "refund")
    assert (refund["staff_name"], refund["member_name"], refund["store_id"]) == ("Leo", device.member.name, "centro")
    assert refund["evidence"]["reason"] == "bruised"
    only = await manager.get("/programme/audit", action="purchase", store_id="centro")
    assert [each["subject"] for each in only["items"]] == [bought["purchase_id"]]
    assert (await manager.get("/programme/audit", store_id="jardins"))["items"] == []
    for statement in ("update audit set action = 'x'", "delete from audit"):
        with pytest.raises(Exception, match="permission denied"):
            await database.execute(statement)


async def test_a_member_who_says_her_phone_number_earns_and_does_not_spend(
    till, make_member, sign_in_member, clock, wallet_of
):
    member = await make_member(contact="+5511912345678")
    device = Device(member, await sign_in_member(member), clock)
    await till.buy(device)
    found = await till.post("identify", {"contact": "+55 (11) 91234-5678"}, "k")
    assert (found.status_code, found.json()["can_spend"]) == (200, False), found.text
    assert (await till.post("identify", {"contact": "+5511912345678"}, "k")).json() == found.json()
    named = {"identification": found.json()["identification"]}
    quoted = await till.http.post("/v1/till/quotes", json=till.basket(**named), headers=till.headers)
    assert quoted.json()["may_spend"]["amount"] == 0
    assert (await till.post("purchases", till.basket(**named, redeem=100))).json()["code"] == "redeem_not_allowed"
    assert (await till.post("purchases", till.basket(**named))).status_code == 201
    assert await wallet_of(device) == (0, 1_000, 0)
    unknown = await till.post("identify", {"contact": "nobody@example.com"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "member_unknown")
    assert (await till.post("identify", {"contact": "a@b.com", "code": "x"})).status_code == 422


async def test_someone_joins_at_the_till_in_two_fields(till, app, make_member):
    new = await till.post("members", {"name": "Clara Dias", "contact": "Clara@Example.com"}, "k")
    assert (new.status_code, new.json()["member_name"], new.json()["can_spend"]) == (201, "Clara Dias", False)
    assert (
        await till.post("members", {"name": "Clara Dias", "contact": "clara@example.com"}, "k")
    ).json() == new.json()
    bought = await till.post("purchases", till.basket(identification=new.json()["identification"]))
    assert bought.json()["earned"]["amount"] == 500
    assert [mail.to for mail in app.state.mail.mails] == ["clara@example.com"]
    again = await till.post("members", {"name": "C", "contact": "clara@example.com"})
    assert (again.status_code, again.json()["code"]) == (409, "member_exists")
