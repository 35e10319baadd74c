"""Offers: what concerns a member, in their language, and activating it once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.offers import Offer, OfferList
from tests.support import shopping
from tests.support.phone import make_phone

__all__ = ["make_phone"]


@pytest.fixture
async def ana(make_member):
    return await make_member(language="pt-BR")


@pytest.fixture
async def phone(ana, make_phone):
    return await make_phone(ana)


@pytest.fixture
def publish(database, clock, ana):
    async def publish(*versions):
        await shopping.publish(database, ana.programme_id, clock.now(), *versions)

    return publish


@pytest.fixture
def offers(http):
    async def offers(phone) -> dict[str, Offer]:
        answer = await http.get("/v1/me/offers", headers=phone.headers)
        assert answer.status_code == 200, answer.text
        return {offer.offer_id: offer for offer in OfferList.model_validate_json(answer.content).items}

    return offers


async def test_an_offer_says_all_of_its_terms_in_the_members_language(publish, offers, phone, clock):
    ends = clock.now() + timedelta(days=10)
    await publish(
        shopping.campaign(
            "fruit",
            description={"en": "Fruit", "pt": "Frutas"},
            when={"starts_at": shopping.STARTED, "ends_at": ends},
            where={"stores": ["centro"], "channels": ["store"]},
            what={"only": {"categories": ["food/fruit"], "tags": ["organic"]}, "exclude": {"brands": ["Acme"]}},
            threshold={"kind": "minimum", "amount": 2_000},
            limits={"per_member": 900},
            pending_days=14,
            expiry={"kind": "months", "months": 6},
        ),
        shopping.campaign(
            "more",
            reward={"kind": "percent", "rate_bp": 0},
            threshold={
                "kind": "steps",
                "steps": [{"threshold": 10_000, "rate_bp": 500}, {"threshold": 20_000, "rate_bp": 1_000}],
            },
        ),
        shopping.campaign("double", reward={"kind": "multiplier", "factor_bp": 20_000}, stacking="multiplier"),
        shopping.campaign("gift", reward={"kind": "fixed", "value": 500}),
    )
    found = await offers(phone)
    fruit = found["fruit"]
    assert (fruit.name, fruit.description, fruit.kind, fruit.rate_bp) == ("Oferta fruit", "Frutas", "percent", 500)
    assert (fruit.categories, fruit.tags, fruit.excluded) == (["food/fruit"], ["organic"], ["Acme"])
    assert (fruit.stores, fruit.channels, fruit.ends_at) == (["Centro"], ["store"], ends)
    assert (fruit.pending_days, fruit.expires_after) == (14, "P6M")
    assert (fruit.minimum.amount, fruit.cap.amount, fruit.earned.amount) == (2_000, 900, 0)
    assert found["more"].kind == "steps"
    assert [(step.threshold.amount, step.rate_bp) for step in found["more"].steps] == [(10_000, 500), (20_000, 1_000)]
    assert found["double"].factor_bp == 20_000
    assert found["gift"].value.amount == 500


async def test_an_offer_is_open_until_it_is_activated_and_twice_is_once(publish, offers, phone, http, database):
    await publish(shopping.campaign("bread", needs_activation=True))
    assert (await offers(phone))["bread"].state == "open"
    versions = []
    for _ in range(2):
        answer = await http.put(
            "/v1/me/offers/bread/activation", headers={**phone.headers, "Idempotency-Key": "one and the same"}
        )
        assert (answer.status_code, answer.json()["state"]) == (200, "activated")
        versions.append((answer.json(), await database.fetchval("select offers_version from member")))
    assert versions[0] == versions[1]
    assert (await offers(phone))["bread"].activated_at is not None

    for _ in range(2):
        answer = await http.delete("/v1/me/offers/bread/activation", headers=phone.headers)
        assert (answer.status_code, answer.json()["state"]) == (200, "open")
    assert (await offers(phone))["bread"].activated_at is None
    answer = await http.put("/v1/me/offers/bread/activation", headers=phone.headers)
    assert answer.json()["state"] == "activated"


async def test_activation_makes_the_offer_count(publish, phone, http, database, clock, ana):
    await publish(shopping.campaign("bread", needs_activation=True))
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    await http.put("/v1/me/offers/bread/activation", headers=phone.headers)
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    assert (await phone.sync()).wallet.available.amount == 500


async def test_activation_is_said_to_the_members_other_devices(publish, phone, http, app, ana):
    await publish(shopping.campaign("bread", needs_activation=True))
    said = []
    app.state.hub.relay_to(lambda member_id, version: said.append((member_id, version)))
    for _ in range(2):
        await http.put("/v1/me/offers/bread/activation", headers=phone.headers)
    assert said == [(ana.member_id, 0)]


async def test_an_offer_that_needs_no_activation_takes_one_without_harm(publish, phone, http, database):
    await publish(shopping.campaign())
    for call in (http.put, http.delete):
        answer = await call("/v1/me/offers/base/activation", headers=phone.headers)
        assert (answer.status_code, answer.json()["state"]) == (200, "open")
    assert await database.fetchval("select count(*) from offer_activation") == 0


async def test_an_offer_ends(publish, offers, phone, http, clock, make_member, make_phone):
    ends = clock.now() + timedelta(hours=1)
    terms = {"when": {"starts_at": shopping.STARTED, "ends_at": ends}, "needs_activation": True}
    await publish(shopping.campaign("bread", **terms))
    await http.put("/v1/me/offers/bread/activation", headers=phone.headers)
    other = await make_phone(await make_member())

    clock.set(ends)

    assert (await offers(phone))["bread"].state == "ended"
    assert "bread" not in await offers(other)
    answer = await http.put("/v1/me/offers/bread/activation", headers=other.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_ended")
    clock.move(days=8)
    assert await offers(phone) == {}


@pytest.mark.parametrize("state", ["paused", "ended", "archived"])
async def test_a_campaign_that_is_not_live_is_no_offer(publish, offers, phone, http, database, ana, state):
    from api.campaigns import service

    await publish(shopping.campaign("bread", needs_activation=True))
    async with database.connection() as connection:
        assert await service.set_campaign_state(connection, ana.programme_id, "bread", state)
        assert not await service.set_campaign_state(connection, ana.programme_id, "none", state)
    assert await offers(phone) == {}
    answer = await http.put("/v1/me/offers/bread/activation", headers=phone.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_ended")


@pytest.mark.parametrize("offer_id", ["none", "bread%2F", "a" * 65, "é"])
async def test_an_unknown_offer_is_refused(publish, phone, http, offer_id):
    await publish(shopping.campaign("bread"))
    for call in (http.put, http.delete):
        answer = await call(f"/v1/me/offers/{offer_id}/activation", headers=phone.headers)
        assert answer.status_code in {404, 422}
        assert answer.headers["content-type"] == "application/problem+json"


async def test_an_offer_is_used_when_the_members_own_limit_is(publish, offers, phone, database, clock, ana):
    await publish(shopping.campaign("bread", limits={"per_member": 600}))
    first = await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    assert ((await offers(phone))["bread"].state, (await offers(phone))["bread"].earned.amount) == ("open", 500)
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    assert ((await offers(phone))["bread"].state, (await offers(phone))["bread"].earned.amount) == ("used", 600)
    await shopping.give_back(database, ana, first, clock.now())
    assert ((await offers(phone))["bread"].state, (await offers(phone))["bread"].earned.amount) == ("open", 100)


async def test_an_offer_whose_budget_is_spent_says_so_to_everyone(
    publish, offers, phone, database, clock, ana, make_member, make_phone
):
    await publish(shopping.campaign("bread", limits={"total": 400}))
    other = await make_phone(await make_member())
    assert (await offers(other))["bread"].state == "open"
    await other.sync()
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    clock.move(minutes=2)
    assert (await offers(other))["bread"].state == "used_up"
    assert [offer.state for offer in (await other.sync()).offers or ()] == ["used_up"]
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    assert await database.fetchval("select sum(earned)::bigint from ledger.purchase") == 400


async def test_personal_offers_are_shown_to_those_they_are_for(
    publish, offers, phone, database, make_member, make_phone
):
    bruno = await make_member()
    his = await make_phone(bruno)
    await publish(
        shopping.campaign("families", who=[{"kind": "segment", "any_of": ["families"]}], needs_activation=True),
        shopping.campaign("gold", who=[{"kind": "tier", "any_of": ["gold"]}]),
        shopping.campaign("birthday", who=[{"kind": "birthday", "days_before": 1, "days_after": 1}]),
    )
    await database.execute(
        "update member set segments = '{families}', tier = 'gold', birthday = '1990-03-11' where member_id <> $1",
        bruno.member_id,
    )
    assert set(await offers(phone)) == {"families", "gold", "birthday"}
    assert await offers(his) == {}
    answer = await phone.http.put("/v1/me/offers/families/activation", headers=his.headers)
    assert answer.status_code == 404


async def test_without_history_offers_that_rest_on_it_are_not_shown(publish, offers, phone, database, clock, ana):
    await publish(
        shopping.campaign("second", who=[{"kind": "nth_purchase", "n": 2}]),
        shopping.campaign("bakery", who=[{"kind": "favourite", "any_of": ["bakery"]}]),
        shopping.campaign("favourites", what={"favourites_only": True}),
        shopping.campaign("first", who=[{"kind": "first_purchase"}]),
    )
    assert set(await offers(phone)) == {"first"}
    await shopping.buy(database, ana, clock.now())
    assert set(await offers(phone)) == {"second", "bakery", "favourites"}
    await database.execute("update member set use_history = false")
    assert await offers(phone) == {}


async def test_a_coming_offer_is_shown_a_month_ahead(publish, offers, phone, clock):
    now = clock.now()
    await publish(
        shopping.campaign("soon", when={"starts_at": now + timedelta(days=3)}),
        shopping.campaign("later", when={"starts_at": now + timedelta(days=60)}),
    )
    assert {key: offer.starts_at for key, offer in (await offers(phone)).items()} == {"soon": now + timedelta(days=3)}


async def test_what_ends_soonest_comes_first_and_what_is_used_last(publish, offers, phone, database, clock, ana):
    now = clock.now()

    def until(days: int) -> dict:
        return {"starts_at": shopping.STARTED, "ends_at": now + timedelta(days=days)}

    await publish(
        shopping.campaign("a-used", limits={"per_member": 1}),
        shopping.campaign("b-always"),
        shopping.campaign("c-week", when=until(7)),
        shopping.campaign("d-day", when=until(1)),
    )
    await shopping.buy(database, ana, now)
    assert list(await offers(phone)) == ["d-day", "c-week", "b-always", "a-used"]


async def test_one_members_activation_is_not_anothers(publish, offers, phone, http, make_member, make_phone):
    await publish(shopping.campaign("bread", needs_activation=True))
    await http.put("/v1/me/offers/bread/activation", headers=phone.headers)
    other = await make_phone(await make_member())
    assert (await offers(other))["bread"].state == "open"


async def test_a_stamp_card_counts_stamps_and_not_money(publish, offers, phone):
    card = {"kind": "stamp", "stamps": 1}
    await publish(shopping.campaign("coffee", reward=card, limits={"per_member": 10}))
    coffee = (await offers(phone))["coffee"]
    assert (coffee.kind, coffee.most_stamps, coffee.stamps, coffee.cap, coffee.earned) == ("stamp", 10, 0, None, None)


async def test_less_of_an_offer_puts_it_last_on_every_device_and_it_goes_on_counting(
    publish, offers, phone, http, database, clock, ana
):
    await publish(shopping.campaign("a"), shopping.campaign("b", reward={"kind": "percent", "rate_bp": 100}))
    other = phone.another()
    await other.sync()
    for _ in range(2):
        answer = await http.put("/v1/me/offers/a/hidden", headers=phone.headers)
        assert (answer.status_code, answer.json()["hidden"]) == (200, True)
    assert [(key, offer.hidden) for key, offer in (await offers(phone)).items()] == [("b", False), ("a", True)]
    assert {offer.offer_id: offer.hidden for offer in (await other.sync()).offers} == {"a": True, "b": False}

    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    assert (await phone.sync()).wallet.available.amount == 600
    answer = await http.delete("/v1/me/offers/a/hidden", headers=phone.headers)
    assert answer.json()["hidden"] is False
    assert (await http.put("/v1/me/offers/none/hidden", headers=phone.headers)).status_code == 404
