"""Tills that post at once and retry with the same key until they have an answer, as a till does."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.faults.house import House, Sale

PATIENCE = 120.0
TILLS = 8
_REFUND_SHARE = 0.15
_FINAL = {409, 422}


@dataclass
class Crowd:
    """What the tills were told. A receipt counts as acknowledged once its 201 has arrived."""

    house: House
    rng: random.Random
    waiting: deque[Sale]
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunded: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int | str] = field(default_factory=Counter)
    unavailable: list[httpx.Response] = field(default_factory=list)
    retried: int = 0
    stopping: bool = False
    _answered: asyncio.Condition = field(default_factory=asyncio.Condition)
    _newest: float = 0.0

    async def more(self, receipts: int) -> None:
        """Wait for so many more acknowledgements."""
        goal = len(self.acknowledged) + receipts
        async with self._answered:
            await asyncio.wait_for(self._answered.wait_for(lambda: len(self.acknowledged) >= goal), PATIENCE)

    async def serving_after(self, moment: float) -> float:
        """Seconds from a moment until a receipt was acknowledged that was posted after it."""
        async with self._answered:
            await asyncio.wait_for(self._answered.wait_for(lambda: self._newest > moment), PATIENCE)
        return time.monotonic() - moment

    async def post(self, client: httpx.AsyncClient, path: str, body: Any, key: str) -> httpx.Response:
        """Post until there is a final answer; every retry sends the same key and body."""
        headers = {**self.house.till.headers, "Idempotency-Key": key}
        end = time.monotonic() + PATIENCE
        while True:
            begun = time.monotonic()
            try:
                answer = await client.post(path, json=body, headers=headers)
            except httpx.TransportError as error:
                self.statuses[type(error).__name__] += 1
            else:
                self.statuses[answer.status_code] += 1
                if answer.status_code == 201:
                    self._newest = max(self._newest, begun)
                if answer.status_code == 201 or answer.status_code in _FINAL:
                    return answer
                assert answer.status_code == 503, f"{answer.status_code}: {answer.text}"
                self.unavailable.append(answer)
            assert time.monotonic() < end, f"no answer for {PATIENCE} s: {self.statuses}"
            self.retried += 1
            await asyncio.sleep(0.05)

    async def _till(self, client: httpx.AsyncClient) -> None:
        while self.waiting and not self.stopping:
            sale = self.waiting.popleft()
            answer = await self.post(client, "/v1/till/purchases", sale.body, sale.key)
            if answer.status_code != 201:
                self.refused[sale.number] = answer.json()["code"]
                continue
            receipt = answer.json()
            async with self._answered:
                self.acknowledged[sale.number] = receipt
                self._answered.notify_all()
            if self.rng.random() < _REFUND_SHARE:
                path = f"/v1/till/purchases/{receipt['purchase_id']}/refunds"
                answer = await self.post(client, path, {}, str(uuid4()))
                assert answer.status_code == 201, answer.text
                self.refunded.add(sale.number)

    async def is_kept(self) -> None:
        """Every acknowledged receipt is in the ledger once, as it was told; nothing else is; all is in order."""
        posted = await self.house.posted([*self.acknowledged, *self.refused])
        assert posted.keys() == self.acknowledged.keys()
        for number, receipt in self.acknowledged.items():
            row = posted[number]
            told = (receipt["purchase_id"], receipt["earned"]["amount"], receipt["redeemed"]["amount"])
            assert (row["purchase_id"], row["earned"], row["redeemed"]) == told
            assert row["refunds"] == row["refunded"] == (number in self.refunded)
        assert set(self.refused.values()) <= {"redeem_over_balance"}, self.refused
        await self.house.is_in_order()

    def says_when_unavailable(self) -> None:
        """Every 503 is a problem document that says when to come back."""
        for answer in self.unavailable:
            is_unavailable(answer)


def is_unavailable(answer: httpx.Response) -> None:
    """503, with Retry-After, as a problem document with its code."""
    assert answer.status_code == 503, f"{answer.status_code}: {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "unavailable"


@asynccontextmanager
async def crowd(house: House, rng: random.Random, sales: int, tills: int = TILLS) -> AsyncIterator[Crowd]:
    """Tills at work for as long as the block lasts; then each finishes what it has begun."""
    working = Crowd(house, rng, deque(await house.sales(sales, rng)))
    async with httpx.AsyncClient(base_url=house.url, timeout=20) as client:
        tasks = [asyncio.create_task(working._till(client)) for _ in range(tills)]
        try:
            yield working
        except BaseException:
            for task in tasks:
                task.cancel()
            raise
        finally:
            working.stopping = True
            done = await asyncio.gather(*tasks, return_exceptions=True)
        failed = [each for each in done if isinstance(each, BaseException)]
        if failed:
            raise failed[0]
    print(f"  {len(working.acknowledged)} receipts acknowledged, {working.retried} retries: {dict(working.statuses)}")
