"""Spending above the limit: a till asks and waits, the member answers on this device and sets her own limit."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import quote as path_part

from contract.confirmations import (
    Confirmation,
    ConfirmationAsk,
    SpendAnswer,
    SpendAnswered,
    SpendLimitChange,
)
from contract.errors import ErrorCode
from contract.members import Profile
from services.clock import Clock
from services.errors import Offline, Refused
from services.routes import Routes
from services.sales import input_as_refusal

WAIT = 8
"""Seconds that one question for the outcome may be held at the API: less than a call may take."""
_PAUSE = 0.3
_GRACE = timedelta(seconds=5)


class ConfirmationRoutes(Routes):
    """The API's routes of confirmations, as typed methods."""

    async def ask_to_spend(self, request: ConfirmationAsk, key: str) -> Confirmation:
        """Ask the member at the till; the same key asks once."""
        return await self._call(Confirmation, "POST", "/v1/till/confirmations", request, key=key)

    async def confirmation(self, confirmation_id: str, wait: int) -> Confirmation:
        """What came of it, after `wait` seconds at the latest."""
        return await self._call(Confirmation, "GET", _till(confirmation_id), query={"wait": str(wait)})

    async def withdraw_confirmation(self, confirmation_id: str) -> Confirmation:
        """Take it back."""
        return await self._call(Confirmation, "DELETE", _till(confirmation_id))

    async def answer_to_spend(self, confirmation_id: str, answer: SpendAnswer) -> SpendAnswered:
        """The member's answer; a second arrival does no harm."""
        path = f"/v1/me/confirmations/{path_part(confirmation_id, safe='')}"
        return await self._call(SpendAnswered, "POST", path, answer, safe=True)

    async def set_spend_limit(self, change: SpendLimitChange) -> Profile:
        """The member's own limit."""
        return await self._call(Profile, "PUT", "/v1/me/spend-limit", change)


def _till(confirmation_id: str) -> str:
    return f"/v1/till/confirmations/{path_part(confirmation_id, safe='')}"


class Confirmations:
    """What a till and a member do about spending above a limit. Everything raises Offline or Refused.

    Args:
        routes: the API.
        clock: the device's.
        answered: told the id of a request that is settled, so that it is shown no more.
        changed: told the profile with a new limit.
    """

    def __init__(
        self,
        routes: ConfirmationRoutes,
        clock: Clock,
        answered: Callable[[str], None],
        changed: Callable[[Profile], Awaitable[None]],
    ) -> None:
        self._routes = routes
        self._clock = clock
        self._answered = answered
        self._changed = changed
        self._asking: tuple[ConfirmationAsk, str] | None = None

    # a till

    async def ask(self, identification: str, redeem: int, points: int = 0) -> Confirmation:
        """Ask the member to allow so many minor units and points; the same again, after a lost answer, asks once."""
        with input_as_refusal():
            request = ConfirmationAsk(identification=identification, redeem=redeem, redeem_points=points)
        if self._asking is None or self._asking[0] != request:
            self._asking = request, str(uuid.uuid4())
        asked = await self._routes.ask_to_spend(*self._asking)
        self._asking = None
        return asked

    async def settled(self, asked: Confirmation) -> Confirmation:
        """Wait until a request is answered or over. A network that blinks meanwhile is no matter."""
        end = self._clock.now() + (asked.answer_by - asked.asked_at) + _GRACE
        while asked.state == "waiting":
            began = self._clock.monotonic()
            try:
                asked = await self._routes.confirmation(asked.confirmation_id, WAIT)
            except Offline:
                if self._clock.now() > end:
                    raise
            if self._clock.monotonic() - began < _PAUSE:
                await asyncio.sleep(_PAUSE)
        return asked

    async def withdraw(self, confirmation_id: str) -> None:
        """Take a request back, so that no phone rings on."""
        await self._routes.withdraw_confirmation(confirmation_id)

    # a member

    async def answer(self, confirmation_id: str, *, allow: bool) -> None:
        """Allow a request, or refuse it. One that is over by now is shown no more, and says so as a refusal."""
        try:
            await self._routes.answer_to_spend(confirmation_id, SpendAnswer(answer="allow" if allow else "refuse"))
        except Refused as error:
            if error.code in {ErrorCode.CONFIRMATION_OVER, ErrorCode.NOT_FOUND}:
                self._answered(confirmation_id)
            raise
        self._answered(confirmation_id)

    async def set_limit(self, limit: int | None) -> Profile:
        """What tills may spend without asking, in minor units: 0 always asks, None is the programme's own limit."""
        with input_as_refusal():
            change = SpendLimitChange(limit=limit)
        profile = await self._routes.set_spend_limit(change)
        await self._changed(profile)
        return profile
