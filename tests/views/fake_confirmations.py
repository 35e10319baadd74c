"""What `client.confirmations` does without an API: the test answers for the member, or for the till."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from contract.confirmations import Confirmation, SpendRequest
from contract.members import Profile
from contract.money import Money
from services.state import Asked

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def brl(amount: int) -> Money:
    return Money(amount=amount, currency="BRL")


def asked(confirmation_id: str = "q1", amount: int = 3_500, **more: Any) -> Asked:
    """Centro asks for 35.00; a minute and a half to answer."""
    given: dict[str, Any] = {
        "store_id": "centro",
        "store_name": "Centro",
        "redeem": brl(amount),
        "redeem_points": 0,
        "amount": brl(amount),
        "remaining": brl(4_280 - amount),
        "asked_at": NOW,
        "answer_by": NOW + timedelta(seconds=90),
    }
    return Asked(SpendRequest(confirmation_id=confirmation_id, **(given | more)), NOW + timedelta(seconds=90))


class FakeConfirmations:
    """`outcome` is what the member answers; `None` lets a till wait until it is set by `settle`."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.fail: dict[str, Exception] = {}
        self.outcome: str | None = None
        self.profile: Profile | None = None
        self._over = asyncio.Event()

    def _called(self, *call: Any) -> None:
        self.calls.append(call)
        if call[0] in self.fail:
            raise self.fail.pop(call[0])

    def settle(self, outcome: str) -> None:
        self.outcome = outcome
        self._over.set()

    async def ask(self, identification: str, redeem: int, points: int = 0) -> Confirmation:
        self._called("ask", identification, redeem, points)
        self._over = asyncio.Event()
        return Confirmation(
            confirmation_id=f"q{len(self.calls)}",
            identification=identification,
            state="waiting",
            redeem=brl(redeem),
            redeem_points=points,
            amount=brl(redeem + points),
            asked_at=NOW,
            answer_by=NOW + timedelta(seconds=90),
            good_until=NOW + timedelta(minutes=5),
        )

    async def settled(self, request: Confirmation) -> Confirmation:
        if self.outcome is None:
            await self._over.wait()
        outcome, self.outcome = self.outcome, None
        return request.model_copy(update={"state": outcome})

    async def withdraw(self, confirmation_id: str) -> None:
        self._called("withdraw", confirmation_id)

    async def answer(self, confirmation_id: str, *, allow: bool) -> None:
        self._called("answer", confirmation_id, allow)

    async def set_limit(self, limit: int | None) -> None:
        self._called("set_limit", limit)
