"""What the cache remembers, by name: the mirror of the API, and the device's own outbox, posts and drafts."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from services.cache import CacheFile, Db

log = logging.getLogger("kierto.cache")


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the mirror, as JSON."""

    kind: str
    id: str
    json: str
    version: int = 0
    at: str = ""
    listed: bool = True


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One queued action; `problem` once it was refused."""

    key: str
    kind: str
    offer_id: str
    queued_at: str
    sent: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A write at the till whose answer has not come."""

    key: str
    kind: str
    subject: str
    body: str
    draft: str
    at: str


_PUT = """
insert into mirror (kind, id, json, version, at, listed) values (?, ?, ?, ?, ?, ?)
on conflict (kind, id) do update set json = excluded.json, version = excluded.version, at = excluded.at,
    listed = max(mirror.listed, excluded.listed)
where excluded.version >= mirror.version
"""

_ROWS = """
select kind, id, json, version, at, listed from mirror
 where kind in ('profile', 'staff', 'wallet', 'lot', 'offer') order by at desc, id desc
"""
_LISTED = """
select kind, id, json, version, at, listed from mirror
 where kind = 'purchase' and listed = 1 order by at desc, id desc limit ?
"""


class Cache(CacheFile):
    """All that this device remembers of one account. All methods raise CacheClosed after `close`."""

    # the mirror

    async def rows(self, purchases: int | None = None) -> tuple[list[Row], dict[str, str]]:
        """The mirror and its facts, from one moment: all, or of the listed purchases the newest `purchases`."""

        def read(db: Db) -> tuple[list[Row], dict[str, str]]:
            found = [*db.execute(_ROWS), *db.execute(_LISTED, (-1 if purchases is None else purchases,))]
            rows = [Row(kind, id_, json, version, at, bool(listed)) for kind, id_, json, version, at, listed in found]
            return rows, dict(db.execute("select name, value from facts"))

        return await self._run(read)

    async def apply(
        self,
        *,
        put: Iterable[Row] = (),
        drop: Iterable[tuple[str, str]] = (),
        empty: Iterable[str] = (),
        facts: dict[str, str | None] | None = None,
        expect: dict[str, str | None] | None = None,
        done: str | None = None,
    ) -> bool:
        """One step, in one transaction; False, with nothing changed, when a fact is not as in `expect`.

        `empty` clears whole kinds first, `put` never replaces a newer version by an older one, `done` names an outbox
        row that this step settles.
        """

        def write(db: Db) -> bool:
            known = dict(db.execute("select name, value from facts"))
            if any(known.get(name) != value for name, value in (expect or {}).items()):
                return False
            db.executemany("delete from mirror where kind = ?", [(kind,) for kind in empty])
            db.executemany("delete from mirror where kind = ? and id = ?", list(drop))
            db.executemany(_PUT, [(r.kind, r.id, r.json, r.version, r.at, int(r.listed)) for r in put])
            for name, value in (facts or {}).items():
                if value is None:
                    db.execute("delete from facts where name = ?", (name,))
                else:
                    db.execute("insert or replace into facts values (?, ?)", (name, value))
            if done is not None:
                db.execute("delete from outbox where key = ?", (done,))
            return True

        return await self._run(write, durable=done is not None)

    async def one(self, kind: str, id_: str) -> str | None:
        """The JSON of one row."""
        row = await self._run(
            lambda db: db.execute("select json from mirror where kind = ? and id = ?", (kind, id_)).fetchone()
        )
        return None if row is None else str(row[0])

    async def keep_aside(self, kind: str, id_: str, json: str, at: str, most: int) -> None:
        """Keep something that was read on demand, beside the mirror; of its kind the newest `most`."""

        def write(db: Db) -> None:
            aside = f"~{kind}"
            db.execute(
                "insert or replace into mirror (kind, id, json, at, listed) values (?, ?, ?, ?, 0)",
                (aside, id_, json, at),
            )
            db.execute(
                "delete from mirror where kind = ? and id not in"
                " (select id from mirror where kind = ? order by at desc limit ?)",
                (aside, aside, most),
            )

        await self._run(write)

    async def aside(self, kind: str, id_: str) -> tuple[str, str] | None:
        """What was kept aside, and when."""
        found = await self._run(
            lambda db: db.execute("select json, at from mirror where kind = ? and id = ?", (f"~{kind}", id_)).fetchone()
        )
        return None if found is None else (str(found[0]), str(found[1]))

    async def empty_mirror(self, why: str) -> None:
        """Forget the mirror, so that the next sync fetches everything."""
        log.warning("the cache is fetched anew: %s", why)
        await self._run(lambda db: (db.execute("delete from mirror"), db.execute("delete from facts")))

    # the device's own

    async def outbox(self) -> list[OutboxRow]:
        """Queued and refused actions, oldest first."""
        found = await self._run(
            lambda db: db.execute(
                "select key, kind, offer_id, queued_at, sent, problem from outbox order by seq"
            ).fetchall()
        )
        return [OutboxRow(key, kind, offer, at, bool(sent), problem) for key, kind, offer, at, sent, problem in found]

    async def outbox_change(
        self,
        *,
        add: OutboxRow | None = None,
        drop: Iterable[str] = (),
        sent: str | None = None,
        refused: tuple[str, str] | None = None,
    ) -> None:
        """Add an action, drop some by key, mark one as sent, keep a refusal (key, problem). Durable."""

        def write(db: Db) -> None:
            db.executemany("delete from outbox where key = ?", [(key,) for key in drop])
            if add is not None:
                db.execute(
                    "insert into outbox (key, kind, offer_id, queued_at) values (?, ?, ?, ?)",
                    (add.key, add.kind, add.offer_id, add.queued_at),
                )
            if sent is not None:
                db.execute("update outbox set sent = 1 where key = ?", (sent,))
            if refused is not None:
                db.execute("update outbox set problem = ? where key = ?", (refused[1], refused[0]))

        await self._run(write, durable=True)

    async def posts(self) -> list[PostRow]:
        """The till's writes that wait for an answer, oldest first."""
        found = await self._run(
            lambda db: db.execute("select key, kind, subject, body, draft, at from posts order by seq").fetchall()
        )
        return [PostRow(*row) for row in found]

    async def post_add(self, post: PostRow) -> None:
        """Keep a write before its first send; on disk when this returns."""
        row = (post.key, post.kind, post.subject, post.body, post.draft, post.at)
        await self._run(
            lambda db: db.execute(
                "insert into posts (key, kind, subject, body, draft, at) values (?, ?, ?, ?, ?, ?)", row
            ),
            durable=True,
        )

    async def post_drop(self, key: str) -> None:
        """Forget a write that was answered."""
        await self._run(lambda db: db.execute("delete from posts where key = ?", (key,)), durable=True)

    async def draft_keep(self, name: str, json: str | None) -> None:
        """Keep what is being entered; None forgets it."""

        def write(db: Db) -> None:
            if json is None:
                db.execute("delete from drafts where name = ?", (name,))
            else:
                db.execute("insert or replace into drafts values (?, ?)", (name, json))

        await self._run(write)

    async def draft(self, name: str) -> str | None:
        """What was being entered."""
        row = await self._run(lambda db: db.execute("select json from drafts where name = ?", (name,)).fetchone())
        return None if row is None else str(row[0])
