"""Who is asking: the member or the staff behind an access token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.core.platform import InRevocations, InTokens, Now
from api.problems import Refusal, not_signed_in
from contract.errors import ErrorCode

Role = Literal["cashier", "supervisor", "manager"]
_bearer = HTTPBearer(auto_error=False, description="The access token that signing in answered with.")


@dataclass(frozen=True, slots=True)
class MemberSession:
    """A signed-in member, on one device."""

    member_id: UUID
    programme_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in member of staff, at one store."""

    staff_id: UUID
    programme_id: UUID
    session_id: UUID
    store_id: str
    role: Role


AnySession = MemberSession | StaffSession


async def current_session(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    tokens: InTokens,
    revocations: InRevocations,
    now: Now,
) -> AnySession:
    """Whoever is signed in. Refuses with 401 otherwise."""
    if credentials is None:
        raise not_signed_in()
    claims = tokens.read_access(credentials.credentials, now)
    if claims is None:
        raise not_signed_in("The access token is over, or is not one. Refresh it, or sign in.")
    session = _session_of(claims)
    if session.session_id in revocations:
        raise session_ended()
    request.scope["kierto.session"] = session
    return session


async def current_member(session: Annotated[AnySession, Depends(current_session)]) -> MemberSession:
    """The signed-in member. 403 for staff."""
    if not isinstance(session, MemberSession):
        raise not_allowed("This is for members; a member of staff is signed in.")
    return session


async def current_staff(session: Annotated[AnySession, Depends(current_session)]) -> StaffSession:
    """The signed-in member of staff. 403 for members."""
    if not isinstance(session, StaffSession):
        raise not_allowed("This is for staff; a member is signed in.")
    return session


async def current_manager(session: Annotated[StaffSession, Depends(current_staff)]) -> StaffSession:
    """The signed-in manager. 403 for anyone else."""
    if session.role != "manager":
        raise not_allowed("This is for managers.")
    return session


CurrentSession = Annotated[AnySession, Depends(current_session)]
CurrentMember = Annotated[MemberSession, Depends(current_member)]
CurrentStaff = Annotated[StaffSession, Depends(current_staff)]
CurrentManager = Annotated[StaffSession, Depends(current_manager)]


def not_allowed(detail: str) -> Refusal:
    """403."""
    return Refusal(403, ErrorCode.NOT_ALLOWED, detail)


def session_ended() -> Refusal:
    """401 that says that this session is over for good."""
    challenge = {"WWW-Authenticate": "Bearer"}
    return Refusal(401, ErrorCode.SESSION_ENDED, "This session has ended. Sign in again.", headers=challenge)


def claims_of(session: AnySession) -> dict[str, str | None]:
    """What an access token says about a session."""
    common: dict[str, str | None] = {"programme": str(session.programme_id), "session": str(session.session_id)}
    if isinstance(session, MemberSession):
        return {"sub": str(session.member_id), "kind": "member", **common}
    return {"sub": str(session.staff_id), "kind": "staff", "store": session.store_id, "role": session.role, **common}


def _session_of(claims: dict[str, Any]) -> AnySession:
    subject, programme, session = (UUID(claims[name]) for name in ("sub", "programme", "session"))
    if claims["kind"] == "member":
        return MemberSession(subject, programme, session)
    return StaffSession(subject, programme, session, claims["store"], cast(Role, claims["role"]))
