"""The people of a store, signed in, and what they call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.reviews.watch import watch
from tests.api.till.conftest import device, till, wallet_of  # noqa: F401 (fixtures)
from tests.support.phone import make_phone  # noqa: F401 (fixture)


@dataclass
class Desk:
    """A member of staff with a way to the API."""

    http: httpx.AsyncClient
    headers: dict[str, str]
    staff: Any

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": str(uuid4()), **more.pop("headers", {})}
        return await self.http.request(method, f"/v1{path}", json=body, headers=headers, **more)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.call("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def desk_of(http, make_staff, sign_in_staff, database):
    async def make(role: str, *, everywhere: bool = False, **more: Any) -> Desk:
        staff = await make_staff(role=role, **more)
        if everywhere:
            await database.execute("update staff set all_stores = true where staff_id = $1", staff.staff_id)
        return Desk(http, (await sign_in_staff(staff)).headers, staff)

    return make


@pytest.fixture
async def manager(desk_of) -> Desk:
    return await desk_of("manager", name="Marta")


@pytest.fixture
def set_limits(manager):
    async def change(**limits: int) -> None:
        now = await manager.get("/programme/settings")
        body = {**now["body"], **limits}
        answer = await manager.call("PUT", "/programme/settings", {"version": now["version"], "body": body})
        assert answer.status_code == 200, answer.text

    return change


@pytest.fixture
def look(database, clock):
    """Look at what was posted, as the job does every few seconds."""

    async def now() -> int:
        return await watch(database, None, clock.now())

    return now
