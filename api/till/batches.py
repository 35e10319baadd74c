"""Posting receipts that a till has queued: the rules, checks and ledger of single ones, one transaction a chunk."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme, MemberStanding
from api.campaigns.waves import standings, waves
from api.confirmations import using as confirmed
from api.core.platform import Platform
from api.core.security import StaffSession
from api.field_errors import field_errors
from api.ledger.repository import Claim, LedgerRefusal, PurchasePosting, StaleQuote, post_purchases
from api.problems import Refusal, not_found
from api.purchases.documents import Document
from api.tiers import service as tiers
from api.till import basket as baskets
from api.till import batch_repository as repository
from api.till import codes
from api.till.asking import AtTill, Offer, fingerprint_of, scope_of
from api.till.batch_entry import Entry, came_of, is_out_of_time, is_used, outcome, refused_document
from api.till.batch_members import AtTime, Scanned, who_they_are
from api.till.identify import key_reused
from api.till.purchases import checked_redemption, posting_of
from api.till.quotes import identification_over
from api.till.refusing import already_posted, refused, too_many_at_once
from api.till.repository import Connection
from api.till_kit import queued as offline
from api.till_kit.queued import CameOf, Queued
from contract.errors import ErrorCode
from contract.rules import written_quote
from contract.till import QueuedReceipt, Unsound

CHUNK = 100
_TOGETHER, _ALONE = 2, 20
"""Tries of a chunk, and of one receipt, while others come between."""
_AT_ONCE = 3
"""Chunks of a programme under way in this process: more would wait for each other's wallets."""
_IN_A_ROW = 10


class _NotPlain(Exception):
    """A receipt is unsound, refused, or was seen before."""


_CAME_BETWEEN = (_NotPlain, StaleQuote, LedgerRefusal, asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError)


@dataclass(frozen=True, slots=True)
class BatchDone:
    """The fields of `contract.till.BatchAnswer`, and the wallets that it changed, each at its newest version."""

    answer: Document
    changed: Mapping[UUID, int]


async def post(platform: Platform, staff: StaffSession, receipts: Sequence[QueuedReceipt]) -> BatchDone:
    """Post each receipt once, in their order; what one is refused for touches no other."""
    now, queued = platform.now(), Queued()
    if any(each.offline for each in receipts):
        async with platform.database.connection() as connection:
            queued = await offline.look(connection, staff, receipts, platform.signing_key, now)
    changed: dict[UUID, int] = {}
    outcomes: list[Document] = []
    for begin in range(0, len(receipts), CHUNK):
        async with (
            platform.lanes.turn(("queues", staff.programme_id), _AT_ONCE),
            platform.database.connection() as connection,
        ):
            batch = _Batch(connection, staff, scope_of(staff), platform.signing_key, now, {}, queued)
            outcomes += await batch.post(receipts[begin : begin + CHUNK])
            await tiers.after_purchase(connection, staff.programme_id, batch.changed, now)
            changed |= batch.changed
    return BatchDone({"outcomes": outcomes}, changed)


@dataclass(frozen=True, slots=True)
class _Batch:
    """One chunk: who asks, when, and what it has changed."""

    connection: Connection
    staff: StaffSession
    scope: str
    signing_key: bytes
    now: datetime
    changed: dict[UUID, int]
    queued: Queued

    async def post(self, receipts: Sequence[QueuedReceipt]) -> list[Document]:
        """A chunk together; where it is not plain or others come between, again, and at last one by one."""
        for closely in (False, *[True] * _TOGETHER):
            try:
                return await self._together(receipts, closely=closely)
            except _CAME_BETWEEN:
                continue
        return [await self._alone(each) for each in receipts]

    async def _alone(self, receipt: QueuedReceipt) -> Document:
        for _ in range(_ALONE):
            try:
                return (await self._together([receipt], closely=True))[0]
            except LedgerRefusal as said:
                refusal = await self._in_words(said, receipt)
                await self._keep([(receipt, CameOf(code=refusal.code))])
                return refused_document(receipt.key, refusal)
            except _CAME_BETWEEN:
                continue
        return refused_document(receipt.key, too_many_at_once())

    async def _in_words(self, said: LedgerRefusal, receipt: QueuedReceipt) -> Refusal:
        entry = self._entry(receipt)
        if isinstance(entry, Refusal):
            return entry
        await self._find_members([entry])
        return entry.refusal or await refused(self.connection, said, self._offer(entry))

    async def _together(self, receipts: Sequence[QueuedReceipt], *, closely: bool) -> list[Document]:
        """Post a chunk in one transaction: all that can be, or none.

        Unless it looks `closely`, it takes each receipt for sound and new, which nearly all are. Raises _NotPlain where
        one is not; that its key or number was used before, the ledger finds, and undoes all.
        """
        read = [self._entry(each) for each in receipts]
        entries = [entry for entry in read if isinstance(entry, Entry)]
        if not (closely or (len(entries) == len(receipts) and _all_differ(entries))):
            raise _NotPlain
        async with self.connection.transaction():
            programme = await campaigns.programme(self.connection, self.staff.programme_id)
            await self._find_members(entries)
            if not (closely or all(entry.is_open for entry in entries)):
                raise _NotPlain
            members = [entry.member_id for entry in entries if entry.is_open]
            await repository.hold_wallets(self.connection, members)
            if closely:
                await self._without_posted(entries)
            await self._post_open(entries, programme)
            if not (closely or all(entry.refusal is None for entry in entries)):
                raise _NotPlain
            await self._keep([(each, came_of(entry)) for each, entry in zip(receipts, read, strict=True)])
        self._note_changes(entries)
        return [outcome(each, entry) for each, entry in zip(receipts, read, strict=True)]

    async def _keep(self, outcomes: Sequence[tuple[QueuedReceipt, CameOf]]) -> None:
        """Keep what was signed, with what came of it."""
        if any(receipt.offline for receipt, _ in outcomes):
            unit = (await campaigns.programme(self.connection, self.staff.programme_id)).currency
            await offline.keep(self.connection, self.staff, unit, outcomes, self.queued, self.now)

    def _entry(self, receipt: QueuedReceipt) -> Entry | Refusal:
        purchase = receipt.purchase
        if isinstance(purchase, Unsound):
            errors = field_errors([{**each, "loc": ("body", *each["loc"])} for each in purchase.errors], None)
            return Refusal(422, ErrorCode.INVALID_INPUT, f"{errors[0].field}: {errors[0].message}", errors=errors)
        unsigned = self.queued.refusal(receipt)
        if unsigned is not None:
            return unsigned
        claim = Claim(scope=self.scope, key=receipt.key, fingerprint=fingerprint_of(purchase))
        by_clock = offline.set_right(receipt, purchase)
        return Entry(
            purchase,
            claim,
            Scanned(purchase, receipt.scanned_at or purchase.at),
            receipt.offline,
            Scanned(*by_clock) if by_clock else None,
        )

    async def _find_members(self, entries: Sequence[Entry]) -> None:
        scans = [entry.scanned for entry in entries]
        found = await who_they_are(self.connection, self.staff, scans, self.signing_key, self.now)
        await self._set_clocks_right(entries, found)
        for entry, who in zip(entries, found, strict=True):
            at_till = await self._by_lost_answer(entry) if is_used(who) else who
            if isinstance(at_till, Refusal):
                entry.refusal = at_till
            else:
                entry.who = at_till

    async def _set_clocks_right(self, entries: Sequence[Entry], found: list[AtTime | Refusal]) -> None:
        """Where a till's times do not fit its codes, its clock as it was found to be since may say why."""
        wrong = [n for n, entry in enumerate(entries) if entry.set_right and is_out_of_time(found[n])]
        scans = [scan for n in wrong if (scan := entries[n].set_right) is not None]
        if not scans:
            return
        again = await who_they_are(self.connection, self.staff, scans, self.signing_key, self.now)
        for n, scan, who in zip(wrong, scans, again, strict=True):
            if not is_out_of_time(who):
                found[n], entries[n].request = who, scan.purchase

    async def _by_lost_answer(self, entry: Entry) -> AtTime | Refusal:
        """A code that the till itself had used up by a call whose answer it never got is its to use."""
        found = entry.mark and await offline.by_lost_answer(self.connection, self.staff, entry.request, entry.mark)
        return AtTime(found[1], found[2], identification_id=found[0]) if found else codes.used()

    async def _without_posted(self, entries: Sequence[Entry]) -> None:
        """Settle the fate of each receipt whose key or number was used, also earlier in this chunk.

        A key comes before all else: what was done by it is done, though its code is used up since.
        """
        keys = [entry.claim.key for entry in entries]
        claimed = await repository.claims(self.connection, self.scope, keys)
        numbers = [entry.request.receipt_number for entry in entries]
        used = await repository.numbers_posted(self.connection, self.staff.programme_id, self.staff.store_id, numbers)
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
        await self._read_replayed(entries)

    async def _read_replayed(self, entries: Sequence[Entry]) -> None:
        before = dict(entry.posted for entry in entries if entry.posted)
        rows = await repository.posted(self.connection, before) if before else {}
        for entry in entries:
            if entry.posted:
                entry.row = rows[entry.posted[0]]
                entry.name = entry.row["member_name"]

    async def _post_open(self, entries: Sequence[Entry], programme: LoadedProgramme) -> None:
        budgets = await campaigns.budgets(self.connection, programme, self.now, fresh=True)
        numbers: set[str] = set()
        pending = [entry for entry in entries if entry.is_open]
        for wave in waves(pending, lambda entry: entry.member_id, strictly=bool(budgets)):
            await self._post_wave(wave, budgets, numbers)

    async def _post_wave(self, wave: Sequence[Entry], budgets: dict[str, int], numbers: set[str]) -> None:
        moments = {entry.member_id: entry.request.at for entry in wave}
        programme, found = await standings(self.connection, self.staff.programme_id, moments)
        if programme.budgets.keys() - budgets.keys():
            raise StaleQuote  # a campaign with a budget began while this chunk was on its way
        postings = []
        for number, entry in enumerate(wave):
            posting = self._quoted(entry, found, budgets, numbers)
            if posting is not None:
                postings.append((entry, posting))
            if number % _IN_A_ROW == _IN_A_ROW - 1:
                await asyncio.sleep(0)  # quotes take a while, and other requests have waited for them
        kept = await self._used_up(postings)
        good = [posting for _, posting in kept]
        rows = await post_purchases(self.connection, good, self.now)
        await confirmed.use(self.connection, good, self.now)
        posted = {row["purchase_id"]: row for row in rows}
        for entry, posting in kept:
            entry.row = posted[posting.purchase_id]
            entry.name = found[posting.member_id].name

    def _quoted(
        self, entry: Entry, found: Mapping[UUID, MemberStanding], budgets: dict[str, int], numbers: set[str]
    ) -> PurchasePosting | None:
        """What the ledger is to post, or None: then the entry says why."""
        try:
            return self._posting(entry, found.get(entry.member_id), budgets, numbers)
        except Refusal as refusal:
            entry.refusal = refusal
            return None

    def _posting(
        self, entry: Entry, standing: MemberStanding | None, budgets: dict[str, int], numbers: set[str]
    ) -> PurchasePosting:
        request, offer = entry.request, self._offer(entry)
        if standing is None:
            raise not_found("There is no such member.")
        programme = standing.programme
        baskets.check(request, self.staff, programme.stores, programme.rules.currency, self.now)
        if request.receipt_number in numbers:
            raise already_posted()
        quoted = written_quote(
            request, standing.facts, programme.campaigns, request.at, programme.rules_at(request.at), budgets
        )
        if entry.mark is None:
            redeem = checked_redemption(request, standing, can_spend=offer.member.can_spend)
        else:
            redeem = offline.covered(request, standing, can_spend=offer.member.can_spend)
            quoted = offline.honoured(request, entry.mark, quoted, standing, budgets, self.queued)
        for each in quoted.given:
            if each.campaign_id in budgets:
                budgets[each.campaign_id] -= each.value
        numbers.add(request.receipt_number)
        return posting_of(offer, quoted, standing, redeem)

    def _offer(self, entry: Entry) -> Offer:
        """What a single post would know; what shows the member is used up beside the ledger, by its own time."""
        assert entry.who is not None  # noqa: S101 - asked of entries whose member is known
        member = AtTill(entry.who.member_id, entry.who.can_spend)
        seller = self.queued.seller(self.staff, entry.mark)
        return Offer(seller, entry.request, member, entry.claim, self.now, by_kit=entry.mark is not None)

    async def _used_up(self, postings: Sequence[tuple[Entry, PurchasePosting]]) -> list[tuple[Entry, PurchasePosting]]:
        """Use up codes and identifications; those that were still good."""
        steps: dict[UUID, int] = {}
        identifications: dict[UUID, UUID] = {}
        for entry, posting in postings:
            if entry.who is not None and entry.who.device_id is not None:
                steps[entry.who.device_id] = entry.who.step
            elif entry.who is not None and entry.who.identification_id is not None:
                identifications[entry.who.identification_id] = posting.purchase_id
        good = await repository.use_steps(self.connection, steps) if steps else set()
        if identifications:
            good |= await repository.use_identifications(self.connection, identifications)
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
