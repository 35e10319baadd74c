"""A till, a member with a device, and live campaigns."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contract import member_code
from tests.support.clock import MovableClock
from tests.support.people import SignedIn, TestMember
from tests.support.shopping import campaign, line, publish

_numbers = itertools.count(1)


@dataclass
class Till:
    """A signed-in till, as its client uses the API."""

    http: httpx.AsyncClient
    clock: MovableClock
    headers: dict[str, str]
    store_id: str = "centro"

    def basket(self, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "store_id": self.store_id,
            "channel": "store",
            "at": self.clock.now().isoformat(),
            "receipt_number": f"T{next(_numbers)}",
            "lines": list(lines) or [line(10_000)],
            **more,
        }

    async def post(self, path: str, body: Any, key: str | None = None, **params: Any) -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": key or str(uuid4())}
        return await self.http.post(f"/v1/till/{path}", json=body, headers=headers, params=params)

    async def identify(self, code: str, key: str | None = None) -> httpx.Response:
        return await self.post("identify", {"code": code}, key)

    async def buy(self, device: Device, *lines: dict[str, Any], redeem: int = 0, **more: Any) -> dict[str, Any]:
        """Scan and post; the receipt."""
        found = await self.identify(device.code())
        assert found.status_code == 200, found.text
        body = self.basket(*lines, identification=found.json()["identification"], redeem=redeem, **more)
        answer = await self.post("purchases", body)
        assert answer.status_code == 201, answer.text
        self.clock.move(seconds=31)
        return answer.json()


@dataclass
class Device:
    """A member's phone: makes codes."""

    member: TestMember
    signed_in: SignedIn
    clock: MovableClock
    wallet: dict[str, Any] = field(default_factory=dict)

    def code(self, steps_ago: int = 0) -> str:
        step = member_code.step_at(self.clock.now().timestamp()) - steps_ago
        return member_code.make(self.member.member_number, self.signed_in.code_secret, step).text


@pytest.fixture
async def till(http, clock, make_staff, sign_in_staff, programme, database) -> Till:
    """A cashier's till at Centro; 5 % on everything, available at once."""
    await publish(database, programme.programme_id, clock.now(), campaign())
    staff = await sign_in_staff(await make_staff())
    return Till(http, clock, staff.headers)


@pytest.fixture
async def device(make_member, sign_in_member, clock, programme) -> Device:
    member = await make_member()
    return Device(member, await sign_in_member(member), clock)


@pytest.fixture
async def wallet_of(database):
    async def read(device: Device) -> tuple[int, int, int]:
        row = await database.fetchrow(
            "select pending, available, debt from ledger.wallet where member_id = $1", device.member.member_id
        )
        return tuple(row)

    return read
