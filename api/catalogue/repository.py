"""The statements about products and categories."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from api.database.pool import Connection

_UPSERT = """
    with given as (
        select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
            as g(gtin, name, category, brand, tags, price)),
    written as (
        insert into product (programme_id, gtin, name, category, brand, tags, price, version)
        select $1, gtin, name, category, brand, string_to_array(tags, ';'), price, $8 from given
        on conflict (programme_id, gtin) do update
            set name = excluded.name, category = excluded.category, brand = excluded.brand, tags = excluded.tags,
                price = excluded.price, version = excluded.version, removed = false
          where product.removed or (product.name, product.category, product.brand, product.tags, product.price)
                is distinct from (excluded.name, excluded.category, excluded.brand, excluded.tags, excluded.price)
        returning xmax = 0 as fresh)
    select count(*) filter (where fresh) as added, count(*) filter (where not fresh) as changed from written"""


async def version(connection: Connection, programme_id: UUID) -> int:
    """The catalogue's version; 0 before there is one."""
    return int(await connection.fetchval("select version from catalogue where programme_id = $1", programme_id) or 0)


async def next_version(connection: Connection, programme_id: UUID) -> int:
    """A new version, held until the transaction ends: one change at a time."""
    number: int = await connection.fetchval(
        """insert into catalogue (programme_id, version) values ($1, 1)
           on conflict (programme_id) do update set version = catalogue.version + 1 returning version""",
        programme_id,
    )
    return number


async def store(
    connection: Connection, programme_id: UUID, rows: Sequence[tuple[str, str, str, str, str, int | None]], number: int
) -> tuple[int, int]:
    """Write products (gtin, name, category, brand, tags, price) of one version; how many are new, how many changed."""
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(6)]
    row = await connection.fetchrow(_UPSERT, programme_id, *columns, number)
    return (row["added"], row["changed"]) if row else (0, 0)


async def remove_others(connection: Connection, programme_id: UUID, kept: Sequence[str], number: int) -> int:
    """Take all products but these out of the catalogue; answers how many."""
    tag = await connection.execute(
        "update product set removed = true, version = $3 where programme_id = $1 and not removed and gtin <> all($2)",
        programme_id,
        list(kept),
        number,
    )
    return int(tag.split()[-1])


async def products(
    connection: Connection, programme_id: UUID, since: int, after: str, limit: int
) -> list[asyncpg.Record]:
    """Products changed after a version, by code, beyond `after`."""
    return list(
        await connection.fetch(
            """select gtin, name, category, brand, tags, price, removed from product
                where programme_id = $1 and version > $2 and gtin > $3 and ($2 > 0 or not removed)
                order by gtin limit $4""",
            programme_id,
            since,
            after,
            limit,
        )
    )


async def categories(connection: Connection, programme_id: UUID) -> list[asyncpg.Record]:
    """The categories in their order; those that products name, where none was set."""
    rows = await connection.fetch(
        "select path, names, icon from category where programme_id = $1 order by position, path", programme_id
    )
    if not rows:
        rows = await connection.fetch(
            """select distinct category as path, '{}'::jsonb as names, '' as icon from product
                where programme_id = $1 and not removed and category <> '' order by 1 limit 60""",
            programme_id,
        )
    return list(rows)


async def tags(connection: Connection, programme_id: UUID) -> list[str]:
    """The tags that products have, the most frequent first."""
    rows = await connection.fetch(
        """select tag from product, unnest(tags) tag where programme_id = $1 and not removed
            group by tag order by count(*) desc, tag limit 12""",
        programme_id,
    )
    return [row["tag"] for row in rows]


async def set_categories(
    connection: Connection, programme_id: UUID, rows: Sequence[tuple[str, dict[str, str], str, int]]
) -> None:
    """Replace all categories (path, names, icon, position)."""
    await connection.execute("delete from category where programme_id = $1", programme_id)
    await connection.executemany(
        "insert into category (programme_id, path, names, icon, position) values ($1, $2, $3, $4, $5)",
        [(programme_id, *row) for row in rows],
    )
