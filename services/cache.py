"""The only SQLite: what this device remembers of one account.

Two kinds of rows live here. The mirror (wallet, lots, purchases, offers, cursor) is the API's, row by row as it was
sent, and can be fetched again at any time. The device's own rows (outbox, posts, drafts) exist nowhere else; they are
committed with `synchronous=FULL`, so that a key is on the disk before it is first sent. No token is ever in here.

Each call runs in a worker thread, one at a time: a commit may wait for a slow disk, and a hosted app has hundreds of
these files behind one event loop.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import ClassVar, Self, TypeVar

log = logging.getLogger("kierto.cache")

VERSION = 2
"""Of the whole file. Raise it with each change of a table or of a stored message, and add a step to `STEPS`."""

MIRROR = """
create table mirror (kind text not null, id text not null, version integer not null default 0,
    at text not null default '', listed integer not null default 1, json text not null,
    primary key (kind, id)) without rowid;
create index mirror_newest on mirror (kind, listed, at desc, id desc);
create table facts (name text primary key, value text not null) without rowid;
"""

OWN = """
create table outbox (seq integer primary key autoincrement, key text not null unique, kind text not null,
    offer_id text not null, queued_at text not null, sent integer not null default 0, problem text);
create table posts (seq integer primary key autoincrement, key text not null unique, kind text not null,
    subject text not null, body text not null, draft text not null, at text not null);
create table drafts (name text primary key, json text not null) without rowid;
"""

STEPS: dict[int, str] = {}
"""How the device's own tables get from the version before to this one. The mirror is always fetched anew."""

_T = TypeVar("_T")

Db = sqlite3.Connection
DbError = sqlite3.Error


def reader(path: Path) -> Db:
    """Open a connection that only reads, beside the one that writes. Raises DbError."""
    return sqlite3.connect(
        path.absolute().as_uri() + "?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )


class CacheClosed(RuntimeError):
    """The cache was closed while something still wanted it: the account has left."""


class CacheFull(RuntimeError):
    """The disk has no room: nothing was written, and what was there is still there."""


class CacheFile:
    """One file of one account: schema, transactions, recovery. All calls raise CacheClosed after `close`."""

    schema: ClassVar[str] = MIRROR + OWN
    tables: ClassVar[tuple[str, ...]] = ("mirror", "facts", "outbox", "posts", "drafts")
    keeps_broken: ClassVar[bool] = False
    """Whether a file that cannot be read is put aside by another name: it may hold what exists nowhere else."""
    checked: ClassVar[bool] = True
    """Whether the whole file is read for faults when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rebuilt: str | None = None
        """Why what was there could not be used, when it could not: `corrupt`, `version`."""
        self._db: sqlite3.Connection | None = None
        self._turn = threading.Lock()

    @property
    def version(self) -> int:
        """Of the file's tables and messages."""
        return VERSION

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file, make it, or make it anew when it cannot be read."""
        cache = cls(path)
        await asyncio.to_thread(cache._open)
        return cache

    async def close(self) -> None:
        """Close the file; it stays."""
        await asyncio.to_thread(self._close)

    async def wipe(self) -> None:
        """Close and remove the file with all that belongs to it."""
        await asyncio.to_thread(self._wipe)

    # how

    async def _run(self, work: Callable[[Db], _T], *, durable: bool = False) -> _T:
        """Do `work` in one transaction, in a thread; `durable`: on the disk when this returns."""
        return await asyncio.to_thread(self._turn_of, work, durable)

    def _turn_of(self, work: Callable[[Db], _T], durable: bool) -> _T:
        with self._turn:
            try:
                return self._transaction(work, durable)
            except sqlite3.DatabaseError as error:
                if _no_room(error):
                    raise CacheFull(str(error)) from error
                if not _broken(error):
                    raise
                self._rebuild("corrupt", str(error))
                return self._transaction(work, durable)

    def _transaction(self, work: Callable[[Db], _T], durable: bool) -> _T:
        if self._db is None:
            raise CacheClosed
        self._db.execute(f"pragma synchronous = {'full' if durable else 'normal'}")
        self._db.execute("begin immediate")
        try:
            result = work(self._db)
            self._db.execute("commit")
            return result
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("rollback")
            raise

    def _open(self) -> None:
        with self._turn:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                self._connect()
            except sqlite3.DatabaseError as error:
                if not _broken(error):
                    raise
                self._rebuild("corrupt", str(error))

    def _connect(self) -> None:
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
        self._db = db
        db.execute("pragma journal_mode = wal")
        if self.checked and db.execute("pragma quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("malformed: quick_check found a fault")
        version = int(db.execute("pragma user_version").fetchone()[0])
        if version == self.version:
            return
        if version == 0:
            self._script(self.schema)
        elif version < self.version:
            self._script(self.steps_from(version))
            self.rebuilt = "version"
        else:
            self._rebuild("version", f"version {version} is of a newer app")

    def steps_from(self, version: int) -> str:
        """The SQL that brings a file of an older version here."""
        own = "".join(STEPS.get(step, "") for step in range(version + 1, self.version + 1))
        return "drop table mirror; drop table facts;" + MIRROR + own

    def _script(self, sql: str) -> None:
        if self._db is None:
            raise CacheClosed
        self._db.executescript(f"begin immediate; {sql} pragma user_version = {self.version}; commit;")

    def _rebuild(self, why: str, detail: str) -> None:
        log.warning("the cache is made anew (%s): %s", why, detail)
        self.rebuilt = why
        self._put_aside() if self.keeps_broken else self._forget()
        self._connect()

    def _put_aside(self) -> None:
        """Keep what cannot be read, with its log, for whoever can save something of it."""
        if self._db is not None:
            self._db.close()
            self._db = None
        for number in range(1, 1_000):
            aside = self.path.with_name(f"{self.path.name}.broken-{number}")
            if not aside.exists():
                break
        for end in ("", "-wal"):
            found = self.path.with_name(self.path.name + end)
            if found.exists():
                found.rename(aside.with_name(aside.name + end))
        self._forget()

    def _forget(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
        for end in ("", "-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)

    def _close(self) -> None:
        with self._turn:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _wipe(self) -> None:
        with self._turn:
            if self._db is not None:
                with (
                    suppress(sqlite3.Error),
                    closing(self._db) as db,
                ):  # a file that cannot be removed is at least empty
                    db.executescript("".join(f"delete from {table};" for table in self.tables))  # noqa: S608
                self._db = None
            with suppress(OSError):
                self._forget()


def _no_room(error: sqlite3.DatabaseError) -> bool:
    return "disk is full" in str(error) or "disk I/O error" in str(error)


def _broken(error: sqlite3.DatabaseError) -> bool:
    """Is the file itself unusable? A busy file or a full disk is not."""
    faults = ("malformed", "not a database", "no such table", "no such column", "already exists")
    return any(fault in str(error) for fault in faults)


def is_spare(path: Path) -> bool:
    """Whether nobody has an account's file open, here or elsewhere, and nothing in it waits to be sent.

    One that cannot be read is of no use to anyone.
    """
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as db:
            # only who has a file alone may take it out of this mode
            if db.execute("pragma journal_mode = delete").fetchone()[0] != "delete":
                return False
            waiting = (db.execute(f"select 1 from {table} limit 1").fetchone() for table in ("outbox", "posts"))  # noqa: S608
            return not any(waiting)
    except sqlite3.OperationalError as error:
        return "no such table" in str(error)
    except sqlite3.DatabaseError:
        return True


KEPT = "till-"
"""How the names of files begin that outlive a sign-out: receipts that nobody has sent yet exist nowhere else."""


async def remove_all(folder: Path) -> None:
    """Remove every cache file under a device's folder, but what its till still has to send."""

    def remove() -> None:
        for path in [*folder.glob("*")] if folder.is_dir() else ():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif not path.name.startswith(KEPT):
                with suppress(OSError):
                    path.unlink()
        with suppress(OSError):
            folder.rmdir()

    await asyncio.to_thread(remove)
