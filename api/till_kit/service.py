"""The kit of a programme, made once for each state of its terms; and what went other than a till had told."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme
from api.core.security import StaffSession, not_allowed
from api.database.pool import Connection
from api.problems import not_found
from api.purchases import cursors
from api.till_kit import repository
from contract.money import Money
from contract.till_kit import OfflineRisk, OfflineRisks, TillKit, TillKitAnswer
from contract.wallet import StoreRef

_made: dict[UUID, tuple[LoadedProgramme, TillKit]] = {}


async def kit(connection: Connection, staff: StaffSession, have: str | None, now: datetime) -> TillKitAnswer:
    """The kit of the till's programme; without it where `have` is its version."""
    found = await current_kit(connection, staff.programme_id, now)
    return TillKitAnswer(
        version=found.version, kit=None if found.version == have else found, key_id=str(staff.session_id)
    )


async def current_kit(connection: Connection, programme_id: UUID, now: datetime) -> TillKit:
    """The kit as the programme stands now; remembered, so that a receipt quoted by it can be honoured."""
    row = await repository.offers_version(connection, programme_id)
    if row is None:
        raise not_found("There is no such programme.")
    loaded = await campaigns.programme_at(connection, programme_id, row["offers_version"], row["epoch"])
    held = _made.get(programme_id)
    if held is not None and held[0] is loaded:
        return held[1]
    made = _make(loaded, now)
    named = [(each.campaign_id, each.version) for each in made.campaigns]
    await repository.keep_kit(connection, programme_id, made.version, named, now)
    _made[programme_id] = (loaded, made)
    return made


def _make(loaded: LoadedProgramme, now: datetime) -> TillKit:
    stores = sorted(loaded.stores.values(), key=lambda store: store.store_id)
    named = {category for each in loaded.campaigns for category in each.what.only.categories}
    kit = TillKit(
        version="",
        made_at=now,
        rules=loaded.rules,
        campaigns=[each for each in loaded.campaigns if each.campaign_id not in loaded.closed],
        stores=[StoreRef(store_id=store.store_id, name=store.name) for store in stores],
        categories=sorted(named | set(loaded.rules.never_earning)),
    )
    content = kit.model_dump_json(exclude={"version", "made_at"})
    digest = hashlib.sha256(f"{loaded.epoch}{content}".encode()).hexdigest()[:16]
    return kit.model_copy(update={"version": f"{loaded.offers_version}-{digest}"})


async def risks(connection: Connection, staff: StaffSession, cursor: str | None, limit: int) -> OfflineRisks:
    """What the store's tills told and gave without a network and what did not hold. For supervisors and managers."""
    if staff.role == "cashier":
        raise not_allowed("This is for supervisors and managers.")
    before = cursors.decode(cursor) if cursor else None
    rows = await repository.at_risk(connection, staff.programme_id, staff.store_id, before, limit + 1)
    loaded = await campaigns.programme(connection, staff.programme_id)
    total = await repository.total_shortfall(connection, staff.programme_id, staff.store_id)
    return OfflineRisks(
        total=Money(amount=total, currency=loaded.currency),
        items=[_risk(row) for row in rows[:limit]],
        next_cursor=_next(rows, limit),
    )


def _next(rows: Sequence[asyncpg.Record], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return cursors.encode(cursors.Place(last["received_at"], last["place"]))


def _risk(row: asyncpg.Record) -> OfflineRisk:
    unit = row["unit"]
    return OfflineRisk(
        receipt_number=row["receipt_number"],
        confirmed_at=row["confirmed_at"],
        received_at=row["received_at"],
        outcome=row["outcome"],
        code=row["code"],
        purchase_id=str(row["purchase_id"]) if row["purchase_id"] else None,
        told=Money(amount=row["told"], currency=unit),
        earned=Money(amount=row["earned"], currency=unit),
        shortfall=Money(amount=row["shortfall"], currency=unit),
        till=row["till"],
    )
