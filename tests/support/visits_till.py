"""What a cashier, a supervisor and a manager see, for the pictures: every screen, and what a sale goes through."""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx

from services.texts import Texts
from tests.e2e import people
from tests.support.visits import SIZES, Visit
from views.till.locking import LOCK_KEY

STAFF = {
    "till": "/till",
    "till-refund": "/till/refund",
    "till-refund-one": "/till/refund/{sold}",
    "till-day": "/till/day",
    "till-shift": "/till/day/{shift}",
    "till-queue": "/till/queue",
    "till-join": "/till/join",
    "till-device": "/till/device",
}
SALE = (
    "till-member",
    "till-basket",
    "till-line",
    "till-asked",
    "till-refused",
    "till-receipt",
    "till-shift",
    "till-locked",
)
"""What a sale goes through; one leads to the next."""
MANAGER = {
    "manage": "/till/manage",
    "manage-reviews": "/till/manage/reviews",
    "manage-claims": "/till/manage/claims",
    "manage-feedback": "/till/manage/feedback",
    "manage-staff": "/till/manage/staff",
    "manage-catalogue": "/till/manage/catalogue",
    "manage-settings": "/till/manage/settings",
    "manage-spending": "/till/manage/spending",
    "manage-trail": "/till/manage/trail",
    "manage-offline": "/till/manage/offline",
}
UNKNOWN = "4006381333931"
_WAIT = 30_000
"""Milliseconds until a screen must be there."""


async def worked(url: str) -> str:
    """A store that has worked: an open shift, and the id of a closed one whose figures differ from the shop's own."""
    marta, ana = await people.sign_in(url, "marta"), await people.sign_in(url, "ana")
    headers = {"Authorization": f"Bearer {marta.access_token}"}
    async with httpx.AsyncClient(base_url=f"{url}/v1/till", timeout=30, headers=headers) as http:

        async def post(path: str, body: object) -> dict[str, Any]:
            answer = await http.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
            answer.raise_for_status()
            return dict(answer.json())

        known = (await http.get("/shifts")).json()["items"]
        for closed in known:
            if closed["closed_at"] is not None:
                return str(closed["shift_id"])
        shift = known[0] if known else await post("/shifts", {})
        code = people.code_now(ana)
        found = await post("/identify", {"code": code})
        line = {"name": "Pão francês", "category": "bakery", "unit_price": 1890, "quantity": 3}
        basket = {"store_id": "centro", "lines": [line], "identification": found["identification"]}
        now = datetime.now(UTC).isoformat()
        await post("/purchases", {**basket, "at": now, "receipt_number": f"{time.time_ns() % 10**8}", "redeem": 0})
        await post(
            f"/shifts/{shift['shift_id']}/close",
            {"counted": {"receipts": 2, "sold": 7120}, "note": "One sale without a member"},
        )
        await post("/shifts", {})
        return str(shift["shift_id"])


async def staff(visit: Visit) -> None:
    for name, route in STAFF.items():
        await visit.shoot(name, route)
    if visit.wants(*SALE):
        await _sale(visit)


async def manager(visit: Visit) -> None:
    for name, route in MANAGER.items():
        await visit.shoot(name, route)


async def supervisor(visit: Visit) -> None:
    """Cashback by hand, for a member at the till."""
    if not visit.wants("till-credit"):
        return
    with visit.going_on("till-credit"):
        await _scan(visit, "bruno")
        await visit.screen.go(visit.url + "/till/credit")
        await visit.shoot("till-credit")


async def _sale(visit: Visit) -> None:
    """A scan that is taken, the basket, a code that nobody knows, a scan that is refused, the receipt, the lock."""
    screen = visit.screen
    with visit.going_on("a sale"):
        code = await _scan(visit, "ana")
        await visit.shoot("till-member")
        for amount in ("64", "22.5"):
            await screen.page.keyboard.type(amount, delay=20)
            await screen.press("Enter")
        await screen.reads(r"22[.,]50")
        await visit.shoot("till-basket")
        await _asked(visit)
        await _refused(visit, code)
        await _paid(visit)
    if visit.wants("till-locked"):
        with visit.going_on("till-locked"):
            await screen.go(visit.url + "/till")
            await visit.calm()
            for _ in range(3):  # a screen that has just come may not hear its keys yet
                await screen.press(LOCK_KEY)
                with suppress(AssertionError):
                    await screen.sees(Texts(visit.language).t("PIN"), within=_WAIT // 3)
                    break
            await visit.shoot("till-locked")


async def _asked(visit: Visit) -> None:
    """A product that nobody knows."""
    if not visit.wants("till-asked"):
        return
    with visit.going_on("till-asked"):
        for _ in range(3):  # keys that come slowly are no scan
            await visit.screen.go(visit.url + "/till/basket")
            await visit.calm()
            await visit.screen.scan(UNKNOWN)
            with suppress(AssertionError):
                await visit.screen.sees(UNKNOWN, within=_WAIT // 4)
                break
        await visit.shoot("till-asked")


async def _paid(visit: Visit) -> None:
    """The basket is paid."""
    if not visit.wants("till-receipt"):
        return
    with visit.going_on("till-receipt"):
        await visit.screen.go(visit.url + "/till/basket")
        await visit.screen.reads(r"22[.,]50")
        await visit.calm()
        await visit.screen.press("F9")
        await visit.screen.page.wait_for_url("**/till/receipt/**", timeout=_WAIT)
        await visit.shoot("till-receipt")


async def _refused(visit: Visit, code: str) -> None:
    """A code that was used, once for each width: a screen that is laid out anew has forgotten what was refused."""
    if not visit.wants("till-refused"):
        return
    texts = Texts(visit.language)
    for width in visit.sizes:
        with visit.going_on(f"till-refused {width}"):
            await visit.screen.page.set_viewport_size({"width": width, "height": SIZES[width]})
            await visit.screen.go(visit.url + "/till")
            await visit.calm()
            await visit.screen.scan(code)
            await visit.screen.reads(f"{texts.t('Used code')}|{texts.t('Old code')}")  # by how long the sale took
            await replace(visit, sizes=(width,)).shoot("till-refused")


async def _scan(visit: Visit, persona: str) -> str:
    """A new phone of one of the demo's people, scanned at the till; its code."""
    member = await people.sign_in(visit.url, persona)
    code = people.code_now(member)
    await visit.screen.go(visit.url + "/till")
    await visit.calm()
    await visit.screen.scan(code)
    await visit.screen.page.wait_for_url("**/till/basket", timeout=_WAIT)
    await visit.calm()
    return code
