"""What the ledger's state machine reads of the database, and names in it."""

from __future__ import annotations

from uuid import UUID

SUMS = """
    select w.unit, w.pending, w.available, w.debt,
           (select coalesce(sum(remaining) filter (where not released), 0) from ledger.lot l
             where (l.member_id, l.unit) = (w.member_id, w.unit)) as lots_pending,
           (select coalesce(sum(remaining) filter (where released), 0) from ledger.lot l
             where (l.member_id, l.unit) = (w.member_id, w.unit)) as lots_available,
           (select coalesce(sum(amount * ((to_account in ('pending', 'available'))::int
                                          - (from_account in ('pending', 'available'))::int)), 0) from ledger.movement m
             where (m.member_id, m.unit) = (w.member_id, w.unit)) as moved,
           (select count(*) from ledger.lot l where (l.member_id, l.unit) = (w.member_id, w.unit)
               and (remaining < 0 or remaining > original or held and released)) as unsound
      from ledger.wallet w where w.member_id = $1"""
"""A member's wallets, and what their lots and movements add up to."""


def purchase_id(number: int, *, numbers_its_lots: bool) -> UUID:
    """The ids of purchases in their order; some of the form whose lots are numbered in the id."""
    return UUID(f"{number:012x}{7 if numbers_its_lots else 4}000800000000000" + "0000")
