"""Staff's routes."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import APIRouter

from api.core.idempotency import IdempotencyKey
from api.core.platform import InDatabase, InHub, InSignals, InTokens, Now, SigningKey
from api.core.security import CurrentManager, CurrentStaff, CurrentSupervisor
from api.problems import responses
from api.sign_in import pins
from api.staff import by_hand, service
from contract.sign_in import Session
from contract.staff import (
    AccountLink,
    Credit,
    CreditRequest,
    StaffAdd,
    StaffChange,
    StaffList,
    StaffMember,
    SwitchRequest,
)

router = APIRouter()


@router.post("/till/switch", tags=["till"], responses=responses(401, 403, 429))
async def switch_staff(
    request: SwitchRequest,
    staff: CurrentStaff,
    database: InDatabase,
    tokens: InTokens,
    signing_key: SigningKey,
    now: Now,
) -> Session:
    """Hand the till to another member of the store's staff, or unlock it. The customer in hand stays identified."""
    return await service.switch(database, staff, request, tokens, signing_key, now)


@router.post("/till/credits", status_code=201, tags=["till"], responses=responses(400, 401, 403, 409, 429))
async def credit_member(
    request: CreditRequest, staff: CurrentSupervisor, key: IdempotencyKey, database: InDatabase, hub: InHub, now: Now
) -> Credit:
    """Give the identified member cashback by hand: a supervisor, a reason, and a second one's PIN."""
    done, member_id = await by_hand.credit(database, staff, request, key, now)
    hub.publish(member_id, done.wallet.version)
    return done


@router.get("/programme/staff", tags=["programme"], responses=responses(401, 403))
async def list_staff(manager: CurrentManager, database: InDatabase, now: Now) -> StaffList:
    """The staff that this manager looks after: her store's, or everybody's."""
    async with database.connection() as connection:
        return await service.Administration(connection, manager, now).listed()


@router.post("/programme/staff", status_code=201, tags=["programme"], responses=responses(401, 403, 409))
async def add_staff(request: StaffAdd, manager: CurrentManager, database: InDatabase, now: Now) -> StaffMember:
    """Add somebody who signs in with the store, her number and a PIN."""
    pin_hash = await asyncio.to_thread(pins.hash_pin, request.pin)
    async with database.transaction() as connection:
        return await service.Administration(connection, manager, now).add(request, pin_hash)


@router.patch("/programme/staff/{staff_id}", tags=["programme"], responses=responses(401, 403, 404))
async def change_staff(
    staff_id: UUID,
    request: StaffChange,
    manager: CurrentManager,
    database: InDatabase,
    signals: InSignals,
    now: Now,
) -> StaffMember:
    """Change a name or role, reset a PIN, end somebody's work or take it up again."""
    pin_hash = await asyncio.to_thread(pins.hash_pin, request.pin) if request.pin is not None else None
    async with database.transaction() as connection:
        changed, ended = await service.Administration(connection, manager, now).change(staff_id, request, pin_hash)
    for session_id in ended:
        signals.session_ended(session_id)
    return changed


@router.post("/programme/staff/{staff_id}/accounts", tags=["programme"], responses=responses(401, 403, 404))
async def link_account(
    staff_id: UUID, request: AccountLink, manager: CurrentManager, database: InDatabase, now: Now
) -> StaffMember:
    """Name a member account that somebody may not serve: her own, or one of her household."""
    async with database.transaction() as connection:
        return await service.Administration(connection, manager, now).link(staff_id, request)


@router.delete("/programme/staff/{staff_id}/accounts", tags=["programme"], responses=responses(401, 403, 404))
async def unlink_accounts(staff_id: UUID, manager: CurrentManager, database: InDatabase, now: Now) -> StaffMember:
    """Forget the accounts linked to somebody."""
    async with database.transaction() as connection:
        return await service.Administration(connection, manager, now).unlink(staff_id)
