"""Something is missing: a claim is made in time, once, and answered with a reason or with money."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.ledger.verify import verify
from contract.claims import Claim, Claims, ProgrammeClaim, ProgrammeClaims
from tests.support import shopping


@pytest.fixture
async def ana(database, clock, make_member):
    member = await make_member(name="Ana Souza")
    await shopping.publish(database, member.programme_id, clock.now(), shopping.campaign())
    return member


@pytest.fixture
async def manager(make_staff, sign_in_staff):
    return await sign_in_staff(await make_staff(role="manager"))


MISSING = {"kind": "missing", "store_id": "centro", "day": "2026-03-09", "receipt_number": " C-7 ", "total": 8_000}


async def claim(http, me, key="k1", **more):
    return await http.post("/v1/me/claims", json={**MISSING, **more}, headers={**me.headers, "Idempotency-Key": key})


async def decide(http, manager, claim_id, key="d1", **decision):
    path = f"/v1/programme/claims/{claim_id}/decision"
    return await http.post(path, json=decision, headers={**manager.headers, "Idempotency-Key": key})


async def test_a_missing_purchase_that_is_accepted_is_posted_by_the_rules_of_its_day(
    http, database, clock, ana, make_phone, manager
):
    phone = await make_phone(ana)
    made = Claim.model_validate_json((await claim(http, phone, note="The scanner was broken")).content)
    assert (made.state, made.receipt_number, made.due_at - made.asked_at) == ("open", "C-7", timedelta(days=7))
    listed = ProgrammeClaims.model_validate_json(
        (await http.get("/v1/programme/claims?state=open", headers=manager.headers)).content
    ).items
    assert [(each.member_name, each.posted, each.purchases, each.claims) for each in listed] == [
        ("Ana Souza", "no", 0, 1)
    ]
    done = await decide(http, manager, made.claim_id, accepted=True, words="Sorry for that")
    assert done.status_code == 200, done.text
    answer = ProgrammeClaim.model_validate_json(done.content)
    assert (answer.state, answer.given.amount, answer.words) == ("accepted", 400, "Sorry for that")
    told = await phone.sync()
    assert told.wallet.available.amount == 400
    assert [each.purchase_id for each in told.purchases] == [answer.purchase_id]
    again = await decide(http, manager, made.claim_id, "d2", accepted=True, words="Sorry for that")
    assert again.status_code == 200
    other = await decide(http, manager, made.claim_id, "d3", accepted=False, reason="other")
    assert (other.status_code, other.json()["code"]) == (409, "already_decided")
    assert (await phone.sync()).wallet.available.amount == 400, "paid once"


async def test_an_amount_that_was_wrong_is_made_good_by_a_correction(http, database, clock, ana, make_phone, manager):
    phone = await make_phone(ana)
    bought = await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    made = (await claim(http, phone, kind="amount", purchase_id=str(bought))).json()
    nothing = await decide(http, manager, made["claim_id"], accepted=True)
    assert (nothing.status_code, nothing.json()["errors"][0]["field"]) == (422, "amount")
    assert (await decide(http, manager, made["claim_id"], accepted=True, amount=250)).json()["given"]["amount"] == 250
    await phone.sync()
    assert phone.wallet.available.amount == 750
    assert phone.adds_up()
    assert "Correction" in [lot.name for lot in phone.lots.values()]
    async with database.connection() as connection:
        assert (await verify(connection)).findings == []
    who = await database.fetchrow("select staff_id, reason, amount, purchase_id from ledger.adjustment")
    assert (who["amount"], who["purchase_id"]) == (250, bought)
    assert made["claim_id"] in who["reason"]
    assert who["staff_id"] is not None


async def test_a_refusal_gives_its_reason(http, ana, sign_in_member, manager):
    me = await sign_in_member(ana)
    made = (await claim(http, me)).json()
    assert (await decide(http, manager, made["claim_id"], accepted=False)).status_code == 422
    await decide(http, manager, made["claim_id"], accepted=False, reason="not_found", words="No such receipt")
    mine = Claims.model_validate_json((await http.get("/v1/me/claims", headers=me.headers)).content)
    assert [(each.state, each.reason, each.words, each.given) for each in mine.items] == [
        ("refused", "not_found", "No such receipt", None)
    ]
    assert (mine.days, [store.name for store in mine.stores]) == (30, ["Centro", "Jardins", "Webshop"])


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"day": "2026-02-07"}, 409, "claim_too_late"),
        ({"day": "2026-03-11"}, 422, "invalid_input"),
        ({"store_id": "nowhere"}, 422, "store_unknown"),
        ({"total": None}, 422, "invalid_input"),
        ({"kind": "amount"}, 422, "invalid_input"),
        ({"kind": "amount", "purchase_id": "no-id"}, 404, "not_found"),
    ],
)
async def test_a_claim_that_cannot_be_is_refused(http, ana, sign_in_member, change, status, code):
    answer = await claim(http, await sign_in_member(ana), **change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_retry_is_one_claim_and_a_second_about_the_same_receipt_is_refused(http, ana, sign_in_member, database):
    me = await sign_in_member(ana)
    first, retried = await claim(http, me), await claim(http, me)
    assert first.json() == retried.json()
    assert retried.headers["idempotent-replayed"] == "true"
    assert (await claim(http, me, total=9_000)).json()["code"] == "idempotency_key_reused"
    assert (await claim(http, me, "k2")).json()["code"] == "claim_made"


async def test_what_is_there_already_is_not_claimed_and_somebody_elses_is_only_for_the_manager_to_see(
    http, database, clock, ana, make_member, sign_in_member, manager
):
    bruno = await make_member()
    await shopping.buy(database, ana, clock.now(), receipt_number="C-7")
    assert (await claim(http, await sign_in_member(ana))).json()["code"] == "receipt_already_posted"
    made = await claim(http, await sign_in_member(bruno))
    assert made.status_code == 201
    listed = (await http.get("/v1/programme/claims", headers=manager.headers)).json()["items"]
    assert [each["posted"] for each in listed] == ["other_member"]
    refused = await decide(http, manager, made.json()["claim_id"], accepted=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "receipt_already_posted")
    still = (await http.get("/v1/programme/claims?state=open", headers=manager.headers)).json()["items"]
    assert len(still) == 1, "a decision that cannot be carried out is none"


async def test_feedback_is_given_once_and_may_be_changed_for_a_day(http, database, clock, ana, make_phone, manager):
    phone = await make_phone(ana)
    bought = await shopping.buy(database, ana, clock.now(), receipt_number="C-1")
    path = f"/v1/me/purchases/{bought}/feedback"
    assert (await http.get(path, headers=phone.headers)).status_code == 404
    assert (await http.put(path, json={"rating": 4}, headers=phone.headers)).json()["comment"] == ""
    clock.move(hours=23)
    assert (await http.put(path, json={"rating": 5, "comment": " Kind "}, headers=phone.headers)).status_code == 200
    clock.move(hours=1)
    late = await http.put(path, json={"rating": 1}, headers=phone.headers)
    assert (late.status_code, late.json()["code"]) == (409, "feedback_closed")
    fresh = (await http.get("/v1/me", headers=phone.headers)).status_code
    assert fresh == 200
    items = await database.fetch("select rating, comment from feedback")
    assert [tuple(item) for item in items] == [(5, "Kind")]


async def test_the_manager_reads_feedback_newest_first_in_pages(http, database, clock, ana, make_phone, manager):
    phone = await make_phone(ana)
    for rating in (3, 5):
        bought = await shopping.buy(database, ana, clock.now(), receipt_number=f"C-{rating}")
        await http.put(f"/v1/me/purchases/{bought}/feedback", json={"rating": rating}, headers=phone.headers)
        clock.move(minutes=1)
    first = (await http.get("/v1/programme/feedback?limit=1", headers=manager.headers)).json()
    second = (
        await http.get(f"/v1/programme/feedback?limit=1&cursor={first['next_cursor']}", headers=manager.headers)
    ).json()
    assert [each["receipt_number"] for each in first["items"] + second["items"]] == ["C-5", "C-3"]
    assert second["next_cursor"] is None
    assert "member_id" not in first["items"][0]
