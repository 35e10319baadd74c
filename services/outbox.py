"""Actions that wait for the network: queued with their key, shown as done, sent once, refusals kept."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import cast

from contract.errors import ErrorCode, Problem
from contract.offers import Offer
from services.clock import Clock
from services.errors import Refused
from services.gateway import Gateway
from services.mirror import Mirror
from services.remembered import Cache, OutboxRow
from services.state import ActionKind, PendingAction, RefusedAction

LATER = {ErrorCode.TOO_MANY_REQUESTS, ErrorCode.UNAVAILABLE, ErrorCode.UNEXPECTED}
"""Refusals of this moment, not of the action."""
NOT_OURS = {ErrorCode.SESSION_ENDED, ErrorCode.NOT_SIGNED_IN}
ABOUT_HIDING: frozenset[str] = frozenset({"hide", "unhide"})
"""The other actions are about activation; the two have nothing to do with each other."""


class Outbox:
    """The queue of one account."""

    def __init__(self, cache: Cache, mirror: Mirror, gateway: Gateway, clock: Clock) -> None:
        self._cache = cache
        self._mirror = mirror
        self._gateway = gateway
        self._clock = clock
        self._turn = asyncio.Lock()

    async def put(self, kind: ActionKind, offer_id: str, offers: Iterable[Offer]) -> None:
        """Queue an action. What takes back an action that was never sent removes it instead."""
        async with self._turn:
            queue = [row for row in await self._cache.outbox() if row.offer_id == offer_id and row.problem is None]
            waiting = [row for row in queue if _same_matter(row.kind, kind)]
            drop: list[str] = []
            if waiting and waiting[-1].kind != kind and not waiting[-1].sent:
                drop.append(waiting.pop().key)
            stands = waiting[-1].kind if waiting else _stands(offer_id, offers, kind)
            add = None
            if stands != kind:
                at = self._clock.now().isoformat()
                add = OutboxRow(str(uuid.uuid4()), kind, offer_id, at, sent=False, problem=None)
            await self._cache.outbox_change(add=add, drop=drop)

    async def flush(self, show: Callable[[], Awaitable[None]]) -> bool:
        """Send what waits, oldest first, showing each outcome; False when the API wants the rest later.

        Raises Offline, and Refused only about the session.
        """
        while (row := await self._next()) is not None:
            try:
                offer = await self._send(row)
            except Refused as error:
                if error.code in LATER:
                    return False
                if error.code in NOT_OURS:
                    raise
                await self._cache.outbox_change(refused=(row.key, error.problem.model_dump_json()))
            else:
                await self._mirror.keep_offer(offer, done=row.key)
            await show()
        return True

    async def _send(self, row: OutboxRow) -> Offer:
        if row.kind in ABOUT_HIDING:
            return await self._gateway.set_hidden(row.offer_id, row.kind == "hide", row.key)
        return await self._gateway.set_activation(row.offer_id, row.kind == "activate", row.key)

    async def dismiss(self, key: str) -> None:
        """Forget a refused action."""
        async with self._turn:
            refused = [row.key for row in await self._cache.outbox() if row.key == key and row.problem is not None]
            await self._cache.outbox_change(drop=refused)

    async def show(self) -> tuple[tuple[PendingAction, ...], tuple[RefusedAction, ...]]:
        """What waits, and what was refused; oldest first."""
        pending: list[PendingAction] = []
        refused: list[RefusedAction] = []
        for row in await self._cache.outbox():
            kind = cast(ActionKind, row.kind)
            if row.problem is None:
                pending.append(PendingAction(row.key, kind, row.offer_id, datetime.fromisoformat(row.queued_at)))
            else:
                problem = Problem.model_validate_json(row.problem)
                refused.append(RefusedAction(row.key, kind, row.offer_id, problem))
        return tuple(pending), tuple(refused)

    async def _next(self) -> OutboxRow | None:
        """The oldest action that waits, marked as sent before it is."""
        async with self._turn:
            row = next((row for row in await self._cache.outbox() if row.problem is None), None)
            if row is not None and not row.sent:
                await self._cache.outbox_change(sent=row.key)
            return row


def as_if_done(offers: tuple[Offer, ...], pending: Iterable[PendingAction]) -> tuple[Offer, ...]:
    """Offers as they will be once what waits is done."""
    last = {(action.offer_id, action.kind in ABOUT_HIDING): action for action in pending}
    if not last:
        return offers
    return tuple(_as_if(offer, [last.get((offer.offer_id, matter)) for matter in (False, True)]) for offer in offers)


def _as_if(offer: Offer, actions: Iterable[PendingAction | None]) -> Offer:
    for action in actions:
        if action is None:
            continue
        if action.kind in ABOUT_HIDING:
            offer = offer.model_copy(update={"hidden": action.kind == "hide"})
        elif action.kind == "activate" and offer.state in {"open", "activated"}:
            at = offer.activated_at or action.queued_at
            offer = offer.model_copy(update={"state": "activated", "activated_at": at})
        elif offer.state in {"open", "activated"}:
            offer = offer.model_copy(update={"state": "open", "activated_at": None})
    return offer


def _stands(offer_id: str, offers: Iterable[Offer], kind: ActionKind) -> ActionKind | None:
    """What the API last said about an offer, as the action that leads there."""
    offer = next((offer for offer in offers if offer.offer_id == offer_id), None)
    if offer is None:
        return None
    if kind in ABOUT_HIDING:
        return "hide" if offer.hidden else "unhide"
    if offer.state == "activated":
        return "activate"
    return "deactivate" if offer.state == "open" else None


def _same_matter(one: str, other: str) -> bool:
    return (one in ABOUT_HIDING) == (other in ABOUT_HIDING)
