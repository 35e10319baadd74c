"""The API's wallet as this device has it: read from the cache, and brought forward step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar, cast
from uuid import uuid4

from pydantic import BaseModel, ValidationError

from contract.members import Changes, Profile
from contract.offers import Offer
from contract.sign_in import Staff
from contract.wallet import Lot, Purchase, PurchasePage, Wallet
from services.remembered import Cache, Row

_M = TypeVar("_M", bound=BaseModel)

ME = "me"
_TOLD = "told"
"""The fact that differs each time when the profile was kept by itself."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The mirror at one moment. Purchases newest first."""

    profile: Profile | None = None
    wallet: Wallet | None = None
    lots: tuple[Lot, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    offers: tuple[Offer, ...] = ()
    staff: Staff | None = None
    more_kept: bool = False
    """Whether the cache has older purchases than these."""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def cursor(self) -> str | None:
        """From where the next changes are asked."""
        return self.facts.get("cursor")

    @property
    def older(self) -> str | None:
        """From where older purchases are asked; None when there are none."""
        return self.facts.get("older")

    @property
    def fetched_at(self) -> datetime | None:
        """When the API last confirmed all this."""
        at = self.facts.get("fetched_at")
        return None if at is None else datetime.fromisoformat(at)

    @property
    def skew(self) -> timedelta:
        """What to add to the device's clock, as last measured."""
        return timedelta(seconds=float(self.facts.get("skew", "0")))


class Mirror:
    """Reads and moves the mirror of one account."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._parsed: dict[tuple[str, str], tuple[str, BaseModel]] = {}

    async def snapshot(self, purchases: int | None = None) -> Snapshot:
        """What the cache has, or of its purchases the newest so many.

        Rows that this app cannot read any more make it fetch everything anew.
        """
        rows, facts = await self._cache.rows(None if purchases is None else purchases + 1)
        try:
            return self._build(rows, facts, purchases)
        except ValidationError as error:
            await self._cache.empty_mirror(f"{error.error_count()} fields cannot be read")
            self._parsed.clear()
            return Snapshot()

    async def settle(self, changes: Changes, *, before: Snapshot, now: datetime) -> bool:
        """Take one step of changes, in one transaction; False when the mirror has moved since they were asked for.

        What the API answered to a change of the profile meanwhile is newer than they may be.
        """
        empty = ["lot", "purchase", "wallet"] if changes.full else []
        if changes.offers is not None:
            empty.append("offer")
        gone = [("lot", lot.lot_id) for lot in changes.lots if lot.remaining.amount == 0]
        facts: dict[str, str | None] = {"cursor": changes.cursor, "fetched_at": now.isoformat()}
        if changes.full:
            facts["older"] = changes.older_purchases
        rows = [_row("profile", ME, changes.profile), _row("wallet", ME, changes.wallet, changes.wallet.version)]
        rows += [_row("lot", lot.lot_id, lot) for lot in changes.lots if lot.remaining.amount != 0]
        rows += [purchase_row(purchase) for purchase in changes.purchases]
        rows += [_row("offer", offer.offer_id, offer) for offer in changes.offers or ()]
        expect = {name: before.facts.get(name) for name in ("cursor", _TOLD)}
        return await self._cache.apply(put=rows, drop=gone, empty=empty, facts=facts, expect=expect)

    async def add_page(self, page: PurchasePage, *, asked_at: str) -> bool:
        """Add older purchases; False when another page was added meanwhile."""
        rows = [purchase_row(purchase) for purchase in page.items]
        return await self._cache.apply(put=rows, facts={"older": page.next_cursor}, expect={"older": asked_at})

    async def keep_purchase(self, purchase: Purchase) -> None:
        """Keep one purchase that was looked at, outside the list that is paged."""
        await self._cache.apply(put=[purchase_row(purchase, listed=False)])

    async def purchase(self, purchase_id: str) -> Purchase | None:
        """One purchase that was kept."""
        text = await self._cache.one("purchase", purchase_id)
        return None if text is None else Purchase.model_validate_json(text)

    async def keep_offer(self, offer: Offer, done: str) -> None:
        """Keep an offer as the API answered it, and settle the queued action that asked for it."""
        await self._cache.apply(put=[_row("offer", offer.offer_id, offer)], done=done)

    async def keep_who(self, who: Profile | Staff) -> None:
        """Keep who signed in, as the API has just answered."""
        row = _row("profile" if isinstance(who, Profile) else "staff", ME, who)
        await self._cache.apply(put=[row], facts={_TOLD: uuid4().hex})

    async def keep_facts(self, **facts: str) -> None:
        """Keep small facts: when the API was last heard, how far the clock is off."""
        await self._cache.apply(facts=dict(facts))

    def _build(self, rows: Iterable[Row], facts: dict[str, str], most: int | None) -> Snapshot:
        seen: dict[str, list[Row]] = {}
        for row in rows:
            seen.setdefault(row.kind, []).append(row)
        listed = [row for row in seen.get("purchase", []) if row.listed]
        snapshot = Snapshot(
            profile=self._first(Profile, seen.get("profile")),
            wallet=self._first(Wallet, seen.get("wallet")),
            lots=tuple(sorted(self._all(Lot, seen.get("lot", [])), key=_lot_order)),
            purchases=tuple(self._all(Purchase, listed[:most])),
            more_kept=most is not None and len(listed) > most,
            offers=tuple(
                sorted(self._all(Offer, seen.get("offer", [])), key=lambda offer: (offer.name, offer.offer_id))
            ),
            staff=self._first(Staff, seen.get("staff")),
            facts=facts,
        )
        kept = {(row.kind, row.id) for some in seen.values() for row in some}
        unread = "purchase" if most == 0 else None  # nobody asked for them now; the next who does finds them parsed
        self._parsed = {key: value for key, value in self._parsed.items() if key in kept or key[0] == unread}
        return snapshot

    def _first(self, model: type[_M], rows: list[Row] | None) -> _M | None:
        return self._parse(model, rows[0]) if rows else None

    def _all(self, model: type[_M], rows: list[Row]) -> list[_M]:
        return [self._parse(model, row) for row in rows]

    def _parse(self, model: type[_M], row: Row) -> _M:
        """Parse a row, or take it as parsed before: the same object then, so that screens see what is unchanged."""
        known = self._parsed.get((row.kind, row.id))
        if known is not None and known[0] == row.json:
            return cast(_M, known[1])
        parsed = model.model_validate_json(row.json)
        self._parsed[row.kind, row.id] = (row.json, parsed)
        return parsed


def adds_up(before: Snapshot, changes: Changes) -> bool:
    """Would this device's lots, after these changes, sum to the wallet's balances, in cashback and in points?"""
    lots = {} if changes.full else {lot.lot_id: lot for lot in before.lots}
    lots |= {lot.lot_id: lot for lot in changes.lots}
    wallet, points = changes.wallet, changes.wallet.points
    told = {("pending", wallet.pending), ("available", wallet.available)}
    if points is not None:
        told |= {("pending", points.pending), ("available", points.available)}
    for state, balance in told:
        own = (
            lot.remaining.amount
            for lot in lots.values()
            if lot.state == state and lot.remaining.currency == balance.currency
        )
        if sum(own) != balance.amount:
            return False
    return True


def purchase_row(purchase: Purchase, *, listed: bool = True) -> Row:
    """A purchase as a row of the mirror."""
    return Row(
        "purchase",
        purchase.purchase_id,
        purchase.model_dump_json(),
        version=purchase.version,
        at=purchase.at.isoformat(timespec="microseconds"),
        listed=listed,
    )


def _row(kind: str, id_: str, message: BaseModel, version: int = 0) -> Row:
    return Row(kind, id_, message.model_dump_json(), version)


def _lot_order(lot: Lot) -> tuple[bool, datetime, datetime, str]:
    """As they are spent: nearest expiry first, never-expiring last, then the oldest."""
    return (lot.expires_at is None, lot.expires_at or lot.available_at, lot.available_at, lot.lot_id)
