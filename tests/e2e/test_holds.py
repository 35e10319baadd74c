"""A purchase that looks unusual is held; the manager sees why and decides, and the member's app says both."""

from __future__ import annotations

import time
import uuid

import httpx

from contract.sign_in import Session
from tests.e2e import people
from tests.e2e.conftest import Visit
from tests.e2e.process import Running
from tests.e2e.test_main_job import be

OFTEN = 7
"""One purchase more than the demo's programme lets one member make in an hour."""


async def buy_often(url: str, till: Session, contact: str) -> None:
    """Small purchases of one member, one after the other."""
    headers = {"Authorization": f"Bearer {till.access_token}"}
    async with httpx.AsyncClient(base_url=url, timeout=30, headers=headers) as http:
        for _ in range(OFTEN):
            keyed = {"Idempotency-Key": str(uuid.uuid4())}
            found = await http.post("/v1/till/identify", json={"contact": contact}, headers=keyed)
            found.raise_for_status()
            basket = {
                "store_id": "centro",
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "receipt_number": f"often-{uuid.uuid4().hex[:8]}",
                "lines": [{"name": "Food", "category": "food", "unit_price": 700}],
                "identification": found.json()["identification"],
            }
            posted = await http.post("/v1/till/purchases", json=basket, headers=keyed)
            posted.raise_for_status()


async def test_an_unusual_purchase_is_held_until_the_manager_has_looked_at_the_evidence(kierto: Running, visit: Visit):
    shopper = await be(visit, kierto.url, "Bruno Lima")
    await shopper.opens("Purchases", "Search")
    bruno, leo = await people.sign_in(kierto.url, "bruno"), await people.sign_in(kierto.url, "leo")
    assert bruno.member is not None
    await buy_often(kierto.url, leo, bruno.member.email or bruno.member.phone or "")
    await shopper.sees("Being checked", within=60_000)

    manager = await be(visit, kierto.url, "Marta", desktop=True)
    await manager.sees("Scan or type a code")
    await manager.opens("Manage", "for you to decide")
    await manager.opens("Reviews", "your limit is 6")
    await manager.reads(r"\d+ purchases in \d+ hours?; your limit is 6")
    await manager.sees("Bruno Lima", "often-", "Leo")
    await manager.tap("It is fine")
    await manager.sees_no("your limit is 6")
    await shopper.sees_no("Being checked")
    await manager.opens("Cleared", "Decided by Marta")
