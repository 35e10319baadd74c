"""Unusual patterns are held, shown with their evidence, and released or taken back by a manager's word."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from api.ledger.verify import verify
from contract.members import Profile
from contract.money import Money
from tests.api.till.conftest import Device
from tests.support.shopping import campaign, line, publish, settle


async def publish_points(database, till) -> None:
    programme = await database.fetchval("select programme_id from programme")
    await publish(database, programme, till.clock.now(), campaign("points", reward={"kind": "points", "per": 100}))


async def clean(database) -> bool:
    async with database.connection() as connection:
        return not (await verify(connection)).findings


async def test_what_comes_too_fast_is_held_until_a_manager_clears_it(
    till, device, set_limits, look, desk_of, database, clock, programme, wallet_of, make_phone
):
    await publish(database, programme.programme_id, clock.now(), campaign("slow", pending_days=1))
    await database.execute("update campaign set state = 'ended' where campaign_id = 'base'")
    await set_limits(member_purchases_per_hour=2)
    for _ in range(3):
        await till.buy(device, line(10_000))
    assert await look() == 1
    assert await look() == 0, "looking twice holds a purchase once"
    clock.move(days=2)
    await settle(database, clock.now())
    assert await wallet_of(device) == (500, 1_000, 0), "the third one's cashback stays pending"

    manager = await desk_of("manager")  # the others' tokens are over by now
    phone = await make_phone(device.member)
    await phone.sync()
    assert sorted(p.review or "" for p in phone.purchases.values()) == ["", "", "checking"]

    (review,) = (await manager.get("/programme/reviews"))["items"]
    assert (review["kind"], review["state"]) == ("member_velocity", "open")
    assert review["evidence"] | {"receipt_number": ""} == {"count": 3, "limit": 2, "hours": 1, "receipt_number": ""}
    done = await manager.call("POST", f"/programme/reviews/{review['review_id']}/decision", {"decision": "cleared"})
    assert done.json()["state"] == "cleared"
    assert await wallet_of(device) == (0, 1_500, 0)
    again = await manager.call("POST", f"/programme/reviews/{review['review_id']}/decision", {"decision": "rejected"})
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert await clean(database)


async def test_what_is_rejected_is_taken_back_also_where_it_was_spent(
    till, device, set_limits, look, manager, database, clock, wallet_of
):
    await set_limits(member_purchases_per_hour=1)
    await till.buy(device, line(10_000))
    second = await till.buy(device, line(20_000))
    await till.buy(device, line(10_000), redeem=1_300)  # of 1,500; this one earns 500 and is held too
    await look()
    assert await wallet_of(device) == (700, 0, 0), "what is left of both waits, also what was available at once"
    (review,) = (await manager.get("/programme/reviews"))["items"]
    assert len(review["purchases"]) == 2
    body = {"decision": "rejected", "note": "One card for many shoppers"}
    assert (await manager.call("POST", f"/programme/reviews/{review['review_id']}/decision", body)).status_code == 200
    assert await wallet_of(device) == (0, 0, 800), "1,000 and 500 are taken back; 700 were left"
    refund = await till.post(f"purchases/{second['purchase_id']}/refunds", {})
    assert refund.json()["refund"]["clawed_back"]["amount"] == 0, "it is not taken back twice"
    assert await clean(database)


async def test_what_was_available_at_once_is_frozen_and_a_till_says_why(
    till, device, set_limits, look, manager, database, wallet_of, make_phone
):
    phone = await make_phone(device.member)
    await set_limits(member_purchases_per_hour=1)
    await till.buy(device, line(10_000))
    held = await till.buy(device, line(4_000))
    assert await wallet_of(device) == (0, 700, 0)
    await phone.sync()
    await look()
    assert await wallet_of(device) == (200, 500, 0)
    told = await phone.sync()
    assert [(lot.state, lot.held, lot.purchase_id) for lot in told.lots] == [("pending", True, held["purchase_id"])]
    assert phone.adds_up()

    refused = await till.post("purchases", till.basket(code=device.code(), redeem=600))
    assert refused.json()["code"] == "redeem_over_balance"
    assert refused.json()["params"] == {"available": 500, "currency": "BRL", "held": 200}
    assert "is being checked" in refused.json()["detail"]
    await till.buy(device, line(1_000, category="giftcard"), redeem=500)
    assert await wallet_of(device) == (200, 0, 0)

    (review,) = (await manager.get("/programme/reviews"))["items"]
    path = f"/programme/reviews/{review['review_id']}/decision"
    assert (await manager.call("POST", path, {"decision": "cleared"})).is_success
    assert await wallet_of(device) == (0, 200, 0)
    steps = "select kind from ledger.movement where purchase_id = $1 order by version"
    kinds = await database.fetch(steps, UUID(held["purchase_id"]))
    assert [row[0] for row in kinds] == ["accrual", "hold", "release"]
    assert not (await phone.sync()).lots[0].held
    assert phone.adds_up()
    assert await clean(database)


async def test_a_hold_reaches_what_is_pending_without_moving_it(
    till, device, set_limits, look, database, clock, programme, make_phone
):
    await publish(database, programme.programme_id, clock.now(), campaign("base", version=2, pending_days=9))
    phone = await make_phone(device.member)
    await set_limits(member_purchases_per_hour=1)
    for _ in range(2):
        await till.buy(device)
    await phone.sync()
    await look()
    assert [(lot.state, lot.held) for lot in (await phone.sync()).lots] == [("pending", True)]


async def test_what_a_held_purchase_had_paid_for_comes_back_frozen(
    till, device, set_limits, look, manager, database, wallet_of
):
    await set_limits(member_purchases_per_hour=2)
    spent = []
    for redeem in (0, 300, 100):
        spent.append(await till.buy(device, line(10_000 if not redeem else 2_000), redeem=redeem))
    await look()
    assert await wallet_of(device) == (100, 200, 0), "the third is held"
    hold = "select ledger.hold_purchase($1, $2, gen_random_uuid(), now())"
    await database.execute(hold, device.member.member_id, UUID(spent[0]["purchase_id"]))
    assert await wallet_of(device) == (200, 100, 0)
    await till.post(f"purchases/{spent[1]['purchase_id']}/refunds", {})
    assert await wallet_of(device) == (500, 0, 0), "300 came back into the lot that is held by now"
    assert await clean(database)


async def test_a_rejected_purchase_says_what_was_taken_everywhere(
    till, device, set_limits, look, manager, database, http, make_phone
):
    phone = await make_phone(device.member)
    await publish_points(database, till)
    await set_limits(member_purchases_per_hour=1)
    await till.buy(device)
    second = await till.buy(device, line(2_000), line(1_000))
    await look()
    (review,) = (await manager.get("/programme/reviews"))["items"]
    await manager.call("POST", f"/programme/reviews/{review['review_id']}/decision", {"decision": "rejected"})
    await phone.sync()
    bought = phone.purchases[second["purchase_id"]]
    assert (bought.state, bought.review) == ("rejected", "rejected")
    assert (bought.earned.amount, bought.clawed_back.amount) == (150, 150)
    assert [each.clawed_back.amount for each in bought.lines] == [100, 50]
    assert bought.points_clawed_back == Money(amount=30, currency="PTS")
    (month,) = (await http.get("/v1/me/months", headers=phone.headers)).json()["items"]
    assert month["earned"]["amount"] == 500
    statement = (await http.get("/v1/me/statement", headers=phone.headers)).json()
    assert [item["kind"] for item in statement["items"]] == ["accrual", "accrual", "hold", "clawback"]
    assert statement["closing"]["available"]["amount"] == 500
    assert phone.adds_up()
    assert await clean(database)


async def test_a_refund_of_a_held_purchase_leaves_nothing_to_take_back(
    till, device, set_limits, look, manager, database, wallet_of
):
    await set_limits(member_purchases_per_hour=1)
    await till.buy(device)
    second = await till.buy(device)
    await look()
    await till.post(f"purchases/{second['purchase_id']}/refunds", {})
    assert await wallet_of(device) == (0, 500, 0)
    (review,) = (await manager.get("/programme/reviews"))["items"]
    await manager.call("POST", f"/programme/reviews/{review['review_id']}/decision", {"decision": "rejected"})
    assert await wallet_of(device) == (0, 500, 0)
    assert await clean(database)


async def test_buying_and_bringing_back_again_and_again_is_held(till, device, set_limits, look, manager):
    await set_limits(refunds_per_week=1)
    for _ in range(2):
        bought = await till.buy(device)
        await till.post(f"purchases/{bought['purchase_id']}/refunds", {})
    await till.buy(device)
    assert await look() >= 1
    assert {each["kind"] for each in (await manager.get("/programme/reviews"))["items"]} == {"refund_loop"}


async def test_the_cashier_sees_why_a_receipt_is_being_checked(till, device, set_limits, look):
    await set_limits(same_pair_per_day=1)
    for _ in range(2):
        await till.buy(device)
    await look()
    listed = (await till.http.get("/v1/till/purchases", headers=till.headers)).json()["items"]
    assert [(each["review"], each["review_kind"]) for each in listed] == [("checking", "same_pair"), (None, None)]


async def test_nobody_serves_her_own_account(till, device, desk_of, manager, database):
    cashier = await database.fetchval("select staff_id from staff where role = 'cashier'")
    linked = await manager.call("POST", f"/programme/staff/{cashier}/accounts", {"member": device.member.contact})
    assert linked.json()["linked"] == 1
    for answer in (
        await till.identify(device.code()),
        await till.post("purchases", till.basket(code=device.code())),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "own_account")
    (review,) = (await manager.get("/programme/reviews", kind="own_account"))["items"]
    assert review["member_name"] == device.member.name
    assert not await database.fetchval("select count(*) from ledger.purchase")


async def test_one_receipt_number_on_two_members_is_recorded(till, device, make_member, sign_in_member, clock, manager):
    other = await make_member(name="Rui")
    second = Device(other, await sign_in_member(other), clock)
    await till.buy(device, receipt_number="R-7")
    answer = await till.post("purchases", till.basket(code=second.code(), receipt_number="R-7"))
    assert answer.json()["code"] == "receipt_already_posted"
    (review,) = (await manager.get("/programme/reviews"))["items"]
    assert (review["kind"], review["member_name"], review["evidence"]["first_member"]) == (
        "receipt_on_two_members",
        "Rui",
        device.member.name,
    )


async def test_a_new_device_earns_at_once_and_spends_later_and_both_sides_say_from_when(
    till, device, set_limits, sign_in_member, clock, http
):
    await till.buy(device)
    await set_limits(new_device_hours=24)
    new = Device(device.member, await sign_in_member(device.member, device_name="another"), clock)
    opens = clock.now() + timedelta(hours=24)
    shown = new.signed_in.session.member
    assert shown is not None
    assert abs(shown.spending_opens_at - opens) < timedelta(milliseconds=2), "the device itself says so"
    changes = (await http.get("/v1/me/changes", headers=new.signed_in.headers)).json()
    assert Profile.model_validate(changes["profile"], strict=False).spending_opens_at == shown.spending_opens_at
    first = (await http.get("/v1/me", headers=device.signed_in.headers)).json()
    assert first["spending_opens_at"] is None, "there was nothing to steal before it"

    found = (await till.identify(new.code())).json()
    assert (found["can_spend"], found["spending_opens_at"]) == (False, changes["profile"]["spending_opens_at"])
    quoted = (await till.post("quotes", till.basket(identification=found["identification"]))).json()
    assert quoted["may_spend"]["amount"] == 0
    for by in ({"identification": found["identification"]}, {"code": new.code(steps_ago=-1)}):
        clock.move(seconds=30)
        refused = await till.post("purchases", till.basket(redeem=100, **by))
        assert (refused.status_code, refused.json()["code"]) == (422, "spend_new_device")
        assert refused.json()["params"]["opens_at"].startswith(f"{opens:%Y-%m-%dT%H:%M}")
    clock.move(seconds=60)
    await till.buy(device, redeem=100)
    await till.buy(new)
    clock.move(minutes=4)
    assert (await till.identify(device.code())).json()["spending_opens_at"] is None


async def test_a_manager_does_not_decide_about_her_own_work(
    till, device, desk_of, sign_in_staff, set_limits, look, manager
):
    till.headers = manager.headers
    await set_limits(same_pair_per_day=1)
    for _ in range(2):
        await till.buy(device)
    await look()
    (review,) = (await manager.get("/programme/reviews"))["items"]
    path = f"/programme/reviews/{review['review_id']}/decision"
    assert (await manager.call("POST", path, {"decision": "cleared"})).status_code == 403
    other = await desk_of("manager")
    assert (await other.call("POST", path, {"decision": "cleared"})).status_code == 200


async def test_settings_are_versions_and_the_second_writer_is_told(manager, desk_of):
    other = await desk_of("manager")
    body = (await manager.get("/programme/settings"))["body"]
    first = await manager.call("PUT", "/programme/settings", {"version": 0, "body": {**body, "refund_limit": 5_000}})
    assert (first.json()["version"], first.json()["changed_by"]) == (1, "Marta")
    late = await other.call("PUT", "/programme/settings", {"version": 0, "body": body})
    assert (late.status_code, late.json()["code"]) == (409, "settings_changed")
