"""The pool: asyncpg connections that speak jsonb, with short limits, and one answer to every kind of absence."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
from asyncpg import Record
from asyncpg.pool import PoolConnectionProxy
from pydantic_core import to_json

from api.database.connections import Connections
from api.problems import unavailable

log = logging.getLogger("kierto.database")
if TYPE_CHECKING:
    Connection = PoolConnectionProxy[Record]
else:  # at run time it takes no parameters
    Connection = PoolConnectionProxy
_ACQUIRE_SECONDS = 5
_COMMAND_SECONDS = 15
_SERVER_SETTINGS = {
    "application_name": "kierto",
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
    "plan_cache_mode": "force_generic_plan",  # every statement here finds rows by key; planning each anew costs more
}
# after these a connection is of no more use, though asyncpg may not have noticed: its server ended in mid-sentence, or
# takes no writes, which a connection opened later may find mended
_SPENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InternalClientError,
)
_ABSENT = (
    *_SPENT,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,  # too many connections, no room on the disk, no memory
    asyncpg.PostgresSystemError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.DeadlockDetectedError,
    ConnectionError,
    FileNotFoundError,
    TimeoutError,
)


class DatabaseUnreachable(RuntimeError):
    """No connection at start; the message is one line that says where and why, without the password."""


_LEDGER_TYPES = (("amount", "int8"), ("balance", "int8"), ("source", "text"))


async def prepare_connection(connection: Any) -> None:
    """Make json and jsonb Python values: pydantic models, UUIDs and moments go in, dicts and lists come out.

    The ledger's own types are told, too: within a `row(..)` asyncpg finds none by itself.
    """
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=_encode, decoder=json.loads, schema="pg_catalog")
    for kind, base in _LEDGER_TYPES:
        await connection.set_builtin_type_codec(kind, schema="ledger", codec_name=base)


class Json(str):
    """JSON that is written out already."""

    __slots__ = ()


def _encode(value: Any) -> str:
    if isinstance(value, Json):
        return value
    return to_json(value, exclude_none=True).decode()  # a model's fields that are None stay out


async def _keep_state(_connection: Any) -> None:
    """Stand in for asyncpg's reset, which costs a round trip: no code here leaves session state on a connection."""


class Database:
    """The API's way to PostgreSQL. One per process, in `app.state.database`."""

    def __init__(self, pool: asyncpg.Pool[Record], connections: Connections) -> None:
        self.pool = pool
        self.connections = connections
        self._kept: list[Connection] = []
        self._waiting = 0

    @classmethod
    async def open(cls, connections: Connections, *, size: int = 10) -> Database:
        """Connect. Raises DatabaseUnreachable."""
        role = {"role": connections.role} if connections.role else {}
        try:
            pool = await asyncpg.create_pool(
                connections.api_dsn,
                min_size=0,  # asyncpg would log a traceback for each try to keep up a floor while the server is away
                max_size=size,
                command_timeout=_COMMAND_SECONDS,
                timeout=_ACQUIRE_SECONDS,
                init=prepare_connection,
                reset=_keep_state,
                server_settings={**_SERVER_SETTINGS, **role},
            )
            await pool.fetchval("select 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            raise DatabaseUnreachable(unreachable(connections.api_dsn, error)) from None
        return cls(pool, connections)

    @property
    def size(self) -> int:
        """The most connections that may be in use at once."""
        return self.pool.get_max_size()

    async def close(self) -> None:
        """Close all connections; those in use get a few seconds."""
        while self._kept:
            await self.pool.release(self._kept.pop())
        try:
            await asyncio.wait_for(self.pool.close(), 5)
        except TimeoutError:
            self.pool.terminate()

    def connection(self) -> Lent:
        """A connection, for reading or for one statement. Absence of the database becomes 503."""
        return Lent(self)

    async def take(self) -> Connection:
        """A connection of one's own: one that is kept at hand, or the pool's."""
        while self._kept:
            connection = self._kept.pop()
            if not _is_over(connection):
                return connection
            await self.pool.release(connection)
        self._waiting += 1
        try:
            return await self.pool.acquire(timeout=_ACQUIRE_SECONDS)
        finally:
            self._waiting -= 1

    async def give_back(self, connection: Connection, *, sound: bool) -> None:
        """Keep a connection at hand, where nobody waits for one at the pool and nothing went wrong.

        Giving it to the pool and taking it again would cost a task and two timers each time.
        """
        if sound and not self._waiting and not _is_over(connection) and not connection.is_in_transaction():
            self._kept.append(connection)
        else:
            await self.pool.release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside one transaction: committed at the end, rolled back by any exception."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def fetch(self, query: str, *args: Any) -> list[Record]:
        """All rows of one statement."""
        async with self.connection() as connection:
            return await connection.fetch(query, *args)

    async def fetchrow(self, query: str, *args: Any) -> Record | None:
        """The first row of one statement."""
        async with self.connection() as connection:
            return await connection.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        """The first value of the first row of one statement."""
        async with self.connection() as connection:
            return await connection.fetchval(query, *args)

    async def execute(self, query: str, *args: Any) -> str:
        """One statement; its command tag."""
        async with self.connection() as connection:
            return await connection.execute(query, *args)


def _is_over(connection: Connection) -> bool:
    """Whether a connection was lost: the pool takes one back by itself then, and it answers nothing any more."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True


class Lent:
    """A connection for the length of an `async with` block."""

    __slots__ = ("_connection", "_database")

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __aenter__(self) -> Connection:
        """Take it."""
        try:
            self._connection = await self._database.take()
        except Exception as error:
            _refuse_absence(error, None)
            raise
        return self._connection

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Give it back."""
        try:
            if isinstance(error, Exception):
                _refuse_absence(error, self._connection)
        finally:
            await self._database.give_back(self._connection, sound=error is None)


@contextmanager
def absence_is_503(connection: Connection | None = None) -> Iterator[None]:
    """Turn a lost connection, a full pool or disk, a lock not given up or a statement that takes too long into 503."""
    try:
        yield
    except Exception as error:
        _refuse_absence(error, connection)
        raise


def _refuse_absence(error: Exception, connection: Connection | None) -> None:
    if isinstance(error, _ABSENT):
        if connection is not None and isinstance(error, _SPENT) and not _is_over(connection):
            connection.terminate()
        words = f": {error}" if isinstance(error, asyncpg.InternalClientError) else ""  # asyncpg's own, of no value
        log.warning("the database is away: %s%s", type(error).__name__, words)
        raise unavailable() from error
    if isinstance(error, asyncpg.InterfaceError):
        if connection is not None and not _is_over(connection):
            return  # a mistake in a call, not an absence
        log.warning("the database is away: %s", error)
        raise unavailable() from error


def unreachable(dsn: str, error: BaseException) -> str:
    """One line about a connection that could not be made: where and why, without the password."""
    place = dsn.split("://", 1)[-1].rsplit("@", 1)[-1]
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return f"PostgreSQL at {place} cannot be used: {reason}"
