"""Gathers all that is stored of a member, in pages: small things at once, movements and purchases page by page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from api.database.pool import Connection, Database
from api.me import repository as me
from api.me.documents import lot_document, profile_document
from api.privacy.files import Folder
from api.purchases import repository as purchases
from api.purchases.cursors import Place
from api.purchases.documents import money, purchase_document
from api.statement import repository as statement
from api.statement.repository import MovementRow

PAGE = 250
_LISTS = {
    "devices": "session_id as device_id, device_name, created_at, last_seen_at, revoked_at from session",
    "consents": "channel, purpose, granted, wording_version, language, at from consent",
    "terms_accepted": "version, accepted_at from terms_acceptance",
    "offers_activated": "campaign_id, activated_at, deactivated_at from offer_activation",
    "claims": (
        "claim_id, kind, store_id, receipt_number, day, total, note, asked_at, state, reason, words, decided_at, given"
        " from member_claim"
    ),
    "feedback": "purchase_id, rating, comment, given_at, changed_at from feedback",
    "confirmations": (
        "confirmation_id, store_id, state, redeem, redeem_points, amount, unit, asked_at, settled_at, purchase_id"
        " from confirmation"
    ),
    "corrections": "adjustment_id, unit, amount, purchase_id, reason, at from ledger.adjustment",
    "contacts": "contact from member_contact",
    "wallets": "unit, pending, available, debt, version, updated_at from ledger.wallet",
    "tier": "tier, since, granted_until, holds_until, counted, leaves_on, leaves_for, missing from member_tier",
    "tier_history": "recorded_at, at, kind, from_tier, to_tier, ladder_version from tier_history",
    "offers_hidden": "campaign_id, hidden_at from offer_hidden",
    "codes_scanned": "created_at, expires_at, device_id, can_spend, purchase_id from identification",
    "receipts_queued": (
        "confirmed_at, received_at, store_id, receipt_number, unit, spent, earned, shortfall, outcome, purchase_id"
        " from queued_receipt"
    ),
    "checks": "purchase_id, state, since, decided_at, taken, points_taken from ledger.held",
    "acts_of_staff": "at, store_id, action from audit",
    "expiry_notices": "told_until, queued_at, sent_at from expiry_notice",
    "copies": "asked_at, state, ready_at, bytes, expires_at from member_export",
}
"""What is stored beside the wallet, in lists."""
_DOCUMENTS = {"public.member", "ledger.lot", "ledger.movement", "ledger.purchase", "ledger.refund"}
"""What the copy has in forms of its own: the profile, the lots, the movements, the purchases with their refunds."""
COPIED = _DOCUMENTS | {
    name if "." in name else f"public.{name}" for name in (what.rsplit(" from ", 1)[1] for what in _LISTS.values())
}
"""The tables that a copy is made of."""
LEFT_OUT = {
    "public.member_export_part": "the copies themselves",
    "public.member_number": "an index of the numbers: hers stands in the profile",
    "public.tier_due": "a mark that lasts until the tier is looked at, within seconds",
    "public.staff_account": "whom a member of staff may not serve: it is about the staff, and the chain tells them",
    "public.review": "how a pattern was noticed would teach how not to be; what came of a check is among the checks",
    "ledger.write_claim": "digests of keys: they say nothing that the purchases do not",
    "ledger.receipt_claim": "digests of receipt numbers: likewise",
}
"""The tables that name a member and are not in her copy, each with the reason."""
_COLUMNS = [
    "unit",
    "version",
    "kind",
    "from_account",
    "to_account",
    "amount",
    "lot_id",
    "purchase_id",
    "refund_id",
    "event_at",
    "recorded_at",
    "pending",
    "available",
    "debt",
]
_ALL = 2**62
_UNITS = "select unit from ledger.wallet where member_id = $1 order by unit"


async def gather(database: Database, member_id: UUID, folder: Folder, now: datetime) -> AsyncIterator[tuple[int, int]]:
    """Write everything into a folder; yields (records written, records in all) after each page."""
    async with database.connection() as connection:
        about, total = await _about(connection, member_id, now)
    await asyncio.to_thread(folder.begin, about, _COLUMNS, about["programme"]["name"])
    done = 0
    yield done, total
    for unit in about["units"]:
        after = 0
        while True:
            async with database.connection() as connection:
                moved = await statement.movements(connection, member_id, unit, after, _ALL, PAGE)
            if not moved:
                break
            after = moved[-1].version
            await asyncio.to_thread(_write_movements, folder, unit, moved)
            done += len(moved)
            yield done, max(done, total)
    folder.purchases_begin()
    place: Place | None = None
    while True:
        async with database.connection() as connection:
            bought = await purchases.page(connection, member_id, place, PAGE)
        if not bought:
            break
        place = Place(bought[-1].at, bought[-1].purchase_id)
        await asyncio.to_thread(_write_purchases, folder, bought)
        done += len(bought)
        yield done, max(done, total)
    folder.end()


async def _about(connection: Connection, member_id: UUID, now: datetime) -> tuple[dict[str, Any], int]:
    programme_id = await connection.fetchval("select programme_id from member where member_id = $1", member_id)
    snapshot = await me.full(connection, programme_id, member_id, 0)
    if snapshot is None:
        raise LookupError("the member has gone")
    profile = profile_document(snapshot.head, now)
    programme = profile.pop("programme")
    more = await connection.fetchrow("select use_history, segments, tier from member where member_id = $1", member_id)
    total = await connection.fetchval(
        """select (select count(*) from ledger.movement where member_id = $1)
                + (select count(*) from ledger.purchase where member_id = $1)""",
        member_id,
    )
    lists = {}
    for name, what in _LISTS.items():
        rows = await connection.fetch(f"select {what} where member_id = $1 order by 1", member_id)
        lists[name] = [dict(row) for row in rows]
    about = {
        "made_at": now,
        "programme": programme,
        "profile": {**profile, **dict(more or {})},
        "units": [row[0] for row in await connection.fetch(_UNITS, member_id)],
        "lots": [lot_document(lot, snapshot.head.language) for lot in snapshot.lots],
        **lists,
    }
    return about, total


def _write_movements(folder: Folder, unit: str, rows: Sequence[MovementRow]) -> None:
    documents, lines = [], []
    for row in rows:
        fields = row._asdict()
        fields.pop("hash")
        lines.append([unit, *("" if value is None else value for value in fields.values())])
        for name in ("amount", "pending_after", "available_after", "debt_after"):
            fields[name] = money(fields[name], unit)
        documents.append({"unit": unit, **fields})
    folder.movements(documents, lines)


def _write_purchases(folder: Folder, rows: list[purchases.PurchaseRow]) -> None:
    folder.purchases([purchase_document(row) for row in rows])
