"""The member's offers over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.core.hub import Hub
from api.core.idempotency import OptionalIdempotencyKey
from api.core.platform import InDatabase, InHub, Now
from api.core.security import CurrentMember, MemberSession
from api.core.speaking import AskedLanguage
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


@router.put("/{offer_id}/activation", responses=responses(404, 409))
async def activate(
    offer_id: OfferId,
    member: CurrentMember,
    database: InDatabase,
    hub: InHub,
    now: Now,
    asked: AskedLanguage,
    key: OptionalIdempotencyKey,
) -> Offer:
    """Activate an offer. Twice is once; an offer that needs no activation stays as it is."""
    async with database.connection() as connection:
        done = await service.set_activation(connection, member, offer_id, active=True, now=now, asked=asked)
    return _said(done, member, hub)


@router.delete("/{offer_id}/activation", responses=responses(404, 409))
async def deactivate(
    offer_id: OfferId,
    member: CurrentMember,
    database: InDatabase,
    hub: InHub,
    now: Now,
    asked: AskedLanguage,
    key: OptionalIdempotencyKey,
) -> Offer:
    """Take an activation back. Twice is once."""
    async with database.connection() as connection:
        done = await service.set_activation(connection, member, offer_id, active=False, now=now, asked=asked)
    return _said(done, member, hub)


@router.put("/{offer_id}/hidden", responses=responses(404, 409))
async def hide(
    offer_id: OfferId,
    member: CurrentMember,
    database: InDatabase,
    hub: InHub,
    now: Now,
    asked: AskedLanguage,
    key: OptionalIdempotencyKey,
) -> Offer:
    """Show less of an offer: it comes last, and goes on counting. Twice is once."""
    async with database.connection() as connection:
        done = await service.set_hidden(connection, member, offer_id, hidden=True, now=now, asked=asked)
    return _said(done, member, hub)


@router.delete("/{offer_id}/hidden", responses=responses(404, 409))
async def unhide(
    offer_id: OfferId,
    member: CurrentMember,
    database: InDatabase,
    hub: InHub,
    now: Now,
    asked: AskedLanguage,
    key: OptionalIdempotencyKey,
) -> Offer:
    """Show an offer among the others again. Twice is once."""
    async with database.connection() as connection:
        done = await service.set_hidden(connection, member, offer_id, hidden=False, now=now, asked=asked)
    return _said(done, member, hub)


def _said(done: Activation, member: MemberSession, hub: Hub) -> Offer:
    if done.changed:
        hub.publish(member.member_id, done.wallet_version)
    return done.offer
