"""The stream that tells an open app that its wallet has changed."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.core.hub import PER_MEMBER, Hub, TooManyStreams
from api.core.platform import InHub
from api.core.security import CurrentMember, MemberSession
from api.problems import responses, too_many
from contract.members import WalletEvent

router = APIRouter(prefix="/me", tags=["me"])
HEARTBEAT_SECONDS = 15
_DESCRIPTION = "Events `changed`, each with a WalletEvent; a comment every 15 s while nothing happens."


@router.get(
    "/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": _DESCRIPTION}, **responses(429)},
)
async def events(member: CurrentMember, hub: InHub) -> EventSourceResponse:
    """Say when something has changed for the member. The first event comes at the first change after connecting."""
    if not hub.has_room(member.member_id):
        raise too_many(f"A member may hold {PER_MEMBER} streams open at once.", 30)
    return EventSourceResponse(
        _changes(hub, member),
        ping=HEARTBEAT_SECONDS,
        ping_message_factory=lambda: ServerSentEvent(comment="still here"),
        headers={"Cache-Control": "no-store"},
    )


async def _changes(hub: Hub, member: MemberSession) -> AsyncIterator[ServerSentEvent]:
    try:
        with hub.subscribe(member.member_id, member.session_id) as subscription:
            yield ServerSentEvent(comment="connected")  # proxies and clients see at once that the stream is open
            async for version in subscription:
                yield ServerSentEvent(event="changed", data=WalletEvent(version=version).model_dump_json())
    except TooManyStreams:
        return
