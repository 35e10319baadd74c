"""Who is asking: the member or the staff behind an access token."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from api.core.clock import Clock
from api.core.revocations import Revocations
from api.core.tokens import Tokens
from api.problems import Refusal, not_signed_in
from contract.errors import ErrorCode

Role = Literal["cashier", "supervisor", "manager"]


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


class SignedIn(HTTPBearer):
    """Whoever is signed in, as a dependency that asks for nothing but the request: each further one costs its time."""

    def __init__(self) -> None:
        super().__init__(
            scheme_name="HTTPBearer",
            auto_error=False,
            description="The access token that signing in answered with.",
        )

    async def __call__(self, request: Request) -> Any:  # type: ignore[override]  # asked for by HTTP routes only
        """The session behind the request. Refuses with 401 when there is none, with 403 when it is of another kind."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise not_signed_in()
        state = request.app.state
        claims = cast(Tokens, state.tokens).read_access(token, cast(Clock, state.clock).now())
        if claims is None:
            raise not_signed_in("The access token is over, or is not one. Refresh it, or sign in.")
        session = _session_of(*[claims.get(name) for name in _NAMES])
        if session.session_id in cast(Revocations, state.revocations):
            raise session_ended()
        request.scope["kierto.session"] = session
        self.check(session)
        return session

    def check(self, session: AnySession) -> None:
        """Refuse a session that may not be here."""


class _Member(SignedIn):
    def check(self, session: AnySession) -> None:
        if not isinstance(session, MemberSession):
            raise not_allowed("This is for members; a member of staff is signed in.")


class _Staff(SignedIn):
    def check(self, session: AnySession) -> None:
        if not isinstance(session, StaffSession):
            raise not_allowed("This is for staff; a member is signed in.")


class _Manager(_Staff):
    def check(self, session: AnySession) -> None:
        super().check(session)
        if isinstance(session, StaffSession) and session.role != "manager":
            raise not_allowed("This is for managers.")


class _Supervisor(_Staff):
    def check(self, session: AnySession) -> None:
        super().check(session)
        if isinstance(session, StaffSession) and session.role == "cashier":
            raise not_allowed("This is for supervisors and managers.")


CurrentSession = Annotated[AnySession, Depends(SignedIn())]
CurrentMember = Annotated[MemberSession, Depends(_Member())]
CurrentStaff = Annotated[StaffSession, Depends(_Staff())]
CurrentSupervisor = Annotated[StaffSession, Depends(_Supervisor())]
CurrentManager = Annotated[StaffSession, Depends(_Manager())]


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


_NAMES = ("kind", "sub", "programme", "session", "store", "role")


@lru_cache(maxsize=4_096)
def _session_of(
    kind: str, subject: str, programme: str, session: str, store: str | None, role: Role | None
) -> AnySession:
    ids = UUID(subject), UUID(programme), UUID(session)
    return MemberSession(*ids) if kind == "member" else StaffSession(*ids, store or "", role or "cashier")
