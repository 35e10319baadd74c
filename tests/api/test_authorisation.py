"""Every route against everybody: nobody reaches what is not theirs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from contract import member_code
from tests.api.authorisation import PEOPLE, ROWS
from tests.support.people import make_programme
from tests.support.shopping import buy, campaign, line, publish

LAST = ("DELETE /v1/me/devices/{device_id}", "POST /v1/sign-out", "DELETE /v1/me/devices")
"""They end sessions: each call has one of its own."""
STREAMS = {"GET /v1/me/events"}
FILES = {"POST /v1/programme/imports", "POST /v1/programme/catalogue"}


@dataclass
class World:
    """Ana's things, everybody's headers, and how to sign in anew."""

    app: Any
    http: Any
    sign_in: dict[str, Any]
    ids: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    async def cell(self, route: str, who: str) -> str:
        """What one of them is answered: `ok`, or the status that keeps them out."""
        method, path = route.split(" ", 1)
        headers = self.headers[who]
        if route in LAST and who in self.sign_in:
            headers = (await self.sign_in[who]()).headers
        sent: dict[str, Any] = {"headers": {**headers, "Idempotency-Key": str(uuid4())}}
        if route in FILES:
            sent |= {"content": b"code,name\n"}
            sent["headers"]["Content-Type"] = "text/csv"
        elif method in {"POST", "PUT", "PATCH"}:
            sent["json"] = self.bodies.get(route, {})
        elif route in self.bodies:
            sent |= {"content": self.bodies[route]}
            sent["headers"]["Content-Type"] = "application/json"
        try:
            async with asyncio.timeout(0.3 if route in STREAMS else 20):
                answer = await self.http.request(method, path.format(**self.ids), **sent)
        except TimeoutError:
            return "ok"
        assert answer.status_code != 500, f"{route} {who}: {answer.text}"
        return str(answer.status_code) if answer.status_code in {401, 403, 404} else "ok"


@pytest.fixture
async def world(app, http, database, clock, programme, make_member, make_staff, sign_in_member, sign_in_staff) -> World:
    now, elsewhere = clock.now(), await make_programme(database, clock, slug="boreal")
    await publish(database, programme.programme_id, now, campaign(), campaign("wanted", needs_activation=True))
    await publish(database, elsewhere.programme_id, now, campaign("theirs"))
    ana, other = await make_member(), await make_member()
    named = {
        "cashier": await make_staff(),
        "supervisor": await make_staff(role="supervisor"),
        "manager": await make_staff(role="manager"),
        "store": await make_staff(role="manager", store_id="jardins"),
        "programme": await make_staff(role="manager", programme=elsewhere),
    }
    again = {who: (lambda one=staff: sign_in_staff(one)) for who, staff in named.items()}
    again |= {"ana": lambda: sign_in_member(ana), "other": lambda: sign_in_member(other)}
    world = World(app, http, again)
    world.headers = {who: (await sign_in()).headers for who, sign_in in again.items()} | {"nobody": {}}
    device = await sign_in_member(ana)
    bought = await buy(database, ana, now, [line(1000, quantity=20)])
    hired, second = await make_staff(), await make_staff(role="supervisor")
    world.ids = {
        "purchase_id": str(bought),
        "offer_id": "wanted",
        "campaign_id": "base",
        "version": "base@1",
        "staff_id": str(hired.staff_id),
        "device_id": str(device.session_id),
    }
    world.ids["shift_id"] = (await _post(world, "cashier", "/v1/till/shifts"))["shift_id"]
    world.ids["export_id"] = (await _post(world, "ana", "/v1/me/exports"))["export_id"]
    amount = {"kind": "amount", "purchase_id": str(bought)}
    world.ids["claim_id"] = (await _post(world, "ana", "/v1/me/claims", amount))["claim_id"]
    code = member_code.make(ana.member_number, device.code_secret, member_code.step_at(now.timestamp())).text
    scanned = (await _post(world, "cashier", "/v1/till/identify", {"code": code}))["identification"]
    spend = {"identification": scanned, "redeem": 100}
    world.ids["confirmation_id"] = (await _post(world, "cashier", "/v1/till/confirmations", spend))["confirmation_id"]
    link = await _post(world, "cashier", f"/v1/till/purchases/{bought}/print")
    world.ids["token"] = link["path"].rsplit("/", 1)[-1]
    world.ids["review_id"] = str(uuid4())
    await database.execute(
        """insert into review (review_id, programme_id, kind, subject, opened_at)
           values ($1, $2, 'till_velocity', 'x', $3)""",
        world.ids["review_id"],
        programme.programme_id,
        now,
    )
    basket = {"store_id": "centro", "at": now.isoformat(), "receipt_number": "A-1", "lines": [line()]}
    pin = {"method": "pin", "store_id": "centro", "staff_number": "99999999", "pin": "0000", "programme": "aurora"}
    someone = {"staff_number": "99999999", "pin": "0000"}
    credit = {"identification": str(uuid4()), "amount": 100, "reason": "A good reason"}
    credit["approval"] = {"staff_number": second.staff_number, "pin": second.pin}
    world.bodies = {
        "PUT /v1/me/purchases/{purchase_id}/feedback": {"rating": 5},
        "POST /v1/till/purchases/{purchase_id}/refunds": {"lines": [{"line": 0, "quantity": 1}]},
        "POST /v1/till/purchases/{purchase_id}/mail": {"consent": True},
        "POST /v1/till/quotes": basket,
        "POST /v1/till/confirmations": spend,
        "POST /v1/me/confirmations/{confirmation_id}": {"answer": "refuse"},
        "PUT /v1/me/spend-limit": {"limit": 1_000},
        "POST /v1/till/purchases": {**basket, "identification": str(uuid4())},
        "POST /v1/till/switch": someone,
        "POST /v1/till/credits": credit,
        "POST /v1/programme/reviews/{review_id}/decision": {"decision": "cleared"},
        "POST /v1/programme/claims/{claim_id}/decision": {"accepted": False, "reason": "not_found"},
        "POST /v1/programme/campaigns/{campaign_id}/state": {"state": "paused"},
        "PATCH /v1/programme/staff/{staff_id}": {"name": "Bia"},
        "POST /v1/programme/staff/{staff_id}/accounts": {"member": other.contact},
        "POST /v1/sign-in": pin,
        "POST /v1/sign-in/refresh": {"refresh_token": "x" * 40},
        "POST /v1/demo/sign-in": {"persona": "leo"},
        "DELETE /v1/me": b'{"code": "000000"}',
    }
    return world


async def _post(world: World, who: str, path: str, body: Any = None) -> Any:
    headers = {**world.headers[who], "Idempotency-Key": str(uuid4())}
    answer = await world.http.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


async def test_every_route_lets_through_whom_it_should_and_nobody_else(world, app):
    document = app.openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, item in document.items() for method in item}
    assert routes - set(ROWS) == set(), "a route has no row in tests/api/authorisation.py"
    assert set(ROWS) - routes == set(), "a row has no route"
    wrong = []
    for route, cells in sorted(ROWS.items(), key=lambda row: LAST.index(row[0]) if row[0] in LAST else -1):
        for who, wanted in sorted(zip(PEOPLE, cells, strict=True), key=lambda each: each[1] == "ok"):
            found = await world.cell(route, who)
            if found != wanted:
                wrong.append(f"{route}: {who} is answered {found}, not {wanted}")
    assert not wrong, "\n".join(wrong)
