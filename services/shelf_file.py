"""The catalogue's file on this device: a row a product, so that 100,000 of them cost no memory and no slow start.

It holds nothing of any person, so it outlives a sign-out. What it holds can be fetched again at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from contract.catalogue import Catalogue, Category, Product
from contract.money import Money
from services.cache import KEPT, CacheFile, Db, DbError, reader

_VERSION = 1
_TABLES = """
create table product (gtin text primary key, name text not null, category text not null, brand text not null,
    tags text not null, price integer, currency text, words text not null, round integer not null) without rowid;
create index product_by_words on product (words);
create table fact (name text primary key, value text not null) without rowid;
"""
_PUT = "insert or replace into product values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_COLUMNS = "select gtin, name, category, brand, tags, price, currency from product "


class Fetch(BaseModel):
    """A fetch under way: what came after `since` (0: all), up to the code `after`; it brings the till to `version`."""

    model_config = ConfigDict(frozen=True)

    since: int = 0
    after: str = ""
    version: int = 0
    epoch: str = ""
    round: int = 0
    """Rows of another round are gone, once a fetch of all has ended."""


class About(BaseModel):
    """What the file holds beside its products, and how many these are."""

    model_config = ConfigDict(frozen=True)

    version: int = 0
    epoch: str = ""
    at: datetime | None = None
    """When this was last found to be the newest."""
    categories: tuple[Category, ...] = ()
    tags: tuple[str, ...] = ()
    round: int = 0
    fetch: Fetch | None = None
    count: int = 0


class ShelfFile(CacheFile):
    """The file of one store's catalogue. Calls raise CacheClosed after `close`; lookups then find nothing."""

    schema: ClassVar[str] = _TABLES
    tables: ClassVar[tuple[str, ...]] = ("product", "fact")
    checked: ClassVar[bool] = False

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._reader: Db | None = None

    @property
    def version(self) -> int:
        """Of the file's tables."""
        return _VERSION

    @staticmethod
    def path_for(folder: Path, programme: str, store_id: str) -> Path:
        """Where a store's catalogue is, in a device's folder."""
        name = hashlib.sha256(f"{programme}/{store_id}".encode()).hexdigest()[:16]
        return folder / f"{KEPT}shelf-{name}.db"

    def steps_from(self, version: int) -> str:
        """What an older app kept is fetched anew."""
        return "drop table if exists product; drop table if exists fact;" + _TABLES

    # lookups: at once, by a connection of their own, which waits for no writer

    def product(self, gtin: str) -> Product | None:
        """The product with a code of 14 digits."""
        found = self._read(_COLUMNS + "where gtin = ?", (gtin,))
        return _product(found[0]) if found else None

    def search(self, words: Iterable[str], most: int) -> list[Product]:
        """Products whose name, brand or code has all these words, by name."""
        wanted = list(words)
        which = " and ".join("instr(words, ?)" for _ in wanted) or "true"
        found = self._read(f"{_COLUMNS} where {which} order by words limit ?", (*wanted, most))
        return [_product(each) for each in found]

    def _read(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        if self._reader is None:
            return []
        with suppress(DbError):  # a file that is broken is made anew by the next fetch
            return self._reader.execute(query, values).fetchall()
        return []

    # what is kept

    async def about(self) -> About:
        """What is here."""

        def read(db: Db) -> About:
            facts = dict(db.execute("select name, value from fact"))
            count = int(db.execute("select count(*) from product").fetchone()[0])
            with suppress(ValidationError, ValueError):  # of another app
                return About.model_validate(
                    {name: json.loads(value) for name, value in facts.items()} | {"count": count}
                )
            return About(count=count)

        return await self._run(read)

    async def take(self, page: Catalogue, fetch: Fetch) -> None:
        """Keep a page, and how far the fetch is with it, in one transaction."""

        def write(db: Db) -> None:
            _put(db, page, fetch.round)
            _say(db, fetch=fetch.model_dump())

        await self._run(write)

    async def finish(self, page: Catalogue, fetch: Fetch, at: datetime) -> None:
        """Keep the last page: from here on the catalogue is of the fetch's version."""

        def write(db: Db) -> None:
            _put(db, page, fetch.round)
            if fetch.since == 0:
                db.execute("delete from product where round <> ?", (fetch.round,))
            _say(
                db,
                version=fetch.version,
                epoch=fetch.epoch,
                round=fetch.round,
                categories=[each.model_dump() for each in page.categories],
                tags=page.tags,
                at=at.isoformat(),
                fetch=None,
            )

        await self._run(write)

    async def confirm(self, at: datetime) -> None:
        """What is here was found to be the newest."""
        await self._run(lambda db: _say(db, at=at.isoformat()))

    # how

    def _connect(self) -> None:
        super()._connect()
        self._reader = reader(self.path)

    def _stop_reading(self) -> None:
        open_still, self._reader = self._reader, None
        if open_still is not None:
            open_still.close()

    def _forget(self) -> None:
        self._stop_reading()
        super()._forget()

    def _close(self) -> None:
        self._stop_reading()
        super()._close()


def _put(db: Db, page: Catalogue, turn: int) -> None:
    db.executemany("delete from product where gtin = ?", [(gone,) for gone in page.removed])
    db.executemany(_PUT, [_row(each, turn) for each in page.products])


def _row(each: Product, turn: int) -> tuple[Any, ...]:
    price = (None, None) if each.price is None else (each.price.amount, each.price.currency)
    words = f"{each.name} {each.brand} {each.gtin}".lower()
    return (each.gtin, each.name, each.category, each.brand, json.dumps(each.tags), *price, words, turn)


def _product(found: Any) -> Product:
    gtin, name, category, brand, tags, price, currency = found
    money = None if price is None else Money(amount=price, currency=currency)
    return Product(gtin=gtin, name=name, category=category, brand=brand, tags=json.loads(tags), price=money)


def _say(db: Db, **facts: Any) -> None:
    db.executemany(
        "insert or replace into fact values (?, ?)", [(name, json.dumps(value)) for name, value in facts.items()]
    )
