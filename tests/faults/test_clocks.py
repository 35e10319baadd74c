"""A clock is ten minutes off, at the phone, the till or the API: what is refused says why, and nothing is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn

from api.app import create_app
from api.core.clock import SystemClock
from api.database.pool import Database
from contract.basket import BasketLine
from services.till import Draft
from tests.api.till.conftest import Device, Till, device, till, wallet_of
from tests.services.test_with_real_api import House
from tests.support import people, shopping

__all__ = ["device", "till", "wallet_of"]
OFF = 600
STEPS = OFF // 30


def refused(answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("steps_ago", "code"), [(STEPS, "code_old"), (-STEPS, "code_unknown")], ids=["behind", "ahead"]
)
async def test_the_code_of_a_phone_that_is_off_is_refused_and_uses_nothing_up(
    till: Till, device: Device, steps_ago: int, code: str
) -> None:
    assert refused(await till.identify(device.code(steps_ago))) == (422, code)
    body = till.basket(code=device.code(steps_ago))
    assert refused(await till.post("purchases", body, key="k")) == (422, code)
    again = await till.post("purchases", {**body, "code": device.code()}, key="k")
    assert again.status_code == 201, "once the phone's clock is right, the same key and receipt pass"


@pytest.mark.parametrize("seconds", [-OFF, OFF])
async def test_the_receipt_of_a_till_that_is_off_is_taken_at_its_own_time(
    till: Till, device: Device, database, clock, seconds: int
) -> None:
    at = clock.now() + timedelta(seconds=seconds)
    answer = await till.post("purchases", till.basket(code=device.code(), at=at.isoformat()))
    assert answer.status_code == 201, answer.text
    row = await database.fetchrow("select at, recorded_at, earned from ledger.purchase")
    assert tuple(row) == (at, clock.now(), 500)


async def test_a_till_further_ahead_is_told_so_and_its_key_is_not_used_up(till: Till, device: Device, clock) -> None:
    body = till.basket(code=device.code(), at=(clock.now() + timedelta(seconds=OFF + 1)).isoformat())
    assert refused(await till.post("purchases", body, key="k")) == (422, "at_in_future")
    mended = {**body, "at": clock.now().isoformat()}
    assert (await till.post("purchases", mended, key="k")).status_code == 201


async def test_an_api_that_jumps_ahead_asks_for_a_new_token_and_a_new_scan(
    till: Till, device: Device, http, clock, app, make_staff, sign_in_staff, database, wallet_of
) -> None:
    staff = await sign_in_staff(await make_staff())
    till.headers = staff.headers
    found = (await till.identify(device.code())).json()["identification"]
    body = till.basket(identification=found)

    clock.move(seconds=OFF)
    assert refused(await till.post("purchases", body, key="k")) == (401, "not_signed_in")
    renewed = await http.post("/v1/sign-in/refresh", json={"refresh_token": staff.refresh_token})
    assert renewed.status_code == 200, renewed.text
    till.headers = {"Authorization": f"Bearer {renewed.json()['access_token']}"}
    assert refused(await till.post("purchases", body, key="k")) == (409, "identification_expired")
    assert refused(await till.identify(device.code(STEPS))) == (422, "code_old")
    assert await database.fetchval("select count(*) from ledger.purchase") == 0

    clock.move(seconds=-OFF)
    assert (await till.post("purchases", body, key="k")).status_code == 201
    assert await wallet_of(device) == (0, 500, 0)


async def test_after_an_api_was_ahead_codes_count_as_used_until_its_time_has_come_again(
    till: Till, device: Device, clock, make_staff, sign_in_staff, wallet_of
) -> None:
    clock.move(seconds=OFF)
    till.headers = (await sign_in_staff(await make_staff())).headers
    assert (await till.identify(device.code())).status_code == 200  # a phone follows the API's time

    clock.move(seconds=-OFF)
    assert refused(await till.identify(device.code())) == (409, "code_used")
    body = till.basket(code=device.code())
    assert refused(await till.post("purchases", body, key="k")) == (409, "code_used")

    clock.move(seconds=OFF + 30)
    till.headers = (await sign_in_staff(await make_staff())).headers
    late = await till.post("purchases", {**body, "code": device.code()}, key="k")
    assert late.status_code == 201, "the receipt of then is taken, at its own time"
    assert await wallet_of(device) == (0, 500, 0)


class Off:
    """The clock of a device that is off by so much."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by

    def monotonic(self) -> float:
        return time.monotonic()


@asynccontextmanager
async def served(app, port: int = 0) -> AsyncIterator[int]:
    """The API on a socket, with the Date header by which a client tells the time."""
    config = uvicorn.Config(app, port=port, lifespan="off", log_level="error", ws="none", timeout_graceful_shutdown=1)
    listener = config.bind_socket()
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve([listener]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        listener.close()


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_a_phone_and_a_till_that_are_off_follow_the_time_of_the_api(
    settings, connections, tmp_path, minutes: int
) -> None:
    app = create_app(settings, connections=connections)
    async with app.router.lifespan_context(app):
        database: Database = app.state.database
        clock = SystemClock()
        ana = await people.make_member(database, clock, contact="ana@example.com")
        await people.make_staff(database, clock, staff_number="1001", pin="2468")
        await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
        async with served(app) as port:
            house = House(app, tmp_path / "devices", port, Off(timedelta(minutes=minutes)))  # type: ignore[arg-type]
            phone = await house.ana()
            house.clock = Off(timedelta(minutes=-minutes))  # type: ignore[assignment]
            till = await house.leo()
            try:
                found = await till.till.identify(phone.member_code().text)
                basket = (BasketLine(name="Bread", category="bakery", unit_price=10_000),)
                sale = Draft(found.identification, "Ana", "A1", basket, house.clock.now())
                assert (await till.till.confirm(sale, 0)).earned.amount == 500
            finally:
                for client in house.clients:
                    await client.close()
