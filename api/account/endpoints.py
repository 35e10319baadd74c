"""A member's own account over HTTP: changing it, leaving, and staying after all."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends

from api.account import service
from api.core.platform import InDatabase, InHub, InMail, InSignals, Now, SigningKey
from api.core.security import CurrentMember
from api.problems import responses
from contract.account import LeaveRequest, Leaving, ProfileChange, TermsAcceptance
from contract.members import Profile

router = APIRouter(prefix="/me", tags=["me"])


async def _account(
    member: CurrentMember, database: InDatabase, hub: InHub, key: SigningKey, now: Now
) -> service.Account:
    return service.Account(member, database, hub, key, now)


_Service = Annotated[service.Account, Depends(_account)]


@router.patch("", responses=responses(409))
async def change(change: ProfileChange, account: _Service) -> Profile:
    """Change the name or the language, or set the birthday, which can be done once."""
    return await account.change(change)


@router.put("/terms", responses=responses(409))
async def accept_terms(said: TermsAcceptance, account: _Service) -> Profile:
    """Accept the programme's terms that are in force. Twice is once."""
    return await account.accept_terms(said.version)


@router.get("/leaving")
async def leaving(account: _Service) -> Leaving:
    """Say what leaving would cost, and, where it was asked for, when it happens."""
    return await account.leaving()


@router.post("/leaving/code", status_code=202, responses=responses(429))
async def leaving_code(account: _Service, mail: InMail, later: BackgroundTasks) -> dict[str, str]:
    """Send a one-time code to the member's own contact, to show that it is herself who asks."""
    later.add_task(mail.send, await account.prepare_code())
    return {}


@router.delete("", responses=responses(401))
async def leave(request: LeaveRequest, account: _Service, signals: InSignals) -> Leaving:
    """Ask to be erased once the days to think it over have passed. Signs out every other device at once."""
    return await account.leave(request.code, signals)


@router.post("/leaving/stay")
async def stay(account: _Service) -> Leaving:
    """Stay after all. Twice is once."""
    return await account.stay()
