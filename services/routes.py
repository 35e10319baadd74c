"""The API's routes as typed methods. How a call travels is the gateway's business."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote as path_part

from pydantic import BaseModel

from contract.members import Changes, Profile
from contract.months import Months
from contract.offers import Offer, OfferList
from contract.sign_in import CodeRequest, CodeSignIn, DemoPersonas, DemoSignIn, PinSignIn, Session
from contract.statement import Statement
from contract.terms import Terms
from contract.till import (
    BatchAnswer,
    Identification,
    IdentifyRequest,
    PurchaseRequest,
    QuoteRequest,
    RefundRequest,
    TillPurchases,
    TillQuote,
)
from contract.till_kit import TillKitAnswer
from contract.wallet import Purchase, PurchasePage, Receipt, RefundReceipt

Answer = TypeVar("Answer", bound=BaseModel)


class Nothing(BaseModel):
    """An answer of which only its coming matters."""


class Routes(ABC):
    """The API as methods. Each raises Refused (the API said no) or Offline (no answer that it could have given)."""

    @abstractmethod
    async def _call(
        self,
        model: type[Answer],
        method: str,
        path: str,
        body: BaseModel | str | None = None,
        *,
        query: dict[str, str] | None = None,
        key: str | None = None,
        signed: bool = True,
        safe: bool = False,
        tries: int | None = None,
    ) -> Answer:
        """Send, and read the answer as `model`.

        `key` is the idempotency key, `signed` adds the access token, `safe` says that a second arrival of a POST does
        no harm, `tries` limits the tries.
        """

    @abstractmethod
    async def _fetch(self, path: str, query: dict[str, str], media_type: str) -> bytes:
        """Read a file, with the access token."""

    @abstractmethod
    def speak(self, language: str) -> bool:
        """Ask in a language from now on; whether it was another before."""

    # anyone

    async def health(self) -> None:
        """Is the API there, with its database?"""
        await self._call(Nothing, "GET", "/v1/health", signed=False, tries=1)

    async def request_code(self, request: CodeRequest, key: str) -> None:
        """Have a one-time code sent."""
        await self._call(Nothing, "POST", "/v1/sign-in/code", request, key=key, signed=False)

    async def sign_in(self, request: CodeSignIn | PinSignIn, key: str) -> Session:
        """Sign in; tried once, since a code or a PIN counts as used when the answer is lost."""
        return await self._call(Session, "POST", "/v1/sign-in", request, key=key, signed=False, tries=1)

    async def demo_personas(self) -> DemoPersonas:
        """The demo's people."""
        return await self._call(DemoPersonas, "GET", "/v1/demo/personas", signed=False)

    async def demo_sign_in(self, request: DemoSignIn, key: str) -> Session:
        """Sign in as one of the demo's people."""
        return await self._call(Session, "POST", "/v1/demo/sign-in", request, key=key, signed=False)

    async def sign_out(self, key: str) -> None:
        """End this session at the API; tried once."""
        await self._call(Nothing, "POST", "/v1/sign-out", key=key, tries=1)

    # a member

    async def me(self) -> Profile:
        """The signed-in member."""
        return await self._call(Profile, "GET", "/v1/me")

    async def changes(self, since: str | None) -> Changes:
        """What has changed since a cursor; tried once, since sync tries again by itself."""
        query = {} if since is None else {"since": since}
        return await self._call(Changes, "GET", "/v1/me/changes", query=query, tries=1)

    async def my_purchases(self, cursor: str | None = None, limit: int = 50) -> PurchasePage:
        """The member's purchases, newest first, from a cursor on."""
        query = {"limit": str(limit)} | ({} if cursor is None else {"cursor": cursor})
        return await self._call(PurchasePage, "GET", "/v1/me/purchases", query=query)

    async def my_purchase(self, purchase_id: str) -> Purchase:
        """One purchase of the member."""
        return await self._call(Purchase, "GET", f"/v1/me/purchases/{_id(purchase_id)}")

    async def find_purchases(
        self, text: str, store_id: str | None, channel: str | None, returned: bool, cursor: str | None
    ) -> PurchasePage:
        """The member's purchases that have these words and are of there, newest first, from a cursor on."""
        wanted = {"search": text, "store": store_id, "channel": channel, "cursor": cursor}
        query = {name: value for name, value in wanted.items() if value} | ({"returned": "true"} if returned else {})
        return await self._call(PurchasePage, "GET", "/v1/me/purchases", query=query)

    async def statement(self, since: datetime, until: datetime, cursor: str | None, limit: int) -> Statement:
        """The movements of a time, oldest first, from a cursor on."""
        query = {"limit": str(limit)} | ({} if cursor is None else {"cursor": cursor})
        return await self._call(Statement, "GET", "/v1/me/statement", query=_span(since, until) | query)

    async def statement_file(self, since: datetime, until: datetime, kind: str, language: str) -> bytes:
        """The same, whole, as a CSV or a PDF file."""
        query = _span(since, until)
        if kind == "pdf":
            return await self._fetch("/v1/me/statement.pdf", query | {"language": language}, "application/pdf")
        return await self._fetch("/v1/me/statement", query, "text/csv")

    async def months(self) -> Months:
        """What the purchases of each month came to."""
        return await self._call(Months, "GET", "/v1/me/months")

    async def terms(self, terms_id: str, programme: str) -> Terms:
        """The terms of one campaign version."""
        query = {"programme": programme}
        return await self._call(Terms, "GET", f"/v1/terms/{_id(terms_id)}", query=query, signed=False)

    async def offers(self) -> OfferList:
        """The offers open to the member."""
        return await self._call(OfferList, "GET", "/v1/me/offers")

    async def set_activation(self, offer_id: str, active: bool, key: str) -> Offer:
        """Activate an offer, or take that back; tried once, since the outbox tries again by itself."""
        path = f"/v1/me/offers/{_id(offer_id)}/activation"
        return await self._call(Offer, "PUT" if active else "DELETE", path, key=key, tries=1)

    async def set_hidden(self, offer_id: str, hidden: bool, key: str) -> Offer:
        """Show less of an offer, or take that back; tried once, likewise."""
        path = f"/v1/me/offers/{_id(offer_id)}/hidden"
        return await self._call(Offer, "PUT" if hidden else "DELETE", path, key=key, tries=1)

    # staff

    async def identify(self, request: IdentifyRequest, key: str) -> Identification:
        """Who is at the till?"""
        return await self._call(Identification, "POST", "/v1/till/identify", request, key=key)

    async def quote(self, request: QuoteRequest) -> TillQuote:
        """What would this basket earn?"""
        return await self._call(TillQuote, "POST", "/v1/till/quotes", request, safe=True)

    async def post_purchase(self, request: PurchaseRequest | str, key: str) -> Receipt:
        """Post a purchase, also as JSON that was stored; the same key gives the same receipt."""
        return await self._call(Receipt, "POST", "/v1/till/purchases", request, key=key)

    async def till_kit(self, have: str | None) -> TillKitAnswer:
        """What this till keeps to work without a network, where it is newer than what it has; tried once."""
        query = {} if have is None else {"have": have}
        return await self._call(TillKitAnswer, "GET", "/v1/till/kit", query=query, tries=1)

    async def post_batch(self, batch: str) -> BatchAnswer:
        """Post queued receipts, as JSON; tried once, since the queue tries again by itself. Each has its own key."""
        return await self._call(BatchAnswer, "POST", "/v1/till/batches", batch, safe=True, tries=1)

    async def till_purchases(
        self, cursor: str | None, receipt_number: str | None, member: str | None = None, day: str | None = None
    ) -> TillPurchases:
        """The store's purchases; `day` as 2026-11-22."""
        wanted = {"cursor": cursor, "receipt_number": receipt_number, "member": member, "day": day}
        query = {name: value for name, value in wanted.items() if value is not None}
        return await self._call(TillPurchases, "GET", "/v1/till/purchases", query=query)

    async def till_purchase(self, purchase_id: str) -> Purchase:
        """One purchase of this store."""
        return await self._call(Purchase, "GET", f"/v1/till/purchases/{_id(purchase_id)}")

    async def preview_refund(self, purchase_id: str, request: RefundRequest) -> RefundReceipt:
        """What would this refund do?"""
        path = f"/v1/till/purchases/{_id(purchase_id)}/refunds"
        return await self._call(RefundReceipt, "POST", path, request, query={"preview": "true"}, safe=True)

    async def refund(self, purchase_id: str, request: RefundRequest, key: str) -> RefundReceipt:
        """Take a purchase back; the same key gives the same receipt."""
        path = f"/v1/till/purchases/{_id(purchase_id)}/refunds"
        return await self._call(RefundReceipt, "POST", path, request, key=key)


def _span(since: datetime, until: datetime) -> dict[str, str]:
    return {"from": since.isoformat(), "to": until.isoformat()}


def _id(value: str) -> str:
    return path_part(value, safe="")
