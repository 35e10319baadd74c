"""A manager publishes: always another version, from an instant on, once for each key, in her own programme only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from contract.members import Profile
from contract.wallet import PurchasePage
from tests.support import shopping
from tests.support.people import make_programme
from tests.support.shopping import buy, line


@pytest.fixture
def manager(http, make_staff, sign_in_staff):
    """`await manager(programme=.., role=..)` gives a function `send(method, path, body, key)`."""

    async def sign_in(programme=None, role="manager"):
        signed_in = await sign_in_staff(await make_staff(role=role, programme=programme))

        async def send(method: str, path: str, body: Any = None, key: str = "k"):
            headers = {**signed_in.headers, "Idempotency-Key": key}
            return await http.request(method, f"/v1/programme/{path}", json=body, headers=headers)

        return send

    return sign_in


def draft(clock, version=1, *, state="live", after=0, **terms) -> dict[str, Any]:
    when = {"starts_at": (clock.now() + timedelta(minutes=after)).isoformat()}
    campaign = shopping.campaign("bread", version=version, when=when, **terms)
    return {"campaign": campaign.model_dump(mode="json"), "state": state}


async def test_a_campaign_is_published_changed_paused_resumed_and_ended(
    http, manager, database, programme, make_member, clock
) -> None:
    send = await manager()
    first = await send("POST", "campaigns", draft(clock), "a")
    assert (first.status_code, first.json()["version"], first.json()["state"]) == (201, 1, "live")
    ana = await make_member()

    async def earns() -> int:
        bought = await buy(database, ana, clock.now(), [line(10_000)])
        return await database.fetchval("select earned from ledger.purchase where purchase_id = $1", bought)

    assert await earns() == 500
    change = draft(clock, 2, after=60, reward={"kind": "percent", "rate_bp": 900})
    assert (await send("POST", "campaigns", change, "b")).status_code == 201
    assert await earns() == 500, "it holds in an hour"
    clock.move(hours=1)
    send = await manager()
    assert await earns() == 900
    for state, earned in (("paused", 0), ("live", 900), ("ended", 0)):
        answer = await send("POST", "campaigns/bread/state", {"state": state}, state)
        assert (answer.status_code, answer.json()["state"]) == (200, state)
        assert await earns() == earned
    over = await send("POST", "campaigns/bread/state", {"state": "live"}, "again")
    assert (over.status_code, over.json()["code"]) == (409, "state_not_allowed")
    versions = (await send("GET", "campaigns/bread/versions")).json()
    assert [item["campaign"]["reward"]["rate_bp"] for item in versions["items"]] == [900, 500]
    listed = (await send("GET", "campaigns")).json()["items"]
    assert [(each["campaign_id"], each["state"], each["version"]) for each in listed] == [("bread", "ended", 2)]
    assert (await http.get("/v1/terms/bread@1")).json()["body"]["reward"]["rate_bp"] == 500


async def test_the_same_key_publishes_once_and_another_body_is_refused(manager, database, clock, programme) -> None:
    send = await manager()
    body = draft(clock)
    first, again = [await send("POST", "campaigns", body, "k") for _ in range(2)]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert await database.fetchval("select count(*) from campaign_version") == 1
    other = await send("POST", "campaigns", draft(clock, 2), "k")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    missed = await send("POST", "campaigns", draft(clock, 3), "l")
    assert (missed.status_code, missed.json()["code"], missed.json()["params"]) == (
        409,
        "version_not_next",
        {"newest": 1},
    )


async def test_a_change_of_the_past_is_refused_and_a_draft_is_not_seen(manager, http, clock, programme) -> None:
    send = await manager()
    await send("POST", "campaigns", draft(clock), "a")
    late = await send("POST", "campaigns", draft(clock, 2, after=-11), "b")
    assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "campaign.when.starts_at")
    unsound = draft(clock, 2)
    unsound["campaign"]["reward"]["rate_bp"] = 10_001
    assert (await send("POST", "campaigns", unsound, "c")).status_code == 422


async def test_only_a_manager_publishes_and_only_in_her_own_programme(manager, database, clock, programme) -> None:
    send = await manager()
    await send("POST", "campaigns", draft(clock), "a")
    cashier = await manager(role="cashier")
    assert (await cashier("POST", "campaigns", draft(clock, 2), "b")).status_code == 403
    assert (await cashier("GET", "campaigns")).status_code == 403
    stranger = await manager(programme=await make_programme(database, clock, slug="borealis"))
    assert (await stranger("GET", "campaigns")).json()["items"] == []
    assert (await stranger("GET", "campaigns/bread/versions")).status_code == 404
    assert (await stranger("POST", "campaigns/bread/state", {"state": "ended"}, "x")).status_code == 404
    assert (await send("GET", "campaigns")).json()["items"][0]["state"] == "live"


# the programme's own rules


async def test_a_purchase_keeps_the_rules_of_its_day_and_says_which_they_were(
    http, manager, database, programme, make_member, sign_in_member, clock
) -> None:
    send = await manager()
    await send("POST", "campaigns", draft(clock, reward={"kind": "percent", "rate_bp": 333}), "a")
    first, starts_at = clock.now(), clock.now() + timedelta(hours=1)
    rules = {"rounding": {"mode": "floor", "unit": 100}, "basis": "without_tax"}
    made = await send("POST", "rules", {"starts_at": starts_at.isoformat(), "rules": rules}, "r")
    assert (made.status_code, made.json()["version"]) == (201, 2)
    ana = await make_member()
    sold = [line(10_000, tax=1_000)]
    for at in (first, starts_at, starts_at - timedelta(microseconds=1)):
        await buy(database, ana, at, sold)
    headers = (await sign_in_member(ana)).headers
    told = PurchasePage.model_validate_json((await http.get("/v1/me/purchases", headers=headers)).content).items
    assert {(each.rules_version, each.earned.amount) for each in told} == {(1, 333), (2, 300)}
    clock.move(days=1_200)
    body = (await http.get("/v1/terms/rules/2")).json()["body"]
    assert (body["rounding"], body["basis"]) == ({"mode": "floor", "unit": 100}, "without_tax")
    of_then = (await http.get("/v1/terms/bread@1", params={"at": first.isoformat()})).json()["rules"]
    assert [(each["version"], each["body"]["rounding"]["unit"]) for each in of_then] == [(1, 1)]
    both = (await http.get("/v1/terms/bread@1")).json()["rules"]
    assert [each["version"] for each in both] == [1, 2]


async def test_rules_are_never_changed_nor_set_for_the_past(manager, http, clock, programme) -> None:
    send = await manager()
    past = {"starts_at": (clock.now() - timedelta(hours=1)).isoformat(), "rules": {}}
    refused = await send("POST", "rules", past, "a")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "starts_at")
    assert (await send("POST", "rules", {"rules": {"spend_limit": 100}}, "b")).status_code == 201
    assert [each["version"] for each in (await send("GET", "rules")).json()["items"]] == [2, 1]
    assert (await http.get("/v1/terms/rules/3")).status_code == 404


# tiers


async def test_a_ladder_is_published_and_keeps_the_tiers_that_members_may_have(
    http, manager, programme, make_member, sign_in_member
) -> None:
    send = await manager()
    tiers = [
        {"tier": "one", "name": {"en": "One"}, "threshold": 0},
        {"tier": "two", "name": {"en": "Two"}, "threshold": 9},
    ]
    assert (await send("POST", "tiers", {"tiers": tiers}, "a")).json()["version"] == 1
    missing = await send("POST", "tiers", {"tiers": tiers[:1]}, "b")
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "tiers")
    more = [*tiers, {"tier": "three", "name": {"en": "Three"}, "threshold": 90}]
    assert (await send("POST", "tiers", {"tiers": more}, "c")).json()["version"] == 2
    assert [each["version"] for each in (await send("GET", "tiers")).json()["items"]] == [2, 1]
    headers = (await sign_in_member(await make_member())).headers
    profile = Profile.model_validate_json((await http.get("/v1/me", headers=headers)).content)
    assert profile.tier is not None
    assert (profile.tier.name, profile.tier.next_name) == ("One", "Two")


async def test_who_changed_the_rules_stands_in_the_trail_and_the_second_of_two_is_told(manager) -> None:
    send, other = await manager(), await manager()
    first = {"after": 1, "rules": {"confirm_above": 3_000, "offline": {"spend_per_till": 500}}}
    assert (await send("POST", "rules", first, "a")).status_code == 201
    late = await other("POST", "rules", {"after": 1, "rules": {}}, "b")
    assert (late.status_code, late.json()["code"]) == (409, "settings_changed")
    (told,) = (await send("GET", "audit?action=rules")).json()["items"]
    assert told["evidence"] == {"confirm_above": [None, 3_000], "offline.spend_per_till": [0, 500]}
    assert (told["subject"], bool(told["staff_name"])) == ("2", True)
