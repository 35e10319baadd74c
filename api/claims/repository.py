"""Claims as they are stored."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.claims.documents import claim, programme_claim
from api.purchases.cursors import Place
from contract.claims import Claim, ProgrammeClaim

_CLAIM = """
select c.*, coalesce(s.name, c.store_id) as store_name, p.currency
  from member_claim c join programme p using (programme_id)
  left join store s on s.programme_id = c.programme_id and s.store_id = c.store_id
"""
_WITH_EVIDENCE = """
select c.*, coalesce(s.name, c.store_id) as store_name, p.currency, coalesce(m.name, '') as member_name,
       r.member_id as posted_to,
       (select count(*) from ledger.purchase b where b.member_id = c.member_id) as purchases,
       (select count(*) from member_claim a where a.member_id = c.member_id) as claims
  from member_claim c join programme p using (programme_id) left join member m on m.member_id = c.member_id
  left join store s on s.programme_id = c.programme_id and s.store_id = c.store_id
  left join ledger.receipt_claim r on r.receipt = ledger.receipt_digest(c.programme_id, c.store_id, c.receipt_number)
"""


async def of_member(connection: Any, member_id: UUID) -> list[Claim]:
    """A member's claims, newest first; the newest two hundred."""
    rows = await connection.fetch(
        f"{_CLAIM} where c.member_id = $1 order by c.asked_at desc, c.claim_id desc limit 200", member_id
    )
    return [claim(row) for row in rows]


async def with_key(connection: Any, member_id: UUID, key: str) -> Claim | None:
    """The claim that a key made, or None."""
    row = await connection.fetchrow(f"{_CLAIM} where c.member_id = $1 and c.key = $2", member_id, key)
    return None if row is None else claim(row)


async def answered(connection: Any, member_id: UUID, claim_id: UUID) -> Claim | None:
    """A claim of a member, once it was decided."""
    row = await connection.fetchrow(
        f"{_CLAIM} where c.member_id = $1 and c.claim_id = $2 and c.state <> 'open'", member_id, claim_id
    )
    return None if row is None else claim(row)


async def page(
    connection: Any, programme_id: UUID, state: str | None, after: Place, limit: int
) -> list[ProgrammeClaim]:
    """Claims of a programme after a place, oldest first, with their evidence."""
    rows = await connection.fetch(
        f"""{_WITH_EVIDENCE} where c.programme_id = $1 and (c.asked_at, c.claim_id) > ($2, $3)
            and ($4::text is null or c.state = $4) order by c.asked_at, c.claim_id limit $5""",
        programme_id,
        after.at,
        after.purchase_id,
        state,
        limit,
    )
    return [programme_claim(row) for row in rows]


async def one(connection: Any, programme_id: UUID, claim_id: UUID) -> ProgrammeClaim | None:
    """A claim with its evidence, or None."""
    row = await connection.fetchrow(
        f"{_WITH_EVIDENCE} where c.programme_id = $1 and c.claim_id = $2", programme_id, claim_id
    )
    return None if row is None else programme_claim(row)


async def hold(connection: Any, programme_id: UUID, claim_id: UUID) -> Any:
    """The claim's own row, held until the transaction ends, or None."""
    return await connection.fetchrow(
        """select c.*, p.currency, p.timezone from member_claim c join programme p using (programme_id)
            where c.programme_id = $1 and c.claim_id = $2 for update of c""",
        programme_id,
        claim_id,
    )
