"""Receipts that tills send at the same time: posted together, and each answered as if it had come alone."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.core.ids import new_id
from api.core.lanes import Lanes
from api.ledger.verify import verify
from api.till import together
from tests.support.shopping import line


@pytest.fixture
async def identified(database, till, clock):
    """Identify a member as a scan does, without its code."""
    session_id = await database.fetchval("select session_id from session where kind = 'staff'")

    async def make(member) -> str:
        identification = new_id(clock.now())
        await database.execute(
            """insert into identification (identification_id, programme_id, member_id, session_id, can_spend, key,
                                           fingerprint, created_at, expires_at)
               values ($1, $2, $3, $4, true, $5, '', $6::timestamptz, $6::timestamptz + interval '5 minutes')""",
            *(identification, member.programme_id, member.member_id, session_id, str(uuid4()), clock.now()),
        )
        return str(identification)

    return make


@pytest.fixture
def posted_together(monkeypatch) -> list[int]:
    """How many went in each statement that posts many."""
    sizes: list[int] = []
    original = together.post_purchases

    async def counting(connection, postings, now):
        rows = await original(connection, postings, now)
        sizes.append(len(rows))
        return rows

    monkeypatch.setattr(together, "post_purchases", counting)
    return sizes


async def send(till, *calls: tuple[dict, str]) -> list:
    """Send all at once, and those that were done once more: the same bytes must come again."""
    answers = await asyncio.gather(*[till.post("purchases", body, key=key) for body, key in calls])
    for (body, key), answer in zip(calls, answers, strict=True):
        if answer.status_code == 201:
            again = await till.post("purchases", body, key=key)
            assert (again.content, again.headers["Idempotent-Replayed"]) == (answer.content, "true")
    return answers


async def test_receipts_at_once_go_together_and_earn_what_each_earns_alone(
    till, database, make_member, identified, posted_together
) -> None:
    members = [await make_member() for _ in range(12)]
    bodies = [till.basket(line(1_000 * (n + 1)), identification=await identified(m)) for n, m in enumerate(members)]
    answers = await send(till, *[(body, str(uuid4())) for body in bodies])
    assert [a.json()["earned"]["amount"] for a in answers] == [50 * (n + 1) for n in range(12)]
    assert max(posted_together) > 1
    async with database.connection() as connection:
        assert not (await verify(connection)).findings


async def test_what_cannot_go_with_others_is_answered_as_ever_and_hinders_none(
    till, database, make_member, identified, posted_together
) -> None:
    members = [await make_member() for _ in range(9)]

    async def body(n: int, **more) -> dict:
        return till.basket(line(1_000), identification=await identified(members[n]), **more)

    done, used = await body(0), await body(1)
    assert (await till.post("purchases", done, key="done")).status_code == 201
    assert (await till.post("purchases", used)).status_code == 201
    twin, twice = await body(6), await body(7)
    calls = {
        "plain": (await body(2), "a"),
        "plain too": (await body(3), "b"),
        "replayed": (done, "done"),
        "used up": ({**used, "receipt_number": "another"}, "c"),
        "of no till": (till.basket(identification=str(uuid4())), "d"),
        "of another store": (await body(4, store_id="nowhere"), "e"),
        "same member": (await body(2), "f"),
        "same member too": (await body(2), "g"),
        "first of a number": (await body(4, receipt_number="N1"), "h"),
        "second of a number": (await body(5, receipt_number="N1"), "i"),
        "same call": (twin, "j"),
        "same call too": (twin, "j"),
        "same key": (twice, "k"),
        "same key, another body": ({**await body(8), "receipt_number": "K2"}, "k"),
        "a spend": ({**await body(0), "redeem": 50}, "l"),
        "too much": ({**await body(1), "redeem": 10_000}, "m"),
    }
    answers = dict(zip(calls, await send(till, *calls.values()), strict=True))
    said = {name: answer.json().get("code", answer.status_code) for name, answer in answers.items()}
    pairs = [("first of a number", "second of a number"), ("same key", "same key, another body")]
    refusals = [sorted(str(said.pop(name)) for name in pair) for pair in pairs]
    assert refusals == [["201", "receipt_already_posted"], ["201", "idempotency_key_reused"]]
    assert said == {
        **dict.fromkeys(said, 201),
        "used up": "identification_expired",
        "of no till": "identification_expired",
        "of another store": said["of another store"],
        "too much": "redeem_over_balance",
    }
    assert said["of another store"] != 201
    assert answers["same call"].content == answers["same call too"].content
    assert max(posted_together) > 1
    async with database.connection() as connection:
        assert not (await verify(connection)).findings
    assert await database.fetchval("select count(*) from ledger.purchase") == 10


async def test_a_wave_that_the_database_cannot_take_is_said_and_each_goes_alone(
    till, make_member, identified, monkeypatch, caplog
) -> None:
    async def unable(*_):
        raise asyncpg.DatatypeMismatchError("structure of query does not match function result type")

    monkeypatch.setattr(together, "post_purchases", unable)
    bodies = [till.basket(line(1_000), identification=await identified(await make_member())) for _ in range(6)]
    answers = await send(till, *[(body, str(uuid4())) for body in bodies])
    assert [answer.status_code for answer in answers] == [201] * 6
    assert "could not go together: DatatypeMismatchError" in caplog.text


async def test_an_own_account_in_a_wave_is_refused_alone(
    till, database, make_member, identified, posted_together
) -> None:
    members = [await make_member() for _ in range(6)]
    bodies = [till.basket(line(1_000), identification=await identified(member)) for member in members]
    await database.execute(
        """insert into staff_account (staff_id, member_id, programme_id, linked_by, linked_at)
           select staff_id, $1, programme_id, staff_id, now() from session where kind = 'staff'""",
        members[4].member_id,
    )
    answers = await send(till, *[(body, str(uuid4())) for body in bodies])
    assert [a.json().get("code", a.status_code) for a in answers] == [*[201] * 4, "own_account", 201]


async def test_a_caller_that_goes_takes_nothing_from_the_others() -> None:
    begun, release = asyncio.Event(), asyncio.Event()
    waves: list[list[int]] = []

    async def work(items) -> list[int]:
        waves.append(list(items))
        begun.set()
        await release.wait()
        return [item * 10 for item in items]

    lanes: Lanes[int, int] = Lanes(at_once=1, together=2)
    calls = [asyncio.create_task(lanes.join(UUID(int=0), n, work)) for n in range(1)]
    await begun.wait()
    calls += [asyncio.create_task(lanes.join(UUID(int=0), n, work)) for n in range(1, 5)]
    await asyncio.sleep(0)
    calls[0].cancel()  # under way
    calls[2].cancel()  # waiting
    release.set()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert waves == [[0], [1, 3], [4]]
    assert [answer for answer in answers if not isinstance(answer, BaseException)] == [10, 30, 40]


async def test_where_a_wave_fails_each_is_told_to_go_alone() -> None:
    async def work(items) -> list[int]:
        raise ValueError("no")

    lanes: Lanes[int, int] = Lanes()
    assert await asyncio.gather(*[lanes.join("one", n, work) for n in range(5)]) == [None] * 5
    assert await lanes.join("one", 1, work) is None
