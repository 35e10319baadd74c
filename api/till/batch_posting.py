"""Quoting and posting the open receipts of a chunk: in waves in which each member stands once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme, MemberStanding
from api.campaigns.waves import standings, waves
from api.confirmations import using as confirmed
from api.ledger.repository import PurchasePosting, StaleQuote, post_purchases
from api.problems import Refusal, not_found
from api.till import basket as baskets
from api.till import batch_repository as repository
from api.till import codes
from api.till.batch_chunk import Chunk
from api.till.batch_entry import Entry
from api.till.purchases import checked_redemption, posting_of
from api.till.quotes import identification_over
from api.till.refusing import already_posted
from api.till_kit import queued as offline
from contract.rules import written_quote

_IN_A_ROW = 10
Postings = list[tuple[Entry, PurchasePosting]]


async def post_open(chunk: Chunk, entries: Sequence[Entry], programme: LoadedProgramme) -> None:
    """Post what is open, inside the caller's transaction, which holds their wallets. Raises StaleQuote, LedgerRefusal.

    An entry that the rules or its code refuse says so itself.
    """
    budgets = await campaigns.budgets(chunk.connection, programme, chunk.now, fresh=True)
    numbers: set[str] = set()
    pending = [entry for entry in entries if entry.is_open]
    for wave in waves(pending, lambda entry: entry.member_id, strictly=bool(budgets)):
        await _post_wave(chunk, wave, budgets, numbers)


async def _post_wave(chunk: Chunk, wave: Sequence[Entry], budgets: dict[str, int], numbers: set[str]) -> None:
    moments = {entry.member_id: entry.request.at for entry in wave}
    programme, found = await standings(chunk.connection, chunk.staff.programme_id, moments)
    if programme.budgets.keys() - budgets.keys():
        raise StaleQuote  # a campaign with a budget began while this chunk was on its way
    postings: Postings = []
    for number, entry in enumerate(wave):
        posting = _quoted(chunk, entry, found, budgets, numbers)
        if posting is not None:
            postings.append((entry, posting))
        if number % _IN_A_ROW == _IN_A_ROW - 1:
            await asyncio.sleep(0)  # quotes take a while, and other requests have waited for them
    kept = await _used_up(chunk, postings)
    good = [posting for _, posting in kept]
    rows = await post_purchases(chunk.connection, good, chunk.now)
    await confirmed.use(chunk.connection, good, chunk.now)
    posted = {row["purchase_id"]: row for row in rows}
    for entry, posting in kept:
        entry.row = posted[posting.purchase_id]
        entry.name = found[posting.member_id].name


def _quoted(
    chunk: Chunk, entry: Entry, found: Mapping[UUID, MemberStanding], budgets: dict[str, int], numbers: set[str]
) -> PurchasePosting | None:
    """What the ledger is to post, or None: then the entry says why."""
    try:
        return _posting(chunk, entry, found.get(entry.member_id), budgets, numbers)
    except Refusal as refusal:
        entry.refusal = refusal
        return None


def _posting(
    chunk: Chunk, entry: Entry, standing: MemberStanding | None, budgets: dict[str, int], numbers: set[str]
) -> PurchasePosting:
    request, offer = entry.request, chunk.offer(entry)
    if standing is None:
        raise not_found("There is no such member.")
    programme = standing.programme
    baskets.check(request, chunk.staff, programme.stores, programme.rules.currency, chunk.now)
    if request.receipt_number in numbers:
        raise already_posted()
    quoted = written_quote(
        request, standing.facts, programme.campaigns, request.at, programme.rules_at(request.at), budgets
    )
    if entry.mark is None:
        redeem = checked_redemption(request, standing, can_spend=offer.member.can_spend)
    else:
        redeem = offline.covered(request, standing, can_spend=offer.member.can_spend)
        quoted = offline.honoured(request, entry.mark, quoted, standing, budgets, chunk.queued)
    programme.spend(budgets, quoted.given)
    numbers.add(request.receipt_number)
    return posting_of(offer, quoted, standing, redeem)


async def _used_up(chunk: Chunk, postings: Postings) -> Postings:
    """Use up codes and identifications; those that were still good."""
    steps: dict[UUID, int] = {}
    identifications: dict[UUID, UUID] = {}
    for entry, posting in postings:
        if entry.who is not None and entry.who.device_id is not None:
            steps[entry.who.device_id] = entry.who.step
        elif entry.who is not None and entry.who.identification_id is not None:
            identifications[entry.who.identification_id] = posting.purchase_id
    good = await repository.use_steps(chunk.connection, steps) if steps else set()
    if identifications:
        good |= await repository.use_identifications(chunk.connection, identifications)
    kept = []
    for entry, posting in postings:
        if entry.who is not None and {entry.who.device_id, entry.who.identification_id} & good:
            entry.posted = (posting.purchase_id, posting.member_id)
            kept.append((entry, posting))
        else:
            if entry.mark and entry.mark.identify_key:
                raise StaleQuote  # the till's own call, whose answer it gave up, has come in just now
            by_code = entry.who is not None and entry.who.device_id is not None
            entry.refusal = codes.used() if by_code else identification_over()
    return kept
