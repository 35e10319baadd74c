"""The catalogue for tills, and its changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.audit import repository as audit
from api.campaigns import service as campaigns
from api.catalogue import reader, repository
from api.core.security import StaffSession
from api.database.pool import Connection, Database
from api.problems import invalid
from contract.catalogue import Catalogue, CatalogueReport, Category, CategoryList, Product
from contract.money import Money

PAGE = 2_000
"""Products of one answer."""
_STORED = 5_000
"""Products of one statement."""
_SAID = 1_000


@dataclass(frozen=True, slots=True)
class Had:
    """What a till has: a version (0: none) of an epoch, and of a fetch under way the last code."""

    version: int
    after: str = ""
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class _Named:
    """The categories and tags of one version: both are counted over all products."""

    version: int
    epoch: str
    categories: list[Category]
    tags: list[str]


_named: dict[UUID, _Named] = {}


async def since(connection: Connection, programme_id: UUID, had: Had) -> Catalogue:
    """A page of what a till does not have: of all where it has none, or one of a database that was restored since."""
    number = await repository.version(connection, programme_id)
    programme = await campaigns.programme(connection, programme_id)
    epoch, currency = str(programme.epoch), programme.currency
    full = had.version == 0 or had.version > number or (bool(had.epoch) and had.epoch != epoch)
    start = 0 if full else had.version
    rows = await repository.products(connection, programme_id, start, had.after, PAGE + 1)
    kept, more = rows[:PAGE], len(rows) > PAGE
    named = None if more else await _names(connection, programme_id, number, epoch)
    return Catalogue(
        version=number,
        epoch=epoch,
        full=full and not had.after,
        products=[
            Product(
                gtin=row["gtin"],
                name=row["name"],
                category=row["category"],
                brand=row["brand"],
                tags=row["tags"],
                price=None if row["price"] is None else Money(amount=row["price"], currency=currency),
            )
            for row in kept
            if not row["removed"]
        ],
        removed=[row["gtin"] for row in kept if row["removed"]],
        categories=named.categories if named else [],
        tags=named.tags if named else [],
        more=more,
    )


async def _names(connection: Connection, programme_id: UUID, number: int, epoch: str) -> _Named:
    held = _named.get(programme_id)
    if held is None or (held.version, held.epoch) != (number, epoch):
        rows = await repository.categories(connection, programme_id)
        categories = [Category(**dict(row)) for row in rows]
        held = _Named(number, epoch, categories, await repository.tags(connection, programme_id))
        _named[programme_id] = held
    return held


async def import_products(
    database: Database, staff: StaffSession, content: bytes, now: datetime, *, replace: bool
) -> CatalogueReport:
    """Take a file's products; with `replace` those that it does not name are taken out. Twice is once."""
    found = await asyncio.to_thread(reader.read, content)
    rows = list(found.rows.values())
    async with database.transaction() as connection:
        number = await repository.next_version(connection, staff.programme_id)
        added = changed = 0
        for begin in range(0, len(rows), _STORED):
            new, other = await repository.store(connection, staff.programme_id, rows[begin : begin + _STORED], number)
            added, changed = added + new, changed + other
        removed = 0
        if replace:
            removed = await repository.remove_others(connection, staff.programme_id, list(found.rows), number)
        figures = {"added": added, "changed": changed, "removed": removed, "refused": len(found.refused)}
        await audit.write(connection, staff, "catalogue", now, subject=str(number), evidence=figures)
    return CatalogueReport(
        added=added,
        changed=changed,
        same=len(rows) - added - changed,
        removed=removed,
        rows_refused=len(found.refused),
        refused=found.refused[:_SAID],
        version=number,
    )


async def set_categories(connection: Connection, staff: StaffSession, wanted: CategoryList, now: datetime) -> None:
    """Replace the categories. Runs inside the caller's transaction."""
    paths = [each.path for each in wanted.items]
    if len(set(paths)) != len(paths):
        raise invalid("items", "name a path twice")
    number = await repository.next_version(connection, staff.programme_id)
    rows = [(each.path, each.names, each.icon, n) for n, each in enumerate(wanted.items)]
    await repository.set_categories(connection, staff.programme_id, rows)
    await audit.write(
        connection, staff, "catalogue", now, subject=str(number), evidence={"categories": len(wanted.items)}
    )
