"""Word between processes over PostgreSQL's LISTEN and NOTIFY: changed wallets and ended sessions.

Sent on a connection of its own and gathered for a moment, never inside a transaction that moves money: NOTIFY takes a
lock over the whole database at commit and would make those transactions queue.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg

from api.core.clock import Clock
from api.core.hub import Hub
from api.core.revocations import Revocations
from api.database.pool import Database

log = logging.getLogger("kierto.signals")
CHANNEL = "kierto"
_GATHER_SECONDS = 0.05
_PER_MESSAGE = 100  # a payload holds 8,000 bytes; one wallet takes about 60
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)


class Signals:
    """Keeps one connection that listens and sends; connects again by itself."""

    def __init__(self, database: Database, hub: Hub, revocations: Revocations, clock: Clock) -> None:
        self._database = database
        self._hub = hub
        self._revocations = revocations
        self._clock = clock
        self._origin = secrets.token_hex(4)
        self._wallets: dict[UUID, int] = {}
        self._sessions: set[UUID] = set()
        self._wake = asyncio.Event()
        self._connection: asyncpg.Connection[Any] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load which sessions have ended, then listen. Returns once it listens."""
        self._hub.relay_to(self._wallet_changed)
        self._revocations.on_end(self._hub.end_session)
        self._connection = await self._connect()
        self._task = asyncio.create_task(self._run(self._connection), name="signals")

    async def stop(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._connection is not None:  # a task that is cancelled before its first step closes nothing
            self._connection.terminate()

    def session_ended(self, session_id: UUID) -> None:
        """Say that a session has ended: here at once, elsewhere in a moment."""
        self._revocations.add(session_id, self._clock.now())
        self._sessions.add(session_id)
        self._wake.set()

    def _wallet_changed(self, member_id: UUID, version: int) -> None:
        self._wallets[member_id] = max(version, self._wallets.get(member_id, 0))
        self._wake.set()

    async def _connect(self) -> asyncpg.Connection[Any]:
        connections = self._database.connections
        role = {"role": connections.role} if connections.role else {}
        connection = await asyncpg.connect(
            connections.api_dsn,
            timeout=10,
            command_timeout=10,
            server_settings={
                "application_name": "kierto-signals",
                "synchronous_commit": "off",
                **role,
            },  # word, not money
        )
        try:
            await connection.add_listener(CHANNEL, self._heard)
            rows = await connection.fetch(
                "select session_id, revoked_at from session where revoked_at >= $1",
                self._revocations.since(self._clock.now()),
            )
        except BaseException:  # lost again, or stopped, before anybody holds it
            connection.terminate()
            raise
        for row in rows:
            self._revocations.add(row["session_id"], row["revoked_at"])
        return connection

    async def _run(self, connection: asyncpg.Connection[Any]) -> None:
        delay = 0.1
        while True:
            try:
                lost = asyncio.Event()
                connection.add_termination_listener(self._told_when_lost(lost))
                if connection.is_closed():  # before anybody listened for that
                    lost.set()
                    self._wake.set()
                await self._send_until_lost(connection, lost)
            except _LOST as error:
                log.warning("the connection between processes was lost: %s", type(error).__name__)
            finally:
                connection.terminate()
            while True:
                await asyncio.sleep(delay)
                try:
                    connection = await self._connect()
                    break
                except _LOST:
                    delay = min(delay * 2, 5)
            delay = 0.1
            self._hub.missed()

    def _told_when_lost(self, lost: asyncio.Event) -> Callable[[object], None]:
        def tell(_connection: object) -> None:
            lost.set()
            self._wake.set()

        return tell

    async def _send_until_lost(self, connection: asyncpg.Connection[Any], lost: asyncio.Event) -> None:
        while not lost.is_set():
            await self._wake.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            self._wake.clear()
            messages = list(self._messages())
            if messages and not lost.is_set():
                await connection.execute("select pg_notify($1, m) from unnest($2::text[]) m", CHANNEL, messages)

    def _messages(self) -> Iterator[str]:
        wallets, self._wallets = [[str(member), version] for member, version in self._wallets.items()], {}
        sessions, self._sessions = [str(each) for each in self._sessions], set()
        for i in range(0, max(len(wallets), len(sessions)), _PER_MESSAGE):
            part = slice(i, i + _PER_MESSAGE)
            yield json.dumps({"from": self._origin, "wallets": wallets[part], "sessions": sessions[part]})

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        try:
            said = json.loads(str(payload))
            if said["from"] == self._origin:
                return
            for member, version in said["wallets"]:
                self._hub.deliver(UUID(member), int(version))
            for session in said["sessions"]:
                self._revocations.add(UUID(session), self._clock.now())
        except (ValueError, KeyError, TypeError):
            log.warning("a message between processes could not be read")
