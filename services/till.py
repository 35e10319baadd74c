"""The till: identify, quote, confirm once, refund; the first three also without a network."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from contract import member_code
from contract.errors import ErrorCode
from contract.sign_in import Staff
from contract.staff import Approval, NewMember
from contract.till import (
    Identification,
    IdentifyRequest,
    PurchaseRequest,
    QuoteRequest,
    RefundLine,
    RefundRequest,
    TillPurchases,
    TillQuote,
)
from contract.till_kit import TillKey
from contract.wallet import Purchase, Receipt, RefundReceipt
from services.cache import CacheClosed
from services.clock import Clock
from services.contacts import is_contact
from services.errors import Offline, Refused, refusal
from services.finding import EVERY, Wanted
from services.gateway import Gateway
from services.remembered import Cache, PostRow
from services.retry import Backoff
from services.sales import DRAFT, SALE, Draft, Sale, input_as_refusal, settling
from services.shelf import Shelf
from services.state import TillStatus
from services.till_offline import Known, OfflineDesk, OfflineMember, OfflineReceipt, Signer, is_offline, new_key
from services.till_queue import TillQueue

__all__ = ["Draft", "OfflineMember", "OfflineReceipt", "Till", "is_contact"]

_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
REFUND_KEY_LIVES = timedelta(hours=24)
"""After that the same refund counts as a new one."""
PATIENCE = 5.0
"""Seconds that a customer waits for an answer before the till goes on without one."""


class Till:
    """What staff can do. Every call may raise Refused or Offline."""

    def __init__(
        self,
        gateway: Gateway,
        clock: Clock,
        device_id: str,
        lost: Callable[[], None],
        *,
        skew: Callable[[], timedelta],
        signer: Callable[[], TillKey | None],
        show: Callable[[TillStatus], None],
        shelf: Shelf,
        retry: Backoff | None = None,
    ) -> None:
        self.queue = TillQueue(gateway, clock, skew=skew, signer=signer, lost=lost, show=show, shelf=shelf, retry=retry)
        self._shelf = shelf
        self._gateway = gateway
        self._clock = clock
        self._skew = skew
        self._mark = hashlib.sha256(device_id.encode()).hexdigest()[:3].upper()
        self._lost = lost
        self._staff: Staff | None = None
        self._cache: Cache | None = None
        self._posting: dict[Sale, asyncio.Task[Receipt | OfflineReceipt]] = {}
        self._last: tuple[Sale, Receipt | OfflineReceipt] | None = None
        self._found: Identification | None = None
        self._found_number = ""
        self._joining: tuple[NewMember, str] | None = None
        self._away = False
        self._one_at_a_time = asyncio.Lock()

    async def enter(self, staff: Staff, cache: Cache, folder: Path) -> None:
        """Someone signed in at this till; `folder` is the device's."""
        self._staff, self._cache, self._last = staff, cache, None
        await self.queue.enter(staff, folder)
        await self._shelf.enter(staff, folder, self.queue.tell)

    async def leave(self) -> None:
        """Nobody is signed in. A confirm on its way still ends by itself; what waits in the queue stays."""
        self._staff, self._cache, self._last, self._found = None, None, None, None
        await self._shelf.leave()
        await self.queue.leave()

    def noticed(self, *, online: bool) -> None:
        """Whether the API answers: without it the till does not ask."""
        self._away = not online
        if online:
            self.queue.wake()
            self._shelf.wake()

    async def settled(self, most: float) -> None:
        """Wait until no confirm is on its way, `most` seconds."""
        if self._posting:
            await asyncio.wait(self._posting.values(), timeout=most)

    def new_receipt_number(self) -> str:
        """A receipt number that no other till or day makes, such as ``261122-K7Q2M9-CENTRO-3F0``."""
        staff, _ = self._desk()
        day = self._clock.now().astimezone(ZoneInfo(staff.timezone))
        random = "".join(secrets.choice(_ALPHABET) for _ in range(6))
        return f"{day:%y%m%d}-{random}-{staff.store_id[:24].upper()}-{self._mark}"

    async def identify(self, code: str) -> Identification | OfflineMember:
        """Who is at the till? `code` as scanned or typed; consumed by this call.

        Without a network the code is taken as it is: the API looks at it when the receipt is sent.
        """
        self._desk()
        if is_contact(code):
            return await self.identify_contact(code)
        try:
            parsed = member_code.parse(code)
        except member_code.MalformedCode as error:
            raise Refused(refusal(ErrorCode.CODE_MALFORMED, detail=str(error))) from None
        desk, key = await self.queue.desk(), str(uuid.uuid4())
        if desk is not None and self._away:
            return await desk.identify(parsed, self._clock.now())
        try:
            with self._noticing():
                async with asyncio.timeout(None if desk is None else PATIENCE):
                    self._found = await self._gateway.identify(IdentifyRequest(code=parsed.text), key)
                    self._found_number = parsed.member_number
            if desk is not None:
                await desk.saw(parsed, self._clock.now())
            return self._found
        except Offline:
            if desk is None:
                raise
            return await desk.identify(parsed, self._clock.now(), key)

    async def identify_contact(self, contact: str) -> Identification:
        """Who has this e-mail address or phone number? She may earn and not spend. Needs the network."""
        self._desk()
        with input_as_refusal():
            request = IdentifyRequest(contact=contact.strip())
        with self._noticing():
            self._found, self._found_number = await self._gateway.identify(request, str(uuid.uuid4())), ""
            return self._found

    async def add_member(self, name: str, contact: str, language: str = "en") -> Identification:
        """Someone joins by a name and a contact, and is at the till at once. Needs the network."""
        self._desk()
        with input_as_refusal():
            request = NewMember(name=name.strip(), contact=contact.strip(), language=language)
        if self._joining is None or self._joining[0] != request:
            self._joining = (request, str(uuid.uuid4()))
        with self._noticing():
            self._found, self._found_number = await self._gateway.add_member(request, self._joining[1]), ""
            return self._found

    async def quote(self, draft: Draft) -> TillQuote:
        """What the basket earns and what may be spent on it; without a network what is sure. Writes nothing."""
        staff, _ = self._desk()
        desk = await self.queue.desk()
        if desk is not None and (self._away or is_offline(draft.identification)):
            return await desk.quote(draft, staff.store_id, self._known(draft))
        with input_as_refusal():
            request = QuoteRequest(
                store_id=staff.store_id,
                at=draft.at + self._skew(),
                receipt_number=draft.receipt_number or "quote",
                lines=list(draft.lines),
                identification=draft.identification,
            )
        try:
            with self._noticing():
                async with asyncio.timeout(None if desk is None else PATIENCE):
                    return await self._gateway.quote(request)
        except Offline:
            if desk is None:
                raise
            return await desk.quote(draft, staff.store_id, self._known(draft))

    async def confirm(
        self, draft: Draft, redeem: int, points: int = 0, *, allowed: bool = False
    ) -> Receipt | OfflineReceipt:
        """Post the purchase, spending `redeem` minor units and `points`; `allowed` by the member, if above her limit.

        Key and body are on disk before the first send. Where no answer comes, the till signs it and keeps it in its
        queue. A second call with the same draft joins the one that runs, or returns the same receipt; after Offline
        (of a till that has no kit) it is retried with the same key. Refused forgets it.
        """
        sale = Sale(draft, redeem, points, allowed)
        if self._last is not None and self._last[0] == sale:
            return self._last[1]
        task = self._posting.get(sale)
        if task is None:
            task = asyncio.create_task(self._confirm(sale), name="kierto confirm")
            self._posting[sale] = task
            task.add_done_callback(lambda _: self._posting.pop(sale, None))
        return await asyncio.shield(task)  # a screen that goes away does not take the posting with it

    async def purchases(self, wanted: Wanted = EVERY, *, cursor: str | None = None) -> TillPurchases:
        """The store's purchases, newest first, or those that are meant."""
        self._desk()
        day = wanted.day.isoformat() if wanted.day is not None else None
        with self._noticing():
            return await self._gateway.till_purchases(cursor, wanted.receipt_number, wanted.member, day)

    async def purchase(self, purchase_id: str) -> Purchase:
        """One purchase of this store with its lines."""
        self._desk()
        with self._noticing():
            return await self._gateway.till_purchase(purchase_id)

    async def preview_refund(self, purchase_id: str, lines: list[RefundLine] | None = None) -> RefundReceipt:
        """What a refund would do; all of the purchase without `lines`. Writes nothing."""
        self._desk()
        with self._noticing():
            return await self._gateway.preview_refund(purchase_id, RefundRequest(lines=lines))

    async def refund(
        self,
        purchase_id: str,
        lines: list[RefundLine] | None = None,
        reason: str = "",
        approval: Approval | None = None,
    ) -> RefundReceipt:
        """Take a purchase back. The same call after Offline is retried with the same key; no PIN is kept."""
        _, cache = self._desk()
        with input_as_refusal():
            request = RefundRequest(lines=lines, reason=reason)
        body = request.model_dump_json()
        async with self._one_at_a_time:
            post = await self._kept("refund", lambda row: row.subject == purchase_id and row.body == body)
            if post is not None and self._clock.now() - datetime.fromisoformat(post.at) > REFUND_KEY_LIVES:
                await cache.post_drop(post.key)
                post = None
            if post is None:
                post = self._post("refund", purchase_id, body, "")
                await cache.post_add(post)
            with self._noticing():
                async with settling(cache, post.key):
                    approved = request.model_copy(update={"approval": approval})
                    return await self._gateway.refund(purchase_id, approved, post.key)

    async def unfinished(self) -> Draft | None:
        """The oldest confirm whose answer never came, also from before a restart; None when all are answered."""
        _, cache = self._desk()
        for post in await cache.posts():
            if post.kind != "purchase":
                continue
            if await self.queue.item(post.key) is None:
                return _sale(post).draft
            await cache.post_drop(post.key)  # it was queued just before the till ended
        return None

    async def resume(self) -> Receipt | OfflineReceipt | None:
        """Post the unfinished confirm again with its stored key; None when there is none."""
        post = await self._kept("purchase")
        if post is None:
            return None
        sale = _sale(post)
        return await self.confirm(sale.draft, sale.redeem, sale.points, allowed=sale.allowed)

    async def set_aside(self) -> None:
        """Forget the unfinished confirm, by the cashier's decision: it may or may not have been posted."""
        post = await self._kept("purchase")
        if post is not None:
            await self._desk()[1].post_drop(post.key)

    async def keep_draft(self, draft: Draft | None) -> None:
        """Keep the sale being entered over a restart; None forgets it."""
        _, cache = self._desk()
        await cache.draft_keep("sale", None if draft is None else DRAFT.dump_json(draft).decode())

    async def kept_draft(self) -> Draft | None:
        """The sale that was being entered, if any."""
        text = await self._desk()[1].draft("sale")
        try:
            return None if text is None else DRAFT.validate_json(text)
        except ValidationError:  # of an older app
            return None

    async def _confirm(self, sale: Sale) -> Receipt | OfflineReceipt:
        async with self._one_at_a_time:
            receipt = await (self._queued(sale) if is_offline(sale.draft.identification) else self._posted(sale))
            self._last = (sale, receipt)
            return receipt

    async def _queued(self, sale: Sale) -> OfflineReceipt:
        """A sale whose member only a code names."""
        staff, _ = self._desk()
        desk = await self.queue.desk()
        if desk is None:
            raise Offline("no kit to sell by")
        number = sale.draft.receipt_number or self.new_receipt_number()
        body = desk.purchase(sale.draft, staff.store_id, number, sale.redeem)
        return await self._keep(desk, sale, body, new_key())

    async def _posted(self, sale: Sale) -> Receipt | OfflineReceipt:
        """A sale whose member the API has named: posted, or without an answer queued by the same key."""
        staff, cache = self._desk()
        stored = SALE.dump_json(sale, exclude_defaults=True).decode()
        post = await self._kept("purchase", lambda row: row.draft == stored)
        sent = post is not None
        if post is None:
            document = self._body(staff, sale).model_dump_json()
            post = self._post("purchase", sale.draft.identification, document, stored)
            await cache.post_add(post)
        desk = None if sale.needs_network else await self.queue.desk()
        if desk is None or not self._away:
            sent = True
            try:
                with self._noticing():
                    async with settling(cache, post.key), asyncio.timeout(None if desk is None else PATIENCE):
                        receipt = await self._gateway.post_purchase(post.body, post.key)
                        await self._forget(cache, sale.draft)  # first: a till that ends here asks again by this key
                        return receipt
            except Offline:
                if desk is None:
                    raise
        body = PurchaseRequest.model_validate_json(post.body)
        try:
            kept = await self._keep(desk, sale, body, post.key, perhaps_posted=sent)
        except Refused:
            if not sent:
                await cache.post_drop(post.key)
            raise
        await self._forget(cache, sale.draft)
        await cache.post_drop(post.key)
        return kept

    async def _forget(self, cache: Cache, draft: Draft) -> None:
        """A confirmed sale is no longer being entered, also for a till that ends before its screen has said so."""
        with suppress(CacheClosed):  # signed out meanwhile
            if await self.kept_draft() == draft:
                await cache.draft_keep("sale", None)

    async def _keep(
        self, desk: OfflineDesk, sale: Sale, body: PurchaseRequest, key: str, *, perhaps_posted: bool = False
    ) -> OfflineReceipt:
        key_of_till = self.queue.signer
        if key_of_till is None:
            raise Offline("no key to sign with")
        signer = Signer(key_of_till, self._desk()[0].staff_id)
        now, known = self._clock.now(), self._known(sale.draft)
        receipt = await desk.confirm(sale.draft, body, key, signer, now, known, perhaps_posted=perhaps_posted)
        self.queue.wake()
        await self.queue.tell()
        return receipt

    def _known(self, draft: Draft) -> Known | None:
        """This very customer, if the API has named her and lets her spend, with what she may without being asked."""
        found = self._found
        if found is None or found.identification != draft.identification or not found.can_spend:
            return None
        return Known(min(found.wallet.available.amount, found.spend_limit.amount), self._found_number)

    def _body(self, staff: Staff, sale: Sale) -> PurchaseRequest:
        with input_as_refusal():
            return PurchaseRequest(
                store_id=staff.store_id,
                at=sale.draft.at + self._skew(),
                receipt_number=sale.draft.receipt_number or self.new_receipt_number(),
                lines=list(sale.draft.lines),
                identification=sale.draft.identification,
                redeem=sale.redeem,
                redeem_points=sale.points,
            )

    def _post(self, kind: str, subject: str, body: str, draft: str) -> PostRow:
        return PostRow(str(uuid.uuid4()), kind, subject, body, draft, self._clock.now().isoformat())

    async def _kept(self, kind: str, which: Callable[[PostRow], bool] = lambda _: True) -> PostRow | None:
        _, cache = self._desk()
        return next((row for row in await cache.posts() if row.kind == kind and which(row)), None)

    def _desk(self) -> tuple[Staff, Cache]:
        if self._staff is None or self._cache is None:
            raise Refused(refusal(ErrorCode.NOT_SIGNED_IN, status=401))
        return self._staff, self._cache

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """Whoever watches the connection hears at once that it is gone. No answer within patience is none."""
        try:
            yield
        except (Offline, TimeoutError) as error:
            self._away = True
            self._lost()
            raise (error if isinstance(error, Offline) else Offline("no answer in time")) from None


def _sale(post: PostRow) -> Sale:
    return SALE.validate_json(post.draft)
