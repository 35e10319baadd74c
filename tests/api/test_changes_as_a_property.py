"""Whatever happens to a wallet, and whenever a device asks: deltas lead to what a full answer says."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.wallet import Purchase
from tests.support import shopping
from tests.support.people import make_member
from tests.support.phone import Phone, make_phone

__all__ = ["make_phone"]

CAMPAIGNS = (
    shopping.campaign(pending_days=2, expiry={"kind": "days", "days": 3}),
    shopping.campaign(
        "bread",
        reward={"kind": "fixed", "value": 70},
        what={"only": {"categories": ["bakery"]}},
        limits={"per_member": 300},
        stacking="base",
    ),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), st.integers(100, 20_000), st.integers(0, 100)),
        st.tuples(st.just("buy_a_gift_card")),
        st.tuples(st.just("refund"), st.integers(0, 10), st.booleans()),
        st.tuples(st.just("settle"), st.integers(1, 60)),
        st.tuples(st.just("sync")),
        st.tuples(st.just("restart")),
    ),
    min_size=3,
    max_size=14,
)


def held(phone: Phone) -> tuple[dict, dict]:
    return phone.lots, phone.purchases


class Wallet:
    """A member's wallet under steps that a test chooses."""

    def __init__(self, database, clock, member) -> None:
        self.database, self.clock, self.member = database, clock, member
        self.bought: list = []

    async def buy(self, amount: int, share: int) -> None:
        available = await self.database.fetchval(
            "select available from ledger.wallet where member_id = $1", self.member.member_id
        )
        redeem = min(amount, available) * share // 100
        lines = [shopping.line(amount - amount // 3), shopping.line(amount // 3, category="drinks", name="Juice")]
        at = self.clock.move(seconds=1)
        self.bought.append(await shopping.buy(self.database, self.member, at, lines, redeem=redeem))

    async def buy_a_gift_card(self) -> None:
        """Earns nothing: no lot, no movement."""
        lines = [shopping.line(5_000, category="giftcard"), shopping.line(3_000, category="giftcard")]
        self.bought.append(await shopping.buy(self.database, self.member, self.clock.move(seconds=1), lines))

    async def refund(self, which: int, whole: bool) -> None:
        if not self.bought:
            return
        purchase_id = self.bought[which % len(self.bought)]
        left = await self.left(purchase_id)
        lines = dict.fromkeys(left, 1) if whole else dict.fromkeys(left[:1], 1)
        if lines:
            at = self.clock.move(seconds=1)
            await shopping.give_back(self.database, self.member, purchase_id, at, lines)

    async def left(self, purchase_id) -> list[int]:
        rows = await self.database.fetch(
            "select distinct (e ->> 'line')::int as line from ledger.refund, jsonb_array_elements(lines) e"
            " where member_id = $1 and purchase_id = $2",
            self.member.member_id,
            purchase_id,
        )
        return [n for n in (0, 1) if n not in {row["line"] for row in rows}]

    async def settle(self, hours: int) -> None:
        await shopping.settle(self.database, self.clock.move(hours=hours))


@pytest.mark.timeout(300)
async def test_deltas_lead_to_what_a_full_answer_says(database, clock, programme, make_phone):
    await shopping.publish(database, programme.programme_id, clock.now(), *CAMPAIGNS)
    loop = asyncio.get_running_loop()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def holds(steps):
        asyncio.run_coroutine_threadsafe(follow(steps), loop).result()

    async def follow(steps):
        member = await make_member(database, clock)
        wallet, phone = Wallet(database, clock, member), await make_phone(member)
        for kind, *arguments in steps:
            if kind == "sync":
                await phone.sync()
                assert phone.adds_up()
            elif kind == "restart":
                phone = phone.another()
            else:
                await getattr(wallet, kind)(*arguments)
        await phone.sync()
        whole = phone.another()
        told = await whole.sync()
        assert told.full
        assert held(phone) == held(whole)
        assert phone.wallet == whole.wallet
        assert phone.adds_up()

    await asyncio.to_thread(holds)


async def test_a_reader_among_writers_misses_nothing_and_always_adds_up(database, clock, make_member, make_phone):
    ana = await make_member()
    await shopping.publish(database, ana.programme_id, clock.now(), *CAMPAIGNS)
    phone, start = await make_phone(ana), clock.now()
    phone_of_late_joiner = phone.another()
    bought: list = []
    writing = 6

    async def write(seed: int) -> None:
        nonlocal writing
        chance = random.Random(seed)  # noqa: S311 (a test's choice)
        try:
            for i in range(12):
                at = start + timedelta(seconds=seed * 100 + i)
                purchase_id = await shopping.buy(database, ana, at, [shopping.line(chance.randrange(500, 9_000))])
                bought.append(str(purchase_id))
                if chance.random() < 0.3:
                    await shopping.give_back(database, ana, purchase_id, at)
        finally:
            writing -= 1

    async def read() -> int:
        told = 0
        while writing:
            await phone.sync()
            assert phone.adds_up()
            told += 1
        return told

    told, *_ = await asyncio.gather(read(), *(write(seed) for seed in range(6)))
    await phone.sync()
    await phone_of_late_joiner.sync()

    assert told > 5
    assert phone.adds_up()
    assert set(phone.purchases) == set(bought)
    newest = phone_of_late_joiner.purchases
    assert {key: phone.purchases[key] for key in newest} == newest
    assert phone.lots == phone_of_late_joiner.lots


def test_a_purchase_has_no_field_that_the_clock_alone_changes():
    """Else a delta would have to send it again with nothing posted."""
    assert "as_of" not in Purchase.model_fields
