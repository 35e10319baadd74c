"""The sums of a member's purchases by month."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from api.database.pool import Connection
from api.problems import not_found

_MONTHS = """
    select to_char(b.at at time zone p.timezone, 'YYYY-MM') as month, count(*)::int as purchases,
           sum(b.total)::bigint as total,
           sum(b.earned - coalesce(r.clawed_back, 0) - coalesce(h.taken, 0))::bigint as earned,
           sum(b.redeemed)::bigint as redeemed
      from ledger.purchase b
      join programme p using (programme_id)
      left join (select purchase_id, sum(clawed_back) as clawed_back from ledger.refund where member_id = $1
                  group by purchase_id) r using (purchase_id)
      left join ledger.held h on h.member_id = b.member_id and h.purchase_id = b.purchase_id
     where b.member_id = $1 and b.unit = p.currency
     group by 1 order by 1 desc limit $2"""


class MonthRow(NamedTuple):
    """One month; amounts in minor units."""

    month: str
    purchases: int
    total: int
    earned: int
    redeemed: int


async def months(connection: Connection, member_id: UUID, most: int) -> list[MonthRow]:
    """The newest months that have purchases, newest first."""
    return [MonthRow(*row) for row in await connection.fetch(_MONTHS, member_id, most)]


async def currency_and_zone(connection: Connection, programme_id: UUID) -> tuple[str, str]:
    """In what the sums are, and by which clock the months."""
    row = await connection.fetchrow("select currency, timezone from programme where programme_id = $1", programme_id)
    if row is None:
        raise not_found("There is no such programme.")
    return row[0], row[1]
