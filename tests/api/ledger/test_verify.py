"""`verify` finds what breaks any of its rules, each by itself, and nothing in a ledger that is sound."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from api.ledger.repository import Adjustment, adjust
from api.ledger.verify import rules
from api.reviews import repository as reviews
from contract.refunds import CampaignKey
from tests.support.shopping import buy, campaign, give_back, line, publish

BROKEN = {
    "a wallet is the sum of its movements": "update ledger.wallet set available = available + 1",
    "a wallet is the sum of its lots": "update ledger.lot set released = not released where remaining > 0",
    "a movement continues the one before it": "update ledger.movement set amount = amount + 1",
    "a movement goes from one account to another, for a reason": "update ledger.movement set step = 144",
    "a lot keeps what no movement took": "update ledger.lot set remaining = remaining - 1 where remaining > 0",
    "a movement names a lot, or makes a debt or lets one go": "update ledger.movement set lot_id = null",
    "a correction is one movement into one lot, for a reason": "update ledger.adjustment set amount = amount + 1",
    "a purchase earned what its lots hold": "update ledger.purchase set earned = earned + 1",
    "a purchase earned the points that its lots hold": "update ledger.purchase set points = points + 1",
    "a purchase earned the stamps that its lots hold": "update ledger.purchase set quote = quote - 'stamps'",
    "a purchase spent what its movements say": "update ledger.purchase set redeemed = redeemed - 1 where redeemed > 1",
    "what a purchase spent was moved": "update ledger.purchase set redeemed = 1 where redeemed = 0",
    "a purchase is claimed by its receipt number once": "delete from ledger.receipt_claim",
    "a claimed receipt has its purchase": "update ledger.receipt_claim set purchase_id = gen_random_uuid()",
    "a refund is the sum of its movements, and never above the purchase": "update ledger.refund set amount = 10 ^ 9",
    "what a refund took back, its movements took": "update ledger.refund set restored = restored + 1",
    "no more is taken back of a purchase than it earned": "update ledger.refund set clawed_back = 10 ^ 9",
    "a balance has no version of the future": "update ledger.wallet set version = 0",
    "a movement's hash holds the one before it and all that it says": "update ledger.movement set event_at = now()",
    "a wallet's head is the hash of its newest movement": "update ledger.wallet set head = sha256(head)",
    "a wallet beside the home wallet never runs ahead of it": "update ledger.wallet set version = 99 where not home",
    "what was moved or earned has its wallet": "delete from ledger.wallet where not home",
    "what is held waits for a decision, and is not available": "update ledger.lot set held = true, released = true",
    "what a rejection took back, its movements took": "update ledger.held set taken = taken + 1",
}
"""A change that breaks each rule, by the rule's name."""


@pytest.fixture
async def ledger(database, programme, clock, make_member, connections):
    """One of everything: earned, spent, taken back, given, held and rejected; in cash, points and stamps."""
    versions = [
        campaign(),
        campaign("points", reward={"kind": "points", "per": 100}),
        campaign("stamps", reward={"kind": "stamp"}),
    ]
    await publish(database, programme.programme_id, clock.now(), *versions)
    ana = await make_member()
    first, rejected, checked = [await buy(database, ana, clock.now(), [line(5_000, quantity=2)]) for _ in range(3)]
    await buy(database, ana, clock.now(), [line(2_000)], redeem=300)
    await give_back(database, ana, first, clock.now(), {0: 1})
    given = Adjustment(
        adjustment_id=uuid4(),
        member_id=ana.member_id,
        unit="BRL",
        amount=100,
        purchase_id=None,
        staff_id=uuid4(),
        session_id=uuid4(),
        reason="a claim",
        expires_at=None,
    )
    claws: dict[CampaignKey, int] = {("base", 1): 500, ("points", 1): 100}
    async with database.connection() as connection:
        assert await adjust(connection, given, clock.now())
        for purchase in (rejected, checked):
            assert await reviews.hold(connection, ana.member_id, purchase, uuid4(), clock.now())
        assert await reviews.decide(connection, ana.member_id, rejected, clock.now(), claws, rejected=True)
    owner = await asyncpg.connect(connections.owner_dsn)
    yield owner
    await owner.close()


async def test_each_rule_finds_what_breaks_it_and_nothing_before(ledger) -> None:
    assert BROKEN.keys() == rules().keys()
    for rule, statement in rules().items():
        query = statement.replace("{members}", "true")
        assert not await ledger.fetch(query), rule
        change = ledger.transaction()
        await change.start()
        await ledger.execute("set local session_replication_role = replica")  # what a constraint would refuse, too
        assert await ledger.execute(BROKEN[rule]) not in {"UPDATE 0", "DELETE 0"}, rule
        assert await ledger.fetch(query), rule
        await change.rollback()
