"""Terms that change are asked for anew; nothing is refused meanwhile, and what was accepted stays accepted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from api.campaigns import service as campaigns
from api.sign_in import joining
from api.terms import publishing
from tests.support import shopping

DRAFT = publishing.TermsDraft(
    texts={"en": "New terms.", "fi": "Uudet ehdot."},
    changes={"en": "Cashback now lasts a year.", "fi": "Hyvitys on nyt voimassa vuoden."},
)


@pytest.fixture
async def ana(make_member):
    return await make_member()


@pytest.fixture
async def phone(ana, sign_in_member):
    return await sign_in_member(ana)


async def profile(http, phone) -> dict:
    return (await http.get("/v1/me", headers=phone.headers)).json()


async def test_new_terms_are_asked_for_and_nothing_is_refused_until_they_are_accepted(
    http, database, clock, ana, phone
):
    async with database.transaction() as connection:
        await joining.accept_terms(connection, ana.member_id, 1, clock.now())
        await shopping.publish(
            database, ana.programme_id, clock.now(), shopping.campaign("bread", needs_activation=True)
        )
    before = await profile(http, phone)
    assert (before["terms_accepted"], before["terms_version"]) == (1, 1)
    since = (await http.get("/v1/me/changes", headers=phone.headers)).json()["cursor"]

    async with database.transaction() as connection:
        assert await publishing.publish(connection, ana.programme_id, DRAFT, clock.now()) == 2
    news = (await http.get("/v1/me/changes", headers=phone.headers, params={"since": since})).json()
    assert (news["profile"]["terms_accepted"], news["profile"]["terms_version"]) == (1, 2)
    activated = await http.put("/v1/me/offers/bread/activation", headers=phone.headers)
    assert activated.json()["state"] == "activated"

    shown = (await http.get("/v1/sign-in/terms", params={"language": "fi", "since": 1})).json()
    assert (shown["version"], shown["text"], shown["changes"]) == (2, "Uudet ehdot.", [DRAFT.changes["fi"]])
    assert (await http.get("/v1/sign-in/terms")).json()["changes"] == []

    late = await http.put("/v1/me/terms", headers=phone.headers, json={"version": 1})
    assert (late.status_code, late.json()["code"], late.json()["params"]) == (
        409,
        "terms_required",
        {"terms_version": 2},
    )
    for _ in range(2):
        answer = await http.put("/v1/me/terms", headers=phone.headers, json={"version": 2})
        assert (answer.status_code, answer.json()["terms_accepted"]) == (200, 2)
    rows = await database.fetch("select version, accepted_at from terms_acceptance order by version")
    assert [tuple(row) for row in rows] == [(1, clock.now()), (2, clock.now())]


async def test_who_joins_has_accepted_the_terms_in_force(http, database, clock, programme):
    async with database.transaction() as connection:
        await publishing.publish(connection, programme.programme_id, DRAFT, clock.now())
        said = joining.Joining(terms_version=2)
        request = joining.CodeSignIn(contact="nova@example.com", code="123456", joining=said)
        await joining.join(connection, programme.programme_id, "nova@example.com", request, clock.now())
    assert await database.fetchval("select terms_version from member") == 2


async def test_activating_an_offer_again_leaves_what_was_activated_before_as_it_was(http, database, clock, ana, phone):
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign("bread", needs_activation=True))
    began = clock.now()
    for method in ("put", "delete", "put"):
        answer = await getattr(http, method)("/v1/me/offers/bread/activation", headers=phone.headers)
        assert answer.status_code == 200
        clock.move(minutes=3)
    assert [await _activated(database, ana, began + timedelta(minutes=at)) for at in (1, 4, 7)] == [True, False, True]
    assert (await http.get("/v1/me/offers", headers=phone.headers)).json()["items"][0]["state"] == "activated"


async def test_taking_back_and_activating_within_one_instant_ends_activated(http, database, clock, ana, phone):
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign("bread", needs_activation=True))
    for method in ("put", "delete", "put", "put"):
        answer = await getattr(http, method)("/v1/me/offers/bread/activation", headers=phone.headers)
    assert answer.json()["state"] == "activated"
    assert await database.fetchval("select count(*) from offer_activation") == 1


async def _activated(database, member, at) -> bool:
    async with database.connection() as connection:
        standing = await campaigns.member_facts(connection, member.programme_id, UUID(str(member.member_id)), at)
    return "bread" in standing.facts.activated
