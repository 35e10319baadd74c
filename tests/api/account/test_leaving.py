"""Leaving: what it costs is said, there is time to think it over, and then nothing says any more who it was."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.jobs.erase import erase
from api.ledger.verify import verify
from contract.account import Leaving
from contract.members import Profile
from tests.api.test_sign_in import newest_code
from tests.support import shopping


@pytest.fixture
async def leaver(http, app, database, clock, make_member, make_phone):
    """Ana, with a past, consents, a claim, and something of every kind in her wallet."""
    ana = await make_member(contact="ana@example.com", name="Ana Souza")
    pending = shopping.campaign("later", pending_days=14)
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign(), pending)
    phone = await make_phone(ana)
    first = await shopping.buy(database, ana, clock.now() - timedelta(days=2), [shopping.line(10_000)])
    await shopping.buy(database, ana, clock.now(), [shopping.line(4_000)], redeem=300)
    await http.put(f"/v1/me/purchases/{first}/feedback", json={"rating": 5, "comment": "by Ana"}, headers=phone.headers)
    await http.patch("/v1/me", json={"birthday": "1990-05-17"}, headers=phone.headers)
    yes = {"choices": [{"channel": "email", "purpose": "news", "granted": True}]}
    await http.put("/v1/me/consents", json=yes, headers=phone.headers)
    claim = {"kind": "amount", "purchase_id": str(first), "note": "Ana asks"}
    made = await http.post("/v1/me/claims", json=claim, headers={**phone.headers, "Idempotency-Key": "k"})
    assert made.status_code == 201, made.text
    await http.post("/v1/me/exports", headers=phone.headers)
    return ana, phone


async def ask_to_leave(http, app, phone) -> Leaving:
    assert (await http.post("/v1/me/leaving/code", headers=phone.headers)).status_code == 202
    answer = await http.request("DELETE", "/v1/me", json={"code": newest_code(app)}, headers=phone.headers)
    assert answer.status_code == 200, answer.text
    return Leaving.model_validate_json(answer.content)


async def test_what_leaving_costs_is_said_and_it_takes_a_code(http, app, leaver):
    _, phone = leaver
    said = Leaving.model_validate_json((await http.get("/v1/me/leaving", headers=phone.headers)).content)
    assert (said.available.amount, said.pending.amount, said.days, said.erased_at) == (400, 700, 14, None)
    await http.post("/v1/me/leaving/code", headers=phone.headers)
    wrong = f"{(int(newest_code(app)) + 1) % 10**6:06d}"
    refused = await http.request("DELETE", "/v1/me", json={"code": wrong}, headers=phone.headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_code_wrong")
    assert (await http.get("/v1/me", headers=phone.headers)).json()["leaving_at"] is None


async def test_who_asked_to_leave_may_stay_after_all(http, app, database, clock, leaver, sign_in_member):
    ana, phone = leaver
    elsewhere = await sign_in_member(ana)
    leaving = await ask_to_leave(http, app, phone)
    assert leaving.erased_at == clock.now() + timedelta(days=14)
    assert (await http.get("/v1/me", headers=elsewhere.headers)).status_code == 401, "every other device is signed out"
    clock.move(days=13)
    assert await erase(database, None, clock.now()) == 0
    profile = Profile.model_validate_json((await http.get("/v1/me", headers=phone.headers)).content)
    assert profile.leaving_at == leaving.erased_at
    assert (await http.post("/v1/me/leaving/stay", headers=phone.headers)).json()["erased_at"] is None
    clock.move(days=30)
    assert await erase(database, None, clock.now()) == 0
    assert (await phone.sync()).profile.name == "Ana Souza"


async def test_who_has_left_is_nobody_and_the_ledger_balances(http, app, database, connections, clock, leaver):
    ana, phone = leaver
    other = phone.another()
    await ask_to_leave(http, app, phone)
    clock.move(days=14)
    at_once = await asyncio.gather(*(erase(database, app.state.signals, clock.now()) for _ in range(3)))
    assert sum(at_once) == 1, "once, however many look"
    assert (await http.get("/v1/me", headers=other.headers)).json()["code"] == "session_ended"
    async with database.connection() as connection:
        found = await verify(connection)
    assert found.findings == []
    assert found.purchases == 2, "receipts stay"
    row = await database.fetchrow(
        "select pending, available, debt from ledger.wallet where member_id = $1", ana.member_id
    )
    assert tuple(row) == (0, 0, 0)
    for words in ("Ana", "ana@example", "1990-05-17", ana.member_number):
        assert not await _tables_with(connections, words), words
    assert await database.fetchval("select count(*) from member_export_part") == 0
    assert await database.fetchval("select rating from feedback") == 5, (
        "what was said of a store stays, without the words"
    )


async def test_what_was_owed_is_let_go(http, app, database, clock, make_member, make_phone):
    ana = await make_member(contact="ana@example.com")
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
    bought = await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    await shopping.buy(database, ana, clock.now(), [shopping.line(1_000)], redeem=500)
    await shopping.give_back(database, ana, bought, clock.now())
    phone = await make_phone(ana)
    leaving = await ask_to_leave(http, app, phone)
    assert leaving.debt.amount > 0
    clock.move(days=14)
    assert await erase(database, None, clock.now()) == 1
    async with database.connection() as connection:
        assert (await verify(connection)).findings == []
    assert await database.fetchval("select debt from ledger.wallet where member_id = $1", ana.member_id) == 0


async def test_the_contact_of_who_has_left_may_join_anew(http, app, database, clock, leaver):
    ana, phone = leaver
    await ask_to_leave(http, app, phone)
    clock.move(days=14)
    await erase(database, None, clock.now())
    await http.post("/v1/sign-in/code", json={"contact": "ana@example.com"})
    body = {"method": "code", "contact": "ana@example.com", "code": newest_code(app), "joining": {"terms_version": 1}}
    joined = await http.post("/v1/sign-in", json=body)
    assert joined.json()["member"]["member_id"] != str(ana.member_id)
    assert joined.json()["member"]["wallet"]["available"]["amount"] == 0


async def _tables_with(connections, words: str) -> list[str]:
    """Every table in which a row says these words: all of the database, as its owner sees it."""
    import asyncpg

    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        tables = await owner.fetch(
            "select schemaname || '.' || tablename from pg_tables where schemaname in ('public', 'ledger')"
        )
        found = []
        for (table,) in tables:
            if await owner.fetchval(f"select true from {table} t where t::text ilike $1 limit 1", f"%{words}%"):
                found.append(table)
        return found
    finally:
        await owner.close()
