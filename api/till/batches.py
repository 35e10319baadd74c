"""Posting receipts that a till has queued: the rules, checks and ledger of single ones, one transaction a chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from uuid import UUID

import asyncpg

from api.campaigns import service as campaigns
from api.core.platform import Platform
from api.core.security import StaffSession
from api.ledger.repository import LedgerRefusal, StaleQuote
from api.problems import Refusal, WalletHeld
from api.purchases.documents import Document
from api.tiers import service as tiers
from api.till import batch_repository as repository
from api.till.asking import scope_of
from api.till.batch_chunk import Chunk
from api.till.batch_entry import Entry, came_of, is_for_later, outcome, refused_document
from api.till.batch_finding import find_members, settle_posted
from api.till.batch_posting import post_open
from api.till.refusing import refused, too_many_at_once
from api.till_kit import queued as offline
from api.till_kit.queued import CameOf, Queued
from contract.errors import ErrorCode
from contract.till import QueuedReceipt

CHUNK = 100
_TOGETHER, _ALONE = 2, 20
"""Tries of a chunk, and of one receipt, while others come between."""
_AT_ONCE = 3
"""Chunks of a programme under way in this process: more would wait for each other's wallets."""
IsHeld = Callable[[UUID], bool]


class _NotPlain(Exception):
    """A receipt is unsound, refused, or was seen before."""


_CAME_BETWEEN = (_NotPlain, StaleQuote, LedgerRefusal, asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError)


@dataclass(frozen=True, slots=True)
class BatchDone:
    """The fields of `contract.till.BatchAnswer`, and the wallets that it changed, each at its newest version."""

    answer: Document
    changed: Mapping[UUID, int]


async def post(platform: Platform, staff: StaffSession, receipts: Sequence[QueuedReceipt]) -> BatchDone:
    """Post each receipt once, in their order; what one is refused for touches no other.

    A chunk waits as a single write does for a wallet that somebody holds, and with no connection. Then it goes without
    that member's receipts, which are to be sent again.
    """
    queued = Queued()
    if any(each.offline for each in receipts):
        async with platform.database.connection() as connection:
            queued = await offline.look(connection, staff, receipts, platform.signing_key, platform.now())
    changed: dict[UUID, int] = {}
    outcomes: list[Document] = []
    for begin in range(0, len(receipts), CHUNK):
        here: dict[UUID, int] = {}
        attempt = partial(_attempt, platform, staff, receipts[begin : begin + CHUNK], queued, here, count())
        try:
            outcomes += await platform.turns.insist(attempt)
        except WalletHeld:
            outcomes += await attempt(lambda _: False, leave_out=True)
        changed |= here
    return BatchDone({"outcomes": outcomes}, changed)


async def _attempt(
    platform: Platform,
    staff: StaffSession,
    receipts: Sequence[QueuedReceipt],
    queued: Queued,
    changed: dict[UUID, int],
    tries: Iterator[int],
    is_held: IsHeld,
    *,
    leave_out: bool = False,
) -> list[Document]:
    """Post a chunk by a connection of its own. Raises WalletHeld, unless it is to leave out whose wallets are held.

    Only its first try waits for wallets, as long as other chunks may take; the others look, and give way at once.
    Chunks of all programmes together leave half of the connections to who stands at a till.
    """
    now = platform.now()
    async with (
        platform.lanes.turn(("queues", staff.programme_id), _AT_ONCE),
        platform.lanes.turn("queues", max(1, platform.database.size // 2)),
        platform.database.connection() as connection,
    ):
        chunk = Chunk(connection, staff, scope_of(staff), platform.signing_key, now, queued)
        try:
            outcomes = await _Batch(chunk, changed, is_held, next(tries) == 0, leave_out).post(receipts)
        except repository.WalletsHeld as held:
            raise WalletHeld(await repository.one_held_of(connection, held.members)) from held
        await tiers.after_purchase(connection, staff.programme_id, changed, now)
    return outcomes


@dataclass(frozen=True, slots=True)
class _Batch:
    """One try of a chunk, and what it has changed."""

    chunk: Chunk
    changed: dict[UUID, int]
    is_held: IsHeld
    waits: bool
    leave_out: bool

    async def post(self, receipts: Sequence[QueuedReceipt]) -> list[Document]:
        """A chunk together; where it is not plain or others come between, again, and at last one by one."""
        for closely in (self.leave_out, *[True] * _TOGETHER):
            try:
                return await self._together(receipts, closely=closely)
            except _CAME_BETWEEN:
                continue
        return [await self._alone(each) for each in receipts]

    async def _alone(self, receipt: QueuedReceipt) -> Document:
        for n in range(_ALONE):
            try:
                return (await self._together([receipt], closely=True))[0]
            except LedgerRefusal as said:
                refusal = await self._in_words(said, receipt)
                if n == 0 and receipt.offline and said.code is ErrorCode.REDEEM_OVER_BALANCE:
                    continue  # part of the balance had expired unnoticed: what is left of it is spent, the rest is lost
                await self._keep([(receipt, CameOf(code=refusal.code))])
                return refused_document(receipt.key, refusal)
            except _CAME_BETWEEN:
                continue
        return refused_document(receipt.key, too_many_at_once())

    async def _in_words(self, said: LedgerRefusal, receipt: QueuedReceipt) -> Refusal:
        entry = self.chunk.entry(receipt)
        if isinstance(entry, Refusal):
            return entry
        await find_members(self.chunk, [entry])
        return entry.refusal or await refused(self.chunk.connection, said, self.chunk.offer(entry))

    async def _together(self, receipts: Sequence[QueuedReceipt], *, closely: bool) -> list[Document]:
        """Post a chunk in one transaction: all that can be, or none.

        Unless it looks `closely`, it takes each receipt for sound and new, which nearly all are. Raises _NotPlain where
        one is not; that its key or number was used before, the ledger finds, and undoes all.
        """
        chunk = self.chunk
        read = [chunk.entry(each) for each in receipts]
        entries = [entry for entry in read if isinstance(entry, Entry)]
        if not (closely or (len(entries) == len(receipts) and _all_differ(entries))):
            raise _NotPlain
        async with chunk.connection.transaction():
            programme = await campaigns.programme(chunk.connection, chunk.staff.programme_id)
            await find_members(chunk, entries)
            if not (closely or all(entry.is_open for entry in entries)):
                raise _NotPlain
            held = await self._hold(entries)
            if closely:
                await settle_posted(chunk, entries)
            for entry in entries:
                if entry.is_open and entry.member_id in held:
                    entry.refusal = WalletHeld(entry.member_id)
            await post_open(chunk, entries, programme)
            if not (closely or all(entry.refusal is None for entry in entries)):
                raise _NotPlain
            await self._keep(
                [(each, came_of(entry)) for each, entry in zip(receipts, read, strict=True) if not is_for_later(entry)]
            )
        self._note_changes(entries)
        return [outcome(each, entry) for each, entry in zip(receipts, read, strict=True)]

    async def _hold(self, entries: Sequence[Entry]) -> set[UUID]:
        """Hold the wallets of what is open; those that are to be left out. Raises WalletHeld, WalletsHeld."""
        members = {entry.member_id for entry in entries if entry.is_open}
        if self.leave_out:
            return await repository.hold_free_wallets(self.chunk.connection, members)
        held = {member_id for member_id in members if self.is_held(member_id)}
        if self.waits and not held:
            await repository.hold_wallets(self.chunk.connection, members)
        elif not held:
            held = await repository.hold_free_wallets(self.chunk.connection, members)
        if held:
            raise WalletHeld(min(held))
        return set()

    async def _keep(self, outcomes: Sequence[tuple[QueuedReceipt, CameOf]]) -> None:
        """Keep what was signed, with what came of it."""
        if any(receipt.offline for receipt, _ in outcomes):
            chunk = self.chunk
            unit = (await campaigns.programme(chunk.connection, chunk.staff.programme_id)).currency
            await offline.keep(chunk.connection, chunk.staff, unit, outcomes, chunk.queued, chunk.now)

    def _note_changes(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.posted and entry.row is not None and not entry.replayed:
                member_id = entry.posted[1]
                self.changed[member_id] = max(entry.row["posted_version"], self.changed.get(member_id, 0))


def _all_differ(entries: Sequence[Entry]) -> bool:
    """Whether no key and no receipt number comes twice."""
    keys = {entry.claim.key for entry in entries}
    numbers = {entry.request.receipt_number for entry in entries}
    return len(keys) == len(numbers) == len(entries)
