"""The kit of a programme, made once for each state of its terms."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme
from api.core.security import StaffSession
from api.database.pool import Connection
from api.problems import not_found
from api.till_kit import repository
from contract.till_kit import TillKit, TillKitAnswer
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
