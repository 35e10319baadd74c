"""The signed-in member's profile: one's own, and only one's own."""

from __future__ import annotations

from contract.members import Profile
from tests.support import shopping


async def test_a_member_sees_who_they_are_and_what_they_have(http, database, clock, make_member, sign_in_member):
    ana = await make_member(name="Ana Souza", contact="ana@example.com", language="pt-BR")
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    signed_in = await sign_in_member(ana)

    answer = await http.get("/v1/me", headers=signed_in.headers)

    assert answer.status_code == 200
    profile = Profile.model_validate_json(answer.content)
    assert (profile.name, profile.email, profile.language) == ("Ana Souza", "ana@example.com", "pt-BR")
    assert profile.programme.slug == "aurora"
    assert profile.wallet.available.amount == 500
    assert profile.wallet.as_of == clock.now()
    assert signed_in.session.member is not None
    assert signed_in.session.member.member_number == profile.member_number


async def test_the_spend_limit_is_the_programmes(http, database, clock, make_member, sign_in_member):
    ana = await make_member()
    await database.execute("update programme set rules = $1", {"spend_limit": 4_000})
    answer = await http.get("/v1/me", headers=(await sign_in_member(ana)).headers)
    assert answer.json()["spend_limit"] == {"amount": 4_000, "currency": "BRL"}


async def test_a_member_whose_account_was_closed_is_signed_out(http, database, clock, make_member, sign_in_member):
    ana = await make_member()
    headers = (await sign_in_member(ana)).headers
    await database.execute("update member set closed_at = $1", clock.now())
    for path in ("/v1/me", "/v1/me/changes"):
        answer = await http.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


async def test_staff_and_strangers_have_no_wallet(http, make_staff, sign_in_staff):
    cashier = (await sign_in_staff(await make_staff())).headers
    for path in ("/v1/me", "/v1/me/changes", "/v1/me/purchases", "/v1/me/offers"):
        assert (await http.get(path)).json()["code"] == "not_signed_in"
        assert (await http.get(path, headers=cashier)).json()["code"] == "not_allowed"


async def test_the_answers_are_described_by_the_contract(app):
    paths = app.openapi()["paths"]
    names = {
        "/v1/me": "Profile",
        "/v1/me/changes": "Changes",
        "/v1/me/purchases": "PurchasePage",
        "/v1/me/purchases/{purchase_id}": "Purchase",
        "/v1/me/offers": "OfferList",
    }
    for path, name in names.items():
        schema = paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": f"#/components/schemas/{name}"}
    assert "/v1/me/events" in paths
