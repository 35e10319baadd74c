"""The catalogue for tills, and its changes."""

from __future__ import annotations

import asyncio
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

PAGE = 5_000
_SAID = 1_000


async def since(connection: Connection, programme_id: UUID, version: int, after: str) -> Catalogue:
    """What a till does not have: all of it where its version is 0, or of a database that was restored since."""
    number = await repository.version(connection, programme_id)
    full = version == 0 or version > number
    start = 0 if full else version
    rows = await repository.products(connection, programme_id, start, after, PAGE + 1)
    currency = (await campaigns.programme(connection, programme_id)).currency
    kept = rows[:PAGE]
    return Catalogue(
        version=number,
        full=full and not after,
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
        categories=[Category(**dict(row)) for row in await repository.categories(connection, programme_id)],
        tags=await repository.tags(connection, programme_id),
        more=len(rows) > PAGE,
    )


async def import_products(
    database: Database, staff: StaffSession, content: bytes, now: datetime, *, replace: bool
) -> CatalogueReport:
    """Take a file's products; with `replace` those that it does not name are taken out. Twice is once."""
    found = await asyncio.to_thread(reader.read, content)
    rows = list(found.rows.values())
    async with database.transaction() as connection:
        number = await repository.next_version(connection, staff.programme_id)
        added = changed = 0
        for begin in range(0, len(rows), PAGE):
            new, other = await repository.store(connection, staff.programme_id, rows[begin : begin + PAGE], number)
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
