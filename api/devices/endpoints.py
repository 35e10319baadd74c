"""A member's devices over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.core.platform import InDatabase, InSignals, Now
from api.core.security import CurrentMember
from api.devices import service
from api.problems import responses
from contract.account import Devices

router = APIRouter(prefix="/me/devices", tags=["me"])


@router.get("")
async def devices(member: CurrentMember, database: InDatabase, now: Now) -> Devices:
    """List where the member is signed in: this device first."""
    async with database.connection() as connection:
        return Devices(items=await service.devices(connection, member, now))


@router.delete("/{device_id}", status_code=204, response_class=Response, responses=responses(404))
async def sign_out(device_id: UUID, member: CurrentMember, database: InDatabase, signals: InSignals, now: Now) -> None:
    """Sign one device out at once: its tokens, its member codes and its stream are over."""
    async with database.transaction() as connection:
        await service.end_one(connection, member, device_id, now)
    signals.session_ended(device_id)


@router.delete("", status_code=204, response_class=Response)
async def sign_out_others(member: CurrentMember, database: InDatabase, signals: InSignals, now: Now) -> None:
    """Sign out everywhere but here."""
    async with database.transaction() as connection:
        ended = await service.end_others(connection, member, now)
    for session_id in ended:
        signals.session_ended(session_id)
