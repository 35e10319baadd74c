"""A member's profile and wallet, and with them lots and purchases: each answer is one statement, so one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from api.database.pool import Connection
from api.purchases.repository import PurchaseRow, purchases_in
from api.tiers.documents import TierRow


@dataclass(frozen=True, slots=True)
class Head:
    """The member, the programme and the wallet, with every version that says whether something is new."""

    member_id: UUID
    member_number: str
    name: str
    email: str | None
    phone: str | None
    language: str
    language_chosen: bool
    birthday: date | None
    terms_accepted: int
    terms_version: int
    leaving_at: datetime | None
    joined_at: datetime
    member_offers: int
    programme_id: UUID
    slug: str
    programme_name: str
    currency: str
    timezone: str
    programme_offers: int
    epoch: UUID
    spend_limit: int | None
    confirm_above: int | None
    own_limit: int | None
    asked: Sequence[Sequence[Any]]
    pending: int
    available: int
    debt: int
    version: int
    points_pending: int | None
    points_available: int | None
    points_debt: int | None
    chain: bytes
    tier: str | None
    tier_since: datetime | None
    tier_until: date | None
    tier_counted: int | None
    tier_told_on: date | None
    tier_leaves_on: date | None
    tier_missing: int | None

    def spoken(self, asked: str | None) -> str:
        """The language to word things in: the one that she chose, or else the one that her device asks for."""
        return self.language if self.language_chosen or asked is None else asked

    @property
    def tier_row(self) -> TierRow:
        """How the member stood on the ladder when that was last worked out."""
        return TierRow(
            self.tier,
            self.tier_since,
            self.tier_until,
            self.tier_counted,
            self.tier_told_on,
            self.tier_leaves_on,
            self.tier_missing,
        )


class LotRow(NamedTuple):
    """One lot; amounts in minor units, `name` as JSON text by language."""

    lot_id: UUID
    unit: str
    purchase_id: UUID | None
    campaign_id: str
    campaign_version: int
    name: str | None
    original: int
    remaining: int
    released: bool
    held: bool
    available_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A head with lots and purchases of the same moment."""

    head: Head
    lots: Sequence[LotRow] = ()
    purchases: Sequence[PurchaseRow] = ()
    chain_then: bytes = b""
    """The chain as it was at the version that was asked about."""


def _sql(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8").rstrip()


def _chain(home: str, points: str) -> str:
    """Eight bytes of the hashes that the journals in the home unit and in points have reached."""
    return (
        f"substr(coalesce({home}, '') || '\\x0000000000'::bytea, 1, 5)"
        f" || substr(coalesce({points}, '') || '\\x000000'::bytea, 1, 3)"
    )


def _head_sql(more: str = "") -> str:
    return _sql("head.sql").replace("{chain}", _chain("w.head", "pts.head")).replace("{more}", more)


def _snapshot_sql(lots: str, purchases: str, chain_then: str = "''::bytea") -> str:
    more = _sql("snapshot.sql").replace("{lots}", lots).replace("{purchases}", purchases_in(purchases))
    return _head_sql(more.replace("{chain_then}", chain_then))


_HEAD = _head_sql()
_FULL = _snapshot_sql(
    "l.remaining > 0",
    "(select * from ledger.purchase where member_id = $1 order by at desc, purchase_id desc limit $3)",
)
# Whatever changes a lot moves an amount of it, and movements are found by version; but for a hold on what is pending.
_MOVED = "select lot_id from ledger.movement where member_id = $1 and version > $4"
_CHECKED = """select o.lot_id from ledger.held h join ledger.purchase b using (member_id, purchase_id),
               ledger.lots_of(b.member_id, b.purchase_id) o where h.member_id = $1 and b.version > $4"""
_THEN = """(select hash from ledger.movement where member_id = $1 and unit = {unit} and version <= $4
              order by version desc limit 1)"""
_SINCE = _snapshot_sql(
    f"(l.lot_id in ({_MOVED}) or l.lot_id in ({_CHECKED}))",
    f"""(select * from ledger.purchase where member_id = $1 and purchase_id in (
            select purchase_id from ledger.purchase where member_id = $1 and version > $4
            union select purchase_id from ledger.lot where member_id = $1 and lot_id in ({_MOVED}))
         limit $3)""",  # noqa: S608 (SQL of our own)
    _chain(
        _THEN.format(unit="p.currency"),
        # who has no points has no movement of them to be found: it would look through all
        "case when pts.version is not null then " + _THEN.format(unit="'PTS'") + " end",
    ),
)


async def head(connection: Connection, programme_id: UUID, member_id: UUID) -> Head | None:
    """A member with the wallet, or None."""
    row = await connection.fetchrow(_HEAD, member_id, programme_id)
    return None if row is None else Head(**row)


async def spending_opens(connection: Connection, programme_id: UUID, member_id: UUID, device: UUID) -> datetime | None:
    """From when on a member's device may spend, where it is new."""
    opens: datetime | None = await connection.fetchval(
        "select ledger.spending_opens($1, $2, $3)", programme_id, member_id, device
    )
    return opens


async def full(connection: Connection, programme_id: UUID, member_id: UUID, purchases: int) -> Snapshot | None:
    """All open lots, and up to `purchases` of the newest purchases."""
    return _snapshot(await connection.fetchrow(_FULL, member_id, programme_id, purchases))


async def since(
    connection: Connection, programme_id: UUID, member_id: UUID, purchases: int, version: int
) -> Snapshot | None:
    """The lots and purchases that changed after a wallet version; of the purchases up to `purchases`."""
    return _snapshot(await connection.fetchrow(_SINCE, member_id, programme_id, purchases, version))


def _snapshot(row: Any) -> Snapshot | None:
    if row is None:
        return None
    fields = dict(row)
    lots, purchases, then = fields.pop("lots"), fields.pop("purchases"), fields.pop("chain_then")
    rows = [PurchaseRow(*bought) for bought in purchases]
    return Snapshot(Head(**fields), [LotRow(*lot) for lot in lots], rows, then)
