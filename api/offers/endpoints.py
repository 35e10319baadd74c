"""The member's offers over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.core.hub import Hub
from api.core.idempotency import OptionalIdempotencyKey
from api.core.platform import InDatabase, InHub, Now
from api.core.security import CurrentMember, MemberSession
from api.core.speaking import AskedLanguage
from api.database.pool import Database
from api.offers import service
from api.offers.service import Activation
from api.problems import responses
from contract.offers import Offer, OfferList

router = APIRouter(prefix="/me/offers", tags=["me"])
OfferId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


@router.get("")
async def offers(member: CurrentMember, database: InDatabase, now: Now, asked: AskedLanguage) -> OfferList:
    """List the offers that concern the member: live ones, coming ones, and activated ones that have just ended."""
    async with database.connection() as connection:
        return OfferList(items=await service.offers(connection, member, now, asked))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a member asks of one offer."""

    offer_id: str
    member: MemberSession
    database: Database
    hub: Hub
    now: datetime
    asked: str | None

    async def taken(self, change: Callable[..., Awaitable[Activation]]) -> Offer:
        """Make the change, and tell the member's other devices of it."""
        async with self.database.connection() as connection:
            done = await change(connection, self.member, self.offer_id, now=self.now, asked=self.asked)
        if done.changed:
            self.hub.publish(self.member.member_id, done.wallet_version)
        return done.offer


async def _deciding(
    offer_id: OfferId,
    member: CurrentMember,
    database: InDatabase,
    hub: InHub,
    now: Now,
    asked: AskedLanguage,
    key: OptionalIdempotencyKey,
) -> Decision:
    return Decision(offer_id, member, database, hub, now, asked)


Deciding = Annotated[Decision, Depends(_deciding)]


@router.put("/{offer_id}/activation", responses=responses(404, 409))
async def activate(decision: Deciding) -> Offer:
    """Activate an offer. Twice is once; an offer that needs no activation stays as it is."""
    return await decision.taken(partial(service.set_activation, active=True))


@router.delete("/{offer_id}/activation", responses=responses(404, 409))
async def deactivate(decision: Deciding) -> Offer:
    """Take an activation back. Twice is once."""
    return await decision.taken(partial(service.set_activation, active=False))


@router.put("/{offer_id}/hidden", responses=responses(404, 409))
async def hide(decision: Deciding) -> Offer:
    """Show less of an offer: it comes last, and goes on counting. Twice is once."""
    return await decision.taken(partial(service.set_hidden, hidden=True))


@router.delete("/{offer_id}/hidden", responses=responses(404, 409))
async def unhide(decision: Deciding) -> Offer:
    """Show an offer among the others again. Twice is once."""
    return await decision.taken(partial(service.set_hidden, hidden=False))
