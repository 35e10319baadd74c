"""Selling without a network: who may be at the till, what is sure to be earned, and the receipt that is queued."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

from contract import member_code
from contract.basket import minor
from contract.campaigns import MemberFacts
from contract.errors import ErrorCode
from contract.money import Money
from contract.rules import may_spend, quote
from contract.till import PurchaseRequest, QueuedReceipt, QuoteRequest
from contract.till_kit import OfflineMark, TillKey, TillKit, perhaps, sign, sure
from services.errors import Refused, refusal
from services.offline_sales import Known, OfflineMember, OfflineQuote, OfflineReceipt, Scanned, Signer, name_of
from services.sales import Draft, input_as_refusal
from services.till_book import QueueRow, TillBook

CODES_KEPT = timedelta(days=8)
"""How long a code that was seen is remembered: longer than the API takes it."""


class OfflineDesk:
    """What a till does by its book alone. `skew` is what to add to its clock, as last measured."""

    def __init__(self, book: TillBook, kit: TillKit, kit_age: timedelta, skew: timedelta) -> None:
        self._book = book
        self._kit = kit
        self._age = kit_age
        self._skew = skew

    def check_kit(self) -> None:
        """Raises Refused where the kit is too old to sell by."""
        if self._age > timedelta(hours=self._kit.rules.offline.kit_hours):
            raise Refused(refusal(ErrorCode.KIT_TOO_OLD))

    async def identify(self, code: member_code.MemberCode, now: datetime, identify_key: str = "") -> OfflineMember:
        """Take a code in: of good form, and not seen at this till before. `now` is the device's time."""
        self.check_kit()
        at = now + self._skew
        if not await self.saw(code, now):
            raise Refused(refusal(ErrorCode.CODE_USED, status=409))
        scanned = Scanned(code, at, identify_key, self._skew)
        return OfflineMember(
            scanned.written(), name_of(code), self._money(await self._may_spend_of(code.member_number))
        )

    async def saw(self, code: member_code.MemberCode, now: datetime) -> bool:
        """Remember a code; False where this till has seen it before."""
        at = now + self._skew
        digest = hashlib.sha256(code.digits.encode()).hexdigest()
        return await self._book.scan(digest, at.isoformat(), (at - CODES_KEPT).isoformat())

    async def quote(self, draft: Draft, store_id: str, known: Known | None) -> OfflineQuote:
        """What a basket earns at least, and what may be spent on it.

        Only campaigns count whose gift rests on nothing that the till cannot know. `known` is who was identified
        before the network went: by then she may have spent at another till, so the limits hold for her, too.
        """
        with input_as_refusal():
            basket = QuoteRequest(
                store_id=store_id,
                at=draft.at + self._skew,
                receipt_number=draft.receipt_number or "quote",
                lines=list(draft.lines),
            )
        rules, campaigns, nobody = self._kit.rules, self._kit.campaigns, MemberFacts()
        least = quote(basket, nobody, sure(campaigns), basket.at, rules)
        most = quote(basket, nobody, perhaps(campaigns), basket.at, rules)
        scanned = Scanned.read(draft.identification)
        limit = 0
        if scanned is not None:
            limit = await self._may_spend_of(scanned.code.member_number)
        elif known is not None:
            limit = min(known.available, await self._may_spend_of(known.member or draft.identification))
        spendable = may_spend(basket.total, limit, rules)
        return OfflineQuote(
            quote=least,
            may_spend=self._money(spendable),
            to_pay=least.total,
            more=most.earned.amount > least.earned.amount or bool(most.points or most.stamps),
            limit=self._money(limit),
        )

    async def confirm(
        self,
        draft: Draft,
        body: PurchaseRequest,
        key: str,
        signer: Signer,
        now: datetime,
        known: Known | None,
        *,
        perhaps_posted: bool = False,
    ) -> OfflineReceipt:
        """Sign a purchase and keep it for sending; on the disk when this returns. The same sale is kept once.

        `perhaps_posted`: it was sent by this key, and no answer came. Then it is kept as it was sent.
        """
        before = await self._book.of_sale(draft.identification)
        if before is not None:
            return _same(before, body)
        self.check_kit()
        if (await self._book.counts()).waiting >= self._kit.rules.offline.queue:
            raise Refused(refusal(ErrorCode.QUEUE_FULL))
        quoted = await self.quote(draft, body.store_id, known)
        scanned = Scanned.read(draft.identification)
        if not perhaps_posted and minor(body.redeem) > quoted.may_spend.amount:
            most, currency = quoted.may_spend.amount, quoted.may_spend.currency
            raise Refused(refusal(ErrorCode.REDEEM_OVER_CAP, status=422, most=most, currency=currency))
        shown = self._receipt(draft, body, key, quoted)
        skew = body.at - draft.at  # what the times of this sale were set right by, whatever was measured since
        document = self._document(body, key, quoted, scanned, now + skew, signer.staff_id)
        receipt = _signed(document, signer.key)
        named = known.member if known is not None else ""
        member = scanned.code.member_number if scanned is not None else named or draft.identification
        await self._book.add(
            QueueRow(
                key=key,
                sale=draft.identification,
                state="waiting",
                seen=False,
                skew=skew.total_seconds(),
                member=member,
                redeem=minor(body.redeem),
                body=receipt,
                shown=shown.model_dump_json(),
            )
        )
        kept = await self._book.of_sale(draft.identification)
        return shown if kept is None else _same(kept, body)

    def purchase(self, draft: Draft, store_id: str, receipt_number: str, redeem: int) -> PurchaseRequest:
        """The purchase of a sale whose member only a code names."""
        scanned = Scanned.read(draft.identification)
        if scanned is None:
            raise ValueError("this member was identified on the network")
        with input_as_refusal():
            return PurchaseRequest(
                store_id=store_id,
                at=draft.at + scanned.skew,
                receipt_number=receipt_number,
                lines=list(draft.lines),
                code=scanned.code.text,
                redeem=redeem,
            )

    async def _may_spend_of(self, member: str) -> int:
        """What one member may spend at this till now, by the limits of the programme."""
        limits, unasked = self._kit.rules.offline, self._kit.rules.confirm_above
        by_member, by_till = await self._book.spent(member)
        most = min(limits.spend_per_member - by_member, limits.spend_per_till - by_till)
        return max(0, most if unasked is None else min(most, unasked))

    def _document(
        self,
        body: PurchaseRequest,
        key: str,
        quoted: OfflineQuote,
        scanned: Scanned | None,
        at: datetime,
        staff_id: str,
    ) -> QueuedReceipt:
        mark = OfflineMark(
            kit=self._kit.version,
            told=quoted.quote.earned.amount,
            confirmed_at=at,
            identify_key=(scanned.identify_key or None) if scanned is not None else None,
            staff_id=staff_id or None,
            key_id="",
            mac="0" * 64,
        )
        return QueuedReceipt(key=key, purchase=body, scanned_at=scanned.at if scanned else body.at, offline=mark)

    def _receipt(self, draft: Draft, body: PurchaseRequest, key: str, quoted: OfflineQuote) -> OfflineReceipt:
        return OfflineReceipt(
            key=key,
            receipt_number=body.receipt_number,
            member_name=draft.member_name,
            at=body.at,
            total=self._money(body.total),
            told=quoted.quote.earned,
            more=quoted.more,
            redeemed=self._money(minor(body.redeem)),
            to_pay=self._money(body.total - minor(body.redeem)),
        )

    def _money(self, amount: int) -> Money:
        return Money(amount=amount, currency=self._kit.rules.currency)


def _same(row: QueueRow, body: PurchaseRequest) -> OfflineReceipt:
    """The receipt that a sale became; refused where the basket is another by now."""
    shown = OfflineReceipt.model_validate_json(row.shown)
    if (shown.total.amount, shown.redeemed.amount) != (body.total, minor(body.redeem)):
        raise Refused(refusal(ErrorCode.CODE_USED, status=409))
    return shown


def _signed(receipt: QueuedReceipt, signer: TillKey) -> str:
    """The JSON of a receipt as it will be sent, with this till's signature."""
    document = receipt.model_dump(mode="json", exclude={"clock_off"}, exclude_none=True)
    document["offline"]["key_id"] = signer.key_id
    document["offline"]["mac"] = sign(document, signer.secret)
    return json.dumps(document)
