"""Purchases of tills that come at the same time, posted in one transaction; the others go as they always did."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import asyncpg

from api.campaigns import service as campaigns
from api.campaigns import waves
from api.campaigns.loaded import MemberStanding
from api.campaigns.repository import Identified
from api.core.platform import Platform
from api.core.security import StaffSession
from api.database.pool import Connection
from api.ledger.repository import Claim, LedgerRefusal, PurchasePosting, StaleQuote, post_purchases
from api.problems import Refusal, WalletHeld
from api.purchases.documents import Document
from api.tiers import service as tiers
from api.till import purchases
from api.till.asking import AtTill, Done, Offer, fingerprint_of, scope_of
from contract.rules import WrittenQuote
from contract.till import PurchaseRequest

log = logging.getLogger("kierto.till")

Receipt = Done[Document]
_IN_A_ROW = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A purchase that may go with others: it names an identification, and spends nothing."""

    staff: StaffSession
    request: PurchaseRequest
    claim: Claim
    identification: UUID


async def post(platform: Platform, staff: StaffSession, request: PurchaseRequest, key: str) -> Receipt:
    """Post a purchase once, with those of other tills where it can go with them, else by itself. Raises Refusal.

    What does not go plainly is left to `purchases.post`: it alone refuses, replays, and quotes again.
    """
    asked = _plain(staff, request, key)
    if asked is None:
        return await _alone(platform, staff, request, key)
    done: Receipt | Refusal | None = await platform.lanes.join(staff.programme_id, asked, partial(_wave, platform))
    if isinstance(done, Refusal):
        raise done
    return done or await _alone(platform, staff, request, key)


async def _alone(platform: Platform, staff: StaffSession, request: PurchaseRequest, key: str) -> Receipt:
    return await platform.turns.insist(partial(_once, platform, staff, request, key))


async def _once(
    platform: Platform, staff: StaffSession, request: PurchaseRequest, key: str, is_held: Callable[[UUID], bool]
) -> Receipt:
    async with platform.database.connection() as connection:
        done = await purchases.post(connection, staff, request, key, platform.signing_key, platform.now(), is_held)
        if not done.replayed:
            await tiers.after_purchase(connection, staff.programme_id, [done.member_id], platform.now())
    return done


def _plain(staff: StaffSession, request: PurchaseRequest, key: str) -> Asked | None:
    if request.code is not None or request.redeem or request.redeem_points:
        return None
    try:
        identification = UUID(request.identification or "")
    except ValueError:
        return None
    claim = Claim(scope=scope_of(staff), key=key, fingerprint=fingerprint_of(request))
    return Asked(staff, request, claim, identification)


async def _wave(platform: Platform, wave: Sequence[Asked]) -> Sequence[Receipt | Refusal | None]:
    """Post those that can go together, all or none; None for each of the others. One without company goes as ever."""
    if len(wave) == 1:
        alone = wave[0]
        try:
            return [await _once(platform, alone.staff, alone.request, alone.claim.key, platform.turns.is_held)]
        except WalletHeld:  # it waits by itself, where it delays no others
            return [None]
        except Refusal as refusal:
            return [refusal]
    try:
        async with platform.database.connection() as connection:
            return await _together(connection, wave, platform.now(), platform.turns.is_held)
    except (LedgerRefusal, StaleQuote, Refusal):
        return [None] * len(wave)
    except asyncpg.PostgresError as error:
        log.warning("%d receipts go singly, which could not go together: %s", len(wave), type(error).__name__)
        return [None] * len(wave)


async def _together(
    connection: Connection, wave: Sequence[Asked], now: datetime, is_held: Callable[[UUID], bool]
) -> list[Receipt | None]:
    programme_id = wave[0].staff.programme_id
    moments: dict[UUID, datetime] = {}
    for each in wave:
        moments.setdefault(each.identification, each.request.at)
    programme, found = await waves.identified(connection, programme_id, moments)
    budgets = await campaigns.budgets(connection, programme, now)
    taken: set[object] = set()
    fit: dict[int, tuple[PurchasePosting, MemberStanding]] = {}
    for place, each in enumerate(wave):
        known = found.get(each.identification)
        fitting = None if known and is_held(known[0].member_id) else _fitting(each, known, taken, budgets, now)
        if fitting is not None:
            fit[place] = fitting
        if place % _IN_A_ROW == _IN_A_ROW - 1:
            await asyncio.sleep(0)  # quotes take a while, and other requests have waited for them
    rows = await post_purchases(connection, [posting for posting, _ in fit.values()], now)
    await tiers.after_purchase(connection, programme_id, [posting.member_id for posting, _ in fit.values()], now)
    posted = {row["purchase_id"]: row for row in rows}
    answers: list[Receipt | None] = [None] * len(wave)
    for place, (posting, standing) in fit.items():
        receipt = purchases.receipt_of(posted[posting.purchase_id], posting, standing)
        answers[place] = Done(receipt, posting.member_id, False)
    return answers


def _fitting(
    asked: Asked,
    found: tuple[Identified, MemberStanding] | None,
    taken: set[object],
    budgets: dict[str, int],
    now: datetime,
) -> tuple[PurchasePosting, MemberStanding] | None:
    """What the ledger is to post with the others; `taken`: members, keys and receipt numbers of those before."""
    staff, request = asked.staff, asked.request
    if found is None:
        return None
    identified, standing = found
    marks = {identified.member_id, (asked.claim.scope, asked.claim.key), (request.store_id, request.receipt_number, 0)}
    over = identified.purchase_id is not None or identified.expires_at <= now
    if over or identified.session_id != staff.session_id or not taken.isdisjoint(marks):
        return None
    member = AtTill(identified.member_id, identified.can_spend, identification_id=identified.identification_id)
    try:
        posting = purchases.quoted_posting(Offer(staff, request, member, asked.claim, now), standing, budgets)
    except Refusal:
        return None
    taken |= marks
    assert isinstance(posting.quote, WrittenQuote)  # noqa: S101 - made by quoted_posting
    standing.programme.spend(budgets, posting.quote.given)
    return posting, standing
