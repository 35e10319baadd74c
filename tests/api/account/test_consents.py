"""What a member allows is hers to say, and each yes and no stays on record."""

from __future__ import annotations

import asyncpg
import pytest

from contract.privacy import Consents
from tests.support import shopping


async def put(http, me, **body):
    answer = await http.put("/v1/me/consents", json=body, headers=me.headers)
    assert answer.status_code == 200, answer.text
    return Consents.model_validate_json(answer.content)


def choice(channel="email", purpose="news", *, granted=True):
    return {"channel": channel, "purpose": purpose, "granted": granted}


async def test_nothing_is_allowed_until_it_was(http, make_member, sign_in_member):
    me = await sign_in_member(await make_member())
    consents = Consents.model_validate_json((await http.get("/v1/me/consents", headers=me.headers)).content)
    assert len(consents.items) == 12
    assert not any(each.granted or each.at for each in consents.items)


async def test_each_yes_and_no_is_kept_with_its_wording_and_time(http, database, clock, make_member, sign_in_member):
    ana = await make_member()
    me = await sign_in_member(ana)
    await put(http, me, choices=[choice(), choice("push", "feedback")], language="pt-BR")
    await put(http, me, choices=[choice()])
    clock.move(minutes=5)
    consents = await put(http, me, choices=[choice(granted=False)])
    granted = [(each.channel, each.purpose) for each in consents.items if each.granted]
    assert granted == [("push", "feedback")]
    rows = await database.fetch(
        "select granted, wording_version, language, at from consent where purpose = 'news' order by at"
    )
    assert [(row["granted"], row["wording_version"], row["language"]) for row in rows] == [
        (True, 2, "pt-BR"),
        (False, 2, "en"),
    ]
    assert rows[1]["at"] == clock.now()


@pytest.mark.parametrize("statement", ["update consent set granted = true", "delete from consent"])
async def test_the_record_cannot_be_changed(database, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.execute(statement)


async def test_personal_offers_switched_off_stop_the_rules_from_using_history(
    http, database, clock, make_member, make_phone
):
    from api.campaigns import service as campaigns

    ana = await make_member()
    phone = await make_phone(ana)
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
    await phone.sync()
    answer = await http.put("/v1/me/consents", json={"use_history": False}, headers=phone.headers)
    assert answer.json()["use_history"] is False
    async with database.connection() as connection:
        standing = await campaigns.member_facts(connection, ana.programme_id, ana.member_id, clock.now())
    assert standing.facts.use_history is False
    kept = await database.fetchrow("select channel, purpose, granted from consent")
    assert tuple(kept) == ("app", "history", False)
