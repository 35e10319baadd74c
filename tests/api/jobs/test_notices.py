"""Who wants it is told of what is about to expire: once, a week or two ahead, at most once a week."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.jobs.notices import tell_what_expires
from api.jobs.settle import settle
from api.mail.sender import DemoInbox, NoMail
from tests.support.shopping import buy, campaign, publish


async def allow(http, me, *, granted=True, channel="email") -> None:
    choice = {"channel": channel, "purpose": "expiry", "granted": granted}
    assert (await http.put("/v1/me/consents", json={"choices": [choice]}, headers=me.headers)).status_code == 200


@pytest.fixture
async def ana(http, database, clock, programme, make_member, sign_in_member):
    """She wants to be told, and has 0.50 that ends 30 days after it came."""
    await publish(database, programme.programme_id, clock.now(), campaign(expiry={"kind": "days", "days": 30}))
    ana = await make_member(contact="ana@example.com", language="en")
    await allow(http, await sign_in_member(ana))
    await buy(database, ana, clock.now(), receipt_number="A1")
    await settle(database, None, clock.now())
    return ana


async def told(database, clock, inbox) -> list[str]:
    """The subjects that a round sends."""
    before = len(inbox.mails)
    await tell_what_expires(database, inbox, clock)
    return [mail.subject.replace("\N{NO-BREAK SPACE}", " ") for mail in inbox.mails[: len(inbox.mails) - before]]


async def test_a_member_is_told_two_weeks_ahead_once(database, clock, ana) -> None:
    inbox = DemoInbox()
    assert await told(database, clock, inbox) == []
    clock.move(days=16)
    assert await told(database, clock, inbox) == [], "two weeks and half a day are left"
    clock.move(days=1)
    assert await told(database, clock, inbox) == ["Aurora Mercado: use R$0.50 by 9 Apr 2026"]
    for _ in range(15):
        assert await told(database, clock, inbox) == []
        clock.move(days=1)
    assert [mail.to for mail in inbox.mails] == ["ana@example.com"]


async def test_a_notice_tells_a_week_more_so_that_no_week_brings_two(database, clock, ana) -> None:
    for day in range(1, 22):
        await buy(database, ana, clock.now() + timedelta(days=day), receipt_number=f"B{day}")
    inbox, when = DemoInbox(), []
    for day in range(60):
        await settle(database, None, clock.now())
        when += [day] * len(await told(database, clock, inbox))
        clock.move(days=1)
    assert when == [17, 25, 33], "each a week after the one before"
    days = [
        line.rsplit(" by ")[-1] for mail in inbox.mails for line in mail.text.splitlines() if "to be used by" in line
    ]
    assert len(set(days)) == 22


async def test_who_said_no_or_nothing_or_has_spent_it_is_not_told(
    http, database, clock, ana, make_member, sign_in_member
) -> None:
    inbox = DemoInbox()
    for name, granted in (("bruno", False), ("carla", None)):
        member = await make_member(contact=f"{name}@example.com")
        if granted is not None:
            me = await sign_in_member(member)
            await allow(http, me)
            await allow(http, me, granted=granted)
        await buy(database, member, clock.now(), receipt_number=name)
    clock.move(days=16)
    await settle(database, None, clock.now())
    await buy(database, ana, clock.now(), receipt_number="A2", redeem=50)
    assert await told(database, clock, inbox) == []


async def test_who_changes_her_mind_while_a_notice_waits_is_not_told(
    http, database, clock, ana, sign_in_member
) -> None:
    clock.move(days=20)
    await database.execute(
        "insert into expiry_notice (member_id, told_until, queued_at) values ($1, $2, $3)",
        ana.member_id,
        clock.now() + timedelta(days=21),
        clock.now(),
    )
    await allow(http, await sign_in_member(ana), granted=False)
    inbox = DemoInbox()
    assert await told(database, clock, inbox) == []


async def test_a_phone_is_told_by_text_message(http, database, clock, ana, make_member, sign_in_member) -> None:
    bruno = await make_member(contact="+5511912345678", language="pt-BR")
    await allow(http, await sign_in_member(bruno), channel="sms")
    await buy(database, bruno, clock.now(), receipt_number="B")
    clock.move(days=20)
    await settle(database, None, clock.now())
    inbox = DemoInbox()
    assert await tell_what_expires(database, inbox, clock) == 2
    assert {mail.to for mail in inbox.mails} == {"ana@example.com", "+5511912345678"}


async def test_what_lives_for_a_week_is_told_within_a_day_and_once_a_week(database, clock, programme, ana) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign("week", expiry={"kind": "days", "days": 7}))
    inbox, when = DemoInbox(), []
    await told(database, clock, inbox)
    clock.move(minutes=5)
    for hour in range(20 * 24):
        if hour % 48 == 0:
            await buy(database, ana, clock.now(), receipt_number=f"W{hour}")
        if await told(database, clock, inbox):
            when.append(hour)
        clock.move(hours=1)
    assert when == [24, 8 * 24, 15 * 24], "all is looked through each day, and a week lies between two"


async def test_who_says_yes_later_is_told_of_what_is_in_view_already(
    http, database, clock, ana, make_member, sign_in_member
) -> None:
    bruno = await make_member(contact="bruno@example.com")
    await buy(database, bruno, clock.now(), receipt_number="B")
    clock.move(days=20)
    inbox = DemoInbox()
    await told(database, clock, inbox)
    await allow(http, await sign_in_member(bruno))
    await told(database, clock, inbox)
    assert [mail.to for mail in inbox.mails] == ["ana@example.com"]
    clock.move(days=1)
    await told(database, clock, inbox)
    assert [mail.to for mail in inbox.mails] == ["bruno@example.com", "ana@example.com"]


async def test_points_are_told_beside_cashback_and_stamps_are_not(database, clock, programme, ana, make_member) -> None:
    soon = {"kind": "days", "days": 10}
    for key, reward in {"points": {"kind": "points", "per": 100}, "card": {"kind": "stamp", "stamps": 3}}.items():
        await publish(database, programme.programme_id, clock.now(), campaign(key, reward=reward, expiry=soon))
    await buy(database, ana, clock.now(), receipt_number="A2")
    inbox = DemoInbox()
    assert len(await told(database, clock, inbox)) == 1
    lines = [line for line in inbox.mails[0].text.splitlines() if "to be used by" in line]
    assert lines == ["10 points, to be used by 20 Mar 2026"]


async def test_stamps_alone_are_nothing_to_spend(database, clock, programme, ana) -> None:
    card = campaign("card", reward={"kind": "stamp"}, expiry={"kind": "days", "days": 10})
    await publish(database, programme.programme_id, clock.now(), card)
    await buy(database, ana, clock.now(), receipt_number="A2")
    assert await told(database, clock, DemoInbox()) == []


async def test_many_processes_tell_once(database, clock, ana) -> None:
    clock.move(days=20)
    inbox = DemoInbox()
    done = await asyncio.gather(*(tell_what_expires(database, inbox, clock) for _ in range(8)))
    assert sorted(done) == [0] * 7 + [1]
    assert len(inbox.mails) == 1


async def test_without_mail_it_waits_until_there_is_some(database, clock, ana) -> None:
    clock.move(days=20)
    assert await tell_what_expires(database, NoMail(), clock) == 0
    assert len(await told(database, clock, DemoInbox())) == 1
