"""What endpoints take from the app: the database, the time, the hub and the rest; as `async def` dependencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import Depends, Request

from api.core.clock import Clock
from api.core.hub import Hub
from api.core.lanes import Lanes
from api.core.revocations import Revocations
from api.core.signals import Signals
from api.core.tokens import Tokens
from api.core.turns import Turns
from api.database.pool import Database
from api.mail.sender import Sender
from api.settings import Settings


async def _database(request: Request) -> Database:
    return cast(Database, request.app.state.database)


async def _now(request: Request) -> datetime:
    return cast(Clock, request.app.state.clock).now()


async def _hub(request: Request) -> Hub:
    return cast(Hub, request.app.state.hub)


async def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


async def _tokens(request: Request) -> Tokens:
    return cast(Tokens, request.app.state.tokens)


async def _revocations(request: Request) -> Revocations:
    return cast(Revocations, request.app.state.revocations)


async def _signals(request: Request) -> Signals:
    return cast(Signals, request.app.state.signals)


async def _turns(request: Request) -> Turns:
    return cast(Turns, request.app.state.turns)


async def _mail(request: Request) -> Sender:
    return cast(Sender, request.app.state.mail)


async def _key(request: Request) -> bytes:
    return cast(bytes, request.app.state.signing_key)


@dataclass(frozen=True, slots=True)
class Platform:
    """All of these at once, for the routes where each dependency's own time counts."""

    database: Database
    hub: Hub
    signing_key: bytes
    clock: Clock
    lanes: Lanes[Any, Any]
    turns: Turns

    def now(self) -> datetime:
        """The time."""
        return self.clock.now()


async def _platform(request: Request) -> Platform:
    state = request.app.state
    return Platform(state.database, state.hub, state.signing_key, state.clock, state.lanes, state.turns)


InPlatform = Annotated[Platform, Depends(_platform)]
InDatabase = Annotated[Database, Depends(_database)]
Now = Annotated[datetime, Depends(_now)]
InHub = Annotated[Hub, Depends(_hub)]
InSettings = Annotated[Settings, Depends(_settings)]
InTokens = Annotated[Tokens, Depends(_tokens)]
InRevocations = Annotated[Revocations, Depends(_revocations)]
InSignals = Annotated[Signals, Depends(_signals)]
InTurns = Annotated[Turns, Depends(_turns)]
InMail = Annotated[Sender, Depends(_mail)]
SigningKey = Annotated[bytes, Depends(_key)]
