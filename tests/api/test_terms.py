"""The terms of a campaign version can be read for ever, and a change of a campaign is a new version."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from api.campaigns import service as campaigns
from api.campaigns.service import VersionExists
from contract.campaigns import CampaignVersion
from contract.terms import Terms
from tests.support.people import make_programme
from tests.support.shopping import STARTED, buy, campaign, line, publish


async def read(http, version_id: str, **params: str) -> Terms:
    answer = await http.get(f"/v1/terms/{version_id}", params=params)
    assert answer.status_code == 200, answer.text
    return Terms.model_validate_json(answer.content)


async def test_anyone_reads_the_terms_in_plain_fields_and_exactly(http, database, programme, clock) -> None:
    version = campaign("every-day_1.0", version=3, pending_days=14, expiry={"kind": "months", "months": 6})
    await publish(database, programme.programme_id, clock.now(), version)
    terms = await read(http, "every-day_1.0@3")
    assert (terms.id, terms.programme, terms.currency) == ("every-day_1.0@3", "aurora", "BRL")
    assert (terms.pending_days, terms.expires_after, terms.reward) == (14, "P6M", "percent")
    assert (terms.starts_at, terms.ends_at, terms.published_at) == (STARTED, None, clock.now())
    assert CampaignVersion.model_validate(terms.body, strict=False) == version
    assert terms.body == version.model_dump(mode="json")


@pytest.mark.parametrize("state", ["live", "paused", "ended", "archived"])
async def test_terms_stay_after_newer_versions_and_whatever_becomes_of_the_campaign(
    http, database, programme, clock, state
) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign())
    before = await read(http, "base@1")
    await publish(
        database,
        programme.programme_id,
        clock.move(days=900),
        campaign(version=2, reward={"kind": "percent", "rate_bp": 100}),
    )
    async with database.connection() as connection:
        assert await campaigns.set_campaign_state(connection, programme.programme_id, "base", state)
    clock.move(days=900)
    assert await read(http, "base@1") == before
    assert (await read(http, "base@2")).body["reward"]["rate_bp"] == 100


@pytest.mark.parametrize("version_id", ["base@2", "other@1", "base", "base@", "base@0", "base@x", "@1", "base@1@1"])
async def test_what_is_no_version_is_not_found(http, database, programme, clock, version_id) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign())
    answer = await http.get(f"/v1/terms/{version_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_draft_has_no_terms_yet(http, database, programme, clock) -> None:
    async with database.connection() as connection:
        await campaigns.publish_campaign(connection, programme.programme_id, campaign(), clock.now(), state="draft")
    assert (await http.get("/v1/terms/base@1")).status_code == 404


async def test_of_several_programmes_one_is_named(http, database, programme, clock) -> None:
    other = await make_programme(database, clock, slug="borealis")
    await publish(database, programme.programme_id, clock.now(), campaign())
    await publish(database, other.programme_id, clock.now(), campaign(reward={"kind": "percent", "rate_bp": 700}))
    answer = await http.get("/v1/terms/base@1")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "programme")
    assert (await read(http, "base@1", programme="borealis")).body["reward"]["rate_bp"] == 700
    assert (await read(http, "base@1", programme="aurora")).body["reward"]["rate_bp"] == 500
    assert (await http.get("/v1/terms/base@1", params={"programme": "none"})).status_code == 404


async def test_a_change_of_a_live_campaign_holds_from_its_instant_on(database, programme, clock, make_member) -> None:
    """Both versions are known; each receipt is judged by its own time, whenever it comes in."""
    await publish(database, programme.programme_id, clock.now(), campaign())
    turn = clock.now() + timedelta(hours=2)
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign(version=2, when={"starts_at": turn}, reward={"kind": "percent", "rate_bp": 1_000}),
    )
    member = await make_member()
    last_moment = turn - timedelta(microseconds=1)
    for at, version, earned in ((last_moment, 1, 50), (turn, 2, 100), (last_moment, 1, 50)):
        purchase_id = await buy(database, member, at, [line(1_000)])
        row = await database.fetchrow(
            """select l.campaign_version, l.original, p.quote from ledger.lot l
                 join ledger.purchase p using (member_id, purchase_id) where l.purchase_id = $1""",
            purchase_id,
        )
        assert (row["campaign_version"], row["original"]) == (version, earned)
        assert row["quote"]["rewards"][0]["campaign_version"] == version


async def test_a_version_is_never_published_twice(database, programme, clock) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign())
    with pytest.raises(VersionExists):
        await publish(database, programme.programme_id, clock.now(), campaign(reward={"kind": "percent", "rate_bp": 1}))


@pytest.mark.parametrize(
    "statement",
    ["update campaign_version set body = '{}'", "delete from campaign_version", "truncate campaign_version"],
)
async def test_the_api_cannot_change_a_version(database, programme, clock, statement) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.execute(statement)
