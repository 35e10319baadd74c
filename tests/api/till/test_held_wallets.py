"""Tills' queues that wait for a wallet which somebody holds leave the others their connections, and their turns."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from api.core.turns import Turns
from api.ledger.verify import verify
from tests.api.test_batches import Queue, said
from tests.api.till.conftest import Device, Till
from tests.api.till.test_offline_receipts import queue
from tests.support import people
from tests.support.shopping import campaign, publish

__all__ = ["queue"]
HOLD = "select from ledger.wallet where member_id = any($1) for update"


@pytest.fixture
def holding(connections):
    """Hold wallets as another transaction does, for the length of a block."""

    @asynccontextmanager
    async def holding(*members: UUID):
        owner = await asyncpg.connect(connections.owner_dsn)
        try:
            async with owner.transaction():
                await owner.execute(HOLD, members)
                yield
        finally:
            await owner.close()

    return holding


@pytest.fixture(autouse=True)
async def the_ledger_stays_in_order(database):
    yield
    async with database.connection() as connection:
        assert not (await verify(connection)).findings


@pytest.fixture
def chain_of(http, clock, database, make_staff, sign_in_staff, make_member, sign_in_member):
    """A chain of its own: a till's queue, and a member."""

    async def chain_of(slug: str) -> tuple[Queue, Device]:
        programme = await people.make_programme(database, clock, slug=slug)
        await publish(database, programme.programme_id, clock.now(), campaign())
        staff = await sign_in_staff(await make_staff(programme=programme))
        member = await make_member(programme=programme)
        return Queue(Till(http, clock, staff.headers)), Device(member, await sign_in_member(member), clock)

    return chain_of


async def test_queues_of_several_chains_wait_for_held_wallets_and_a_till_sells_on(
    app, database, till, device, chain_of, holding
) -> None:
    chains = [await chain_of(f"chain-{n}") for n in range(4)]
    held = [member.member.member_id for _, member in chains]
    found = (await till.identify(device.code())).json()["identification"]
    async with holding(*held):
        sent = [asyncio.create_task(queue.send(queue.receipt(member))) for queue, member in chains for _ in range(3)]
        assert len(sent) > database.size
        async with asyncio.timeout(10):
            while not all(app.state.turns.is_held(member) for member in held):  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.005)
        sold = await till.post("purchases", till.basket(identification=found))
        assert sold.status_code == 201, sold.text
        assert not any(task.done() for task in sent), "it was answered while they were still waiting"
    answers = await asyncio.gather(*sent)
    assert sum(said(outcomes) == ["posted"] for outcomes in answers) == len(chains), "each code is good once"


async def test_a_queue_that_waits_takes_no_turn_from_the_other_stores_of_its_chain(
    app, till, device, make_member, sign_in_member, clock, holding
) -> None:
    queue, other = Queue(till), await make_member()
    free = Device(other, await sign_in_member(other), clock)
    async with holding(device.member.member_id):
        stuck = [asyncio.create_task(queue.send(queue.receipt(device))) for _ in range(6)]
        async with asyncio.timeout(10):
            while not app.state.turns.is_held(device.member.member_id):  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.005)
        assert said(await queue.send(queue.receipt(free))) == ["posted"]
        assert not any(task.done() for task in stuck)
    await asyncio.gather(*stuck)


async def test_a_batch_goes_without_whose_wallet_stays_held_and_these_are_to_be_sent_again(
    app, till, device, make_member, sign_in_member, clock, holding, database
) -> None:
    app.state.turns = Turns(patience=0.2)
    queue, other = Queue(till), await make_member()
    free = Device(other, await sign_in_member(other), clock)
    receipts = [queue.receipt(each, ago=31 * n) for n, each in enumerate((device, free, device, free))]
    async with holding(device.member.member_id):
        outcomes = await queue.send(*receipts)
    assert said(outcomes) == ["unavailable", "posted", "unavailable", "posted"]
    assert outcomes[0]["problem"]["status"] == 503, "a till keeps what is told so, and sends it again"
    assert said(await queue.send(*receipts)) == ["posted", "replayed", "posted", "replayed"]
    assert await database.fetchval("select count(*) from ledger.purchase") == 4


async def test_what_is_to_be_sent_again_is_no_refusal_in_the_evidence(app, queue, holding, database) -> None:
    app.state.turns = Turns(patience=0.2)
    receipt = queue.receipt((await queue.kit())["version"], told=500)
    async with holding(queue.member.member_id):
        (outcome,) = await queue.send(receipt)
    assert outcome["problem"]["code"] == "unavailable"
    assert await database.fetchval("select count(*) from queued_receipt") == 0
    (outcome,) = await queue.send(receipt)
    assert outcome["outcome"] == "posted"
    assert await database.fetchval("select outcome from queued_receipt") == "posted"
