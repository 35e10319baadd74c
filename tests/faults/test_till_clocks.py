"""A till without a network whose clock is hours off, or is set meanwhile: it says so, and loses and doubles nothing."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.app import create_app
from api.core.clock import SystemClock
from contract import member_code
from contract.basket import BasketLine
from services.till import Draft, OfflineReceipt
from tests.faults.test_clocks import Off, served
from tests.services.conftest import until
from tests.services.test_with_real_api import House
from tests.support import people, shopping


class Shop:
    """An API that goes away and comes back, a member's phone, and a till whose clock can be set."""

    def __init__(self, app, folder: Path, member: people.TestMember) -> None:
        self.app, self.folder, self.member = app, folder, member
        self.clock = Off(timedelta(0))

    async def open(self, port: int = 0) -> House:
        self.serving = served(self.app, port)
        self.house = House(self.app, self.folder, await self.serving.__aenter__(), Off(timedelta(0)))  # type: ignore[arg-type]
        return self.house

    async def away(self) -> None:
        await self.serving.__aexit__(None, None, None)

    async def sell(self, till, price: int):
        """To the member, by the code that a phone of hers shows now."""
        phone = await people.sign_in_member(self.app, self.member)
        step = member_code.step_at(time.time())
        code = member_code.make(self.member.member_number, phone.code_secret, step).text
        found = await till.till.identify(code)
        lines = (BasketLine(name="Bread", category="bakery", unit_price=price),)
        return await till.till.confirm(Draft(found.identification, "Ana", "", lines, self.clock.now()), 0)


@pytest.fixture
async def shop(settings, connections, tmp_path) -> AsyncIterator[Shop]:
    app = create_app(settings, connections=connections)
    async with app.router.lifespan_context(app):
        database, clock = app.state.database, SystemClock()
        ana = await people.make_member(database, clock, contact="ana@example.com")
        await people.make_staff(database, clock, staff_number="1001", pin="2468")
        await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
        yield Shop(app, tmp_path / "devices", ana)


@pytest.mark.parametrize(("before", "then", "shown"), [(-26, -26, -26), (0, 5, 5), (2, -2, -2)], ids=str)
async def test_a_till_hours_off_sells_without_a_network_and_what_it_sold_gets_the_right_time_once(
    shop: Shop, before: int, then: int, shown: int
) -> None:
    house = await shop.open()
    house.clock = shop.clock  # type: ignore[assignment]
    shop.clock.by = timedelta(hours=before)
    till = await house.leo()
    try:
        await until(till, lambda state: state.till.kit_at is not None and state.connection == "online", within=60)
        assert round(till.state.till.clock_off / timedelta(hours=1)) == before
        online = await shop.sell(till, 1_000)
        assert online.earned.amount == 50, "a till that is off sells as any other while it is online"
        port = house.port
        await shop.away()
        await until(till, lambda state: state.connection == "offline", within=60)
        shop.clock.by = timedelta(hours=then)
        queued = await shop.sell(till, 2_000)
        assert isinstance(queued, OfflineReceipt)
        await shop.open(port)
        await until(till, lambda state: state.till.posted == 1 and not state.till.waiting, within=60)
        rows = await shop.app.state.database.fetch("select total, at from ledger.purchase order by total")
        assert [row["total"] for row in rows] == [1_000, 2_000]
        now = SystemClock().now()
        assert all(abs(now - row["at"]) < timedelta(minutes=1) for row in rows), "at the time when they were sold"
        await until(till, lambda state: round(state.till.clock_off / timedelta(hours=1)) == shown, within=60)
    finally:
        for client in house.clients:
            await client.close()
        await shop.away()
