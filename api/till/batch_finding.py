"""What becomes of queued receipts before any is posted: whose they are, and which were posted already."""

from __future__ import annotations

from collections.abc import Sequence

from api.problems import Refusal
from api.till import batch_repository as repository
from api.till import codes
from api.till.batch_chunk import Chunk
from api.till.batch_entry import Entry, is_out_of_time, is_used
from api.till.batch_members import AtTime, who_they_are
from api.till.identify import key_reused
from api.till.refusing import already_posted
from api.till_kit import queued as offline


async def find_members(chunk: Chunk, entries: Sequence[Entry]) -> None:
    """Say of each entry whose it is, or refuse it."""
    scans = [entry.scanned for entry in entries]
    found = await who_they_are(chunk.connection, chunk.staff, scans, chunk.signing_key, chunk.now)
    await _set_clocks_right(chunk, entries, found)
    for entry, who in zip(entries, found, strict=True):
        at_till = await _by_lost_answer(chunk, entry) if is_used(who) else who
        if isinstance(at_till, Refusal):
            entry.refusal = at_till
        else:
            entry.who = at_till


async def _set_clocks_right(chunk: Chunk, entries: Sequence[Entry], found: list[AtTime | Refusal]) -> None:
    """Where a till's times do not fit its codes, its clock as it was found to be since may say why."""
    wrong = [n for n, entry in enumerate(entries) if entry.set_right and is_out_of_time(found[n])]
    scans = [scan for n in wrong if (scan := entries[n].set_right) is not None]
    if not scans:
        return
    again = await who_they_are(chunk.connection, chunk.staff, scans, chunk.signing_key, chunk.now)
    for n, scan, who in zip(wrong, scans, again, strict=True):
        if not is_out_of_time(who):
            found[n], entries[n].request = who, scan.purchase


async def _by_lost_answer(chunk: Chunk, entry: Entry) -> AtTime | Refusal:
    """A code that the till itself had used up by a call whose answer it never got is its to use."""
    found = entry.mark and await offline.by_lost_answer(chunk.connection, chunk.staff, entry.request, entry.mark)
    return AtTime(found[1], found[2], identification_id=found[0]) if found else codes.used()


async def settle_posted(chunk: Chunk, entries: Sequence[Entry]) -> None:
    """Settle the fate of each receipt whose key or number was used, also earlier in this chunk.

    A key comes before all else: what was done by it is done, though its code is used up since.
    """
    keys = [entry.claim.key for entry in entries]
    claimed = await repository.claims(chunk.connection, chunk.scope, keys)
    numbers = [entry.request.receipt_number for entry in entries]
    used = await repository.numbers_posted(chunk.connection, chunk.staff.programme_id, chunk.staff.store_id, numbers)
    first: dict[str, Entry] = {}
    for entry in entries:
        before = claimed.get(entry.claim.key)
        twin = first.setdefault(entry.claim.key, entry)
        if before is not None:
            same = before.is_of(entry.claim.fingerprint) and before.refund_id is None
            entry.posted = (before.purchase_id, before.member_id) if same else None
            entry.refusal, entry.replayed = None if same else key_reused(), same
        elif twin is not entry:
            same = twin.claim.fingerprint == entry.claim.fingerprint
            entry.twin, entry.refusal = (twin, None) if same else (None, key_reused())
        elif entry.is_open and entry.request.receipt_number in used:
            entry.refusal = already_posted()
    await _read_replayed(chunk, entries)


async def _read_replayed(chunk: Chunk, entries: Sequence[Entry]) -> None:
    before = dict(entry.posted for entry in entries if entry.posted)
    rows = await repository.posted(chunk.connection, before) if before else {}
    for entry in entries:
        if entry.posted:
            entry.row = rows[entry.posted[0]]
            entry.name = entry.row["member_name"]
