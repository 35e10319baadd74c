"""The till's own book: its kit, the codes that it has seen, and the receipts that it still has to send.

One file a store on this device, whoever is signed in. It outlives a sign-out: what is confirmed is sent by whoever
signs in at this store next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from services.cache import KEPT, CacheFile, Db

QueueState = Literal["waiting", "posted", "refused"]

_VERSION = 1
_TABLES = """
create table kit (id integer primary key check (id = 1), version text not null, json text not null,
    fetched_at text not null);
create table scanned (code text primary key, at text not null) without rowid;
create table queue (seq integer primary key autoincrement, key text not null unique, sale text not null unique,
    state text not null default 'waiting', seen integer not null default 0, sent integer not null default 0,
    skew real not null, member text not null, redeem integer not null, body text not null, shown text not null,
    outcome text);
create index queue_waiting on queue (seq) where state = 'waiting';
create index queue_unseen on queue (seq) where seen = 0;
"""
_SELECT = "select key, sale, state, seen, skew, member, redeem, body, shown, outcome from queue "
_ORDER = "order by seen, state = 'refused' desc, state = 'waiting' desc, seq desc limit ?"
_KEPT_SEEN = 500
"""Receipts that were seen and stay in the list."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One confirmed receipt. `sale` names the sale that it came of, `skew` is what its times were corrected by."""

    key: str
    sale: str
    state: QueueState
    seen: bool
    skew: float
    member: str
    redeem: int
    body: str
    shown: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait, and how many have an outcome that nobody has seen: in order, and to be looked at."""

    waiting: int = 0
    posted: int = 0
    problems: int = 0


class TillBook(CacheFile):
    """The book of one store's till. All calls raise CacheClosed after `close`."""

    schema: ClassVar[str] = _TABLES
    tables: ClassVar[tuple[str, ...]] = ("kit", "scanned", "queue")
    keeps_broken: ClassVar[bool] = True

    @property
    def version(self) -> int:
        """Of the book's tables and messages."""
        return _VERSION

    @staticmethod
    def path_for(folder: Path, programme: str, store_id: str) -> Path:
        """Where the book of a store's till is, in a device's folder."""
        name = hashlib.sha256(f"{programme}/{store_id}".encode()).hexdigest()[:16]
        return folder / f"{KEPT}{name}.sqlite3"

    # the kit

    async def kit(self) -> tuple[str, str, str] | None:
        """The kit's version, its JSON, and when it was last found to be the newest."""
        row = await self._run(lambda db: db.execute("select version, json, fetched_at from kit").fetchone())
        return None if row is None else (row[0], row[1], row[2])

    async def keep_kit(self, version: str, json: str | None, at: str) -> None:
        """Keep a newer kit, or (without `json`) that the one here is still the newest."""

        def write(db: Db) -> None:
            if json is None:
                db.execute("update kit set fetched_at = ? where version = ?", (at, version))
            else:
                db.execute("insert or replace into kit values (1, ?, ?, ?)", (version, json, at))

        await self._run(write)

    # codes

    async def scan(self, code: str, at: str, forget_before: str) -> bool:
        """Remember a code as seen; False where it was before."""

        def write(db: Db) -> bool:
            db.execute("delete from scanned where at < ?", (forget_before,))
            done = db.execute("insert or ignore into scanned values (?, ?)", (code, at))
            return done.rowcount == 1

        return await self._run(write, durable=True)

    # the queue

    async def add(self, row: QueueRow) -> None:
        """Keep a confirmed receipt; on the disk when this returns. The same sale again changes nothing."""
        values = (row.key, row.sale, row.skew, row.member, row.redeem, row.body, row.shown)
        await self._run(
            lambda db: db.execute(
                "insert or ignore into queue (key, sale, skew, member, redeem, body, shown)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                values,
            ),
            durable=True,
        )

    async def of_sale(self, sale: str) -> QueueRow | None:
        """The receipt that a sale became, if it did."""
        found = await self._run(lambda db: db.execute(_SELECT + "where sale = ?", (sale,)).fetchone())
        return None if found is None else _row(found)

    async def of_key(self, key: str) -> QueueRow | None:
        """The receipt with a key."""
        found = await self._run(lambda db: db.execute(_SELECT + "where key = ?", (key,)).fetchone())
        return None if found is None else _row(found)

    async def waiting(self, most: int) -> list[QueueRow]:
        """The oldest receipts that have no outcome yet, in the order of their confirmation."""
        query = _SELECT + "where state = 'waiting' order by seq limit ?"
        return [_row(each) for each in await self._run(lambda db: db.execute(query, (most,)).fetchall())]

    async def listed(self, most: int = 200) -> list[QueueRow]:
        """What the queue shows: what needs a look first, then what waits, then the rest, newest first."""
        found = await self._run(lambda db: db.execute(_SELECT + _ORDER, (most,)).fetchall())
        return [_row(each) for each in found]

    async def spent(self, member: str) -> tuple[int, int]:
        """What waiting receipts spend: of one member, and of all, in minor units."""
        row = await self._run(
            lambda db: db.execute(
                "select coalesce(sum(redeem) filter (where member = ?), 0), coalesce(sum(redeem), 0)"
                " from queue where state = 'waiting'",
                (member,),
            ).fetchone()
        )
        return int(row[0]), int(row[1])

    async def counts(self) -> Counts:
        """How the queue stands."""
        row = await self._run(
            lambda db: db.execute(
                "select count(*) filter (where state = 'waiting'),"
                " count(*) filter (where state = 'posted' and seen = 0),"
                " count(*) filter (where state = 'refused' and seen = 0)"
                " from queue where state = 'waiting' or seen = 0"
            ).fetchone()
        )
        return Counts(*row)

    async def settle(self, outcomes: Sequence[tuple[str, QueueState, str]]) -> None:
        """Keep outcomes (key, state, JSON). `refused` stands for whatever a cashier has to look at. Durable."""

        def write(db: Db) -> None:
            db.executemany(
                "update queue set state = ?, outcome = ? where key = ? and state = 'waiting'",
                [(state, outcome, key) for key, state, outcome in outcomes],
            )

        await self._run(write, durable=True)

    async def see(self, keys: Iterable[str]) -> None:
        """A cashier has seen these outcomes. Durable; what was seen long ago leaves the list.

        Of a seen receipt its figures stay: the code and the basket are the API's to keep, and to forget.
        """

        def write(db: Db) -> None:
            db.executemany(
                "update queue set seen = 1, body = '', member = '', sale = key where key = ? and state <> 'waiting'",
                [(key,) for key in keys],
            )
            db.execute("delete from queue where seen = 1 and seq <= (select max(seq) from queue) - ?", (_KEPT_SEEN,))

        await self._run(write, durable=True)


def _row(found: tuple[str, str, QueueState, int, float, str, int, str, str, str | None]) -> QueueRow:
    key, sale, state, seen, skew, member, redeem, body, shown, outcome = found
    return QueueRow(key, sale, state, bool(seen), skew, member, redeem, body, shown, outcome)
