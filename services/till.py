"""The till: identify, quote, confirm once, refund; the first three also without a network."""

from __future__ import annotations

import asyncio
import uuid

from contract import member_code
from contract.errors import ErrorCode
from contract.staff import NewMember
from contract.till import Identification, IdentifyRequest, QuoteRequest, TillQuote
from services.contacts import is_contact
from services.errors import Offline, Refused, refusal
from services.offline_sales import OfflineMember, OfflineReceipt, is_offline
from services.sales import Draft, input_as_refusal
from services.till_confirming import Confirming
from services.till_refunding import Refunding

__all__ = ["Draft", "OfflineMember", "OfflineReceipt", "Till", "is_contact"]


class Till(Confirming, Refunding):
    """What staff can do. Every call may raise Refused or Offline."""

    _joining: tuple[NewMember, str] | None = None
    """Who joins, and the key of it: the same again, after a lost answer, joins once."""

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
                async with asyncio.timeout(None if desk is None else self.patience):
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
                async with asyncio.timeout(None if desk is None else self.patience):
                    return await self._gateway.quote(request)
        except Offline:
            if desk is None:
                raise
            return await desk.quote(draft, staff.store_id, self._known(draft))
