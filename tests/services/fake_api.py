"""A small API with faults: real messages, no network. For what a real one does not do on demand."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from contract.errors import ErrorCode, Problem
from contract.members import Changes, CodeSecret, Profile, ProgrammeRef
from contract.money import Money
from contract.offers import Offer
from contract.quotes import Quote
from contract.sign_in import Session, Staff
from contract.till import Identification, TillQuote
from contract.wallet import Lot, Purchase, PurchasePage, Receipt, StoreRef, Wallet

AT = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MEMBER_NUMBER = "4821903117"


def brl(amount: int) -> Money:
    return Money(amount=amount, currency="BRL")


@dataclass
class Fault:
    """Something that goes wrong for the next calls that match."""

    method: str
    path: str
    times: int
    kind: str
    answer: httpx.Response | None = None
    hold: asyncio.Event | None = None


@dataclass
class Call:
    method: str
    path: str
    key: str | None
    body: bytes
    query: dict[str, str]
    language: str | None


@dataclass
class FakeApi(httpx.AsyncBaseTransport):
    """One member, one cashier. Tokens are made by count; every message is the contract's own."""

    down: bool = False
    events_work: bool = True
    calls: list[Call] = field(default_factory=list)
    tokens_seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.version = 1
        self.epoch = "e1"
        self.lots: dict[str, tuple[int, Lot]] = {}
        self.purchases: dict[str, tuple[int, Purchase]] = {}
        self.offers: dict[str, Offer] = {}
        self.offers_version = 1
        self.pending = self.available = 0
        self.faults: list[Fault] = []
        self.answered: dict[str, tuple[bytes, httpx.Response]] = {}
        self.access: dict[str, str] = {}
        self.refreshes: dict[str, str] = {}
        self.count = itertools.count(1)
        self.listeners: set[asyncio.Queue[str]] = set()
        self.listened = asyncio.Event()
        self.called = asyncio.Event()
        self.page = 50
        self.date: str | None = None

    # what a test does to it

    def fail(self, method: str, path: str, kind: str, times: int = 1, **more: Any) -> None:
        """`kind`: unreached, lost (done, but the answer is), answer (`answer`), hold (until `hold` is set)."""
        self.faults.append(Fault(method, path, times, kind, **more))

    def refuse(self, method: str, path: str, status: int, code: ErrorCode, times: int = 1, **headers: str) -> None:
        self.fail(method, path, "answer", times, answer=problem(status, code, headers))

    def earn(self, amount: int, *, lot_id: str | None = None, at: datetime = AT, tell: bool = True) -> str:
        """A purchase arrives, earning `amount` at once."""
        number = next(self.count)
        self.version += 1
        purchase_id = f"p{number:04d}"
        self.available += amount
        lot = Lot(
            lot_id=lot_id or f"lot{number}",
            purchase_id=purchase_id,
            campaign_id="c1",
            campaign_version=1,
            name="Base",
            original=brl(amount),
            remaining=brl(amount),
            state="available",
            available_at=at,
            expires_at=None,
        )
        self.lots[lot.lot_id] = (self.version, lot)
        self.purchases[purchase_id] = (self.version, self._purchase(purchase_id, amount, at))
        if tell:
            self.tell()
        return purchase_id

    def offer(self, offer_id: str, state: str = "open") -> None:
        self.offers_version += 1
        self.offers[offer_id] = Offer(
            offer_id=offer_id,
            campaign_version=1,
            name=offer_id,
            description="",
            kind="percent",
            rate_bp=500,
            starts_at=AT,
            ends_at=None,
            pending_days=0,
            needs_activation=True,
            state=state,  # type: ignore[arg-type]
        )

    def tell(self) -> None:
        for queue in self.listeners:
            queue.put_nowait(f'event: changed\ndata: {{"version": {self.version}, "kind": "changed"}}\n\n')

    async def reached(self, method: str, path: str) -> None:
        """Wait until a call has arrived."""
        while not self.made(method, path):
            self.called.clear()
            await self.called.wait()

    async def line_open(self) -> None:
        """Wait until a device listens for events."""
        while not self.listeners:
            self.listened.clear()
            await self.listened.wait()

    def end_sessions(self) -> None:
        """Revoke everything."""
        self.access.clear()
        self.refreshes.clear()

    def expire_access(self) -> None:
        """Access tokens get old; refresh tokens stay good."""
        self.access.clear()

    def stop(self) -> None:
        """The process is gone, with every open line."""
        self.down = True
        for queue in self.listeners:
            queue.put_nowait("")

    def made(self, method: str, path: str) -> list[Call]:
        return [call for call in self.calls if call.method == method and re.fullmatch(path, call.path)]

    @property
    def wallet(self) -> Wallet:
        return Wallet(
            pending=brl(self.pending), available=brl(self.available), debt=brl(0), version=self.version, as_of=AT
        )

    @property
    def profile(self) -> Profile:
        return Profile(
            member_id="m1",
            member_number=MEMBER_NUMBER,
            name="Ana Souza",
            email="ana@example.com",
            phone=None,
            language="en",
            joined_at=AT,
            programme=ProgrammeRef(
                programme_id="g1", slug="aurora", name="Aurora Mercado", currency="BRL", timezone="America/Sao_Paulo"
            ),
            wallet=self.wallet,
            spend_limit=brl(2000),
        )

    # the transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        path = request.url.path
        key, language = (request.headers.get(name) for name in ("Idempotency-Key", "Accept-Language"))
        call = Call(request.method, path, key, body, dict(request.url.params.items()), language)
        if self.down:
            raise httpx.ConnectError("refused", request=request)
        self.calls.append(call)
        self.called.set()
        fault = next((it for it in self.faults if it.method == call.method and re.fullmatch(it.path, path)), None)
        if fault is not None:
            fault.times -= 1
            if fault.times == 0:
                self.faults.remove(fault)
            if fault.kind == "unreached":
                raise httpx.ConnectError("refused", request=request)
            if fault.kind == "answer":
                assert fault.answer is not None
                return httpx.Response(
                    fault.answer.status_code, headers=fault.answer.headers, content=fault.answer.content
                )
            if fault.kind == "hold":
                assert fault.hold is not None
                await fault.hold.wait()
        answer = self._once(call, request)
        if fault is not None and fault.kind == "lost":
            raise httpx.ReadTimeout("lost", request=request)
        if self.date is not None:
            answer.headers["Date"] = self.date
        return answer

    def _once(self, call: Call, request: httpx.Request) -> httpx.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token and token not in self.access:
            return problem(401, ErrorCode.NOT_SIGNED_IN)
        if call.key is not None and call.key in self.answered:
            body, answer = self.answered[call.key]
            if body != call.body:
                return problem(409, ErrorCode.IDEMPOTENCY_KEY_REUSED)
            return again(answer)
        if call.method == "POST" and call.key is None and not call.path.endswith(("quotes", "refunds")):
            return problem(400, ErrorCode.IDEMPOTENCY_KEY_MISSING)
        answer = self._route(call, request)
        if call.key is not None and answer.is_success:
            self.answered[call.key] = (call.body, answer)
        return answer

    def _route(self, call: Call, request: httpx.Request) -> httpx.Response:
        path = call.path
        if path == "/v1/health":
            return httpx.Response(200, json={"status": "ok", "database": "ok", "version": "0"})
        if path == "/v1/sign-in/code":
            return httpx.Response(202, json={})
        if path == "/v1/sign-in":
            return self._sign_in(json.loads(call.body))
        if path == "/v1/sign-in/refresh":
            kind = self.refreshes.pop(json.loads(call.body)["refresh_token"], None)
            return problem(401, ErrorCode.SESSION_ENDED) if kind is None else said(self._session(kind), 200)
        for pattern, serve in self._signed_routes().items():
            found = re.fullmatch(pattern, f"{call.method} {path}")
            if found:
                return serve(call, *found.groups())
        return problem(404, ErrorCode.NOT_FOUND)

    def _signed_routes(self) -> dict[str, Callable[..., httpx.Response]]:
        return {
            r"POST /v1/sign-out": self._sign_out,
            r"GET /v1/me/changes": self._changes,
            r"GET /v1/me/purchases": self._page,
            r"GET /v1/me/purchases/(\w+)": self._one_purchase,
            r"(PUT|DELETE) /v1/me/offers/([\w-]+)/activation": self._activation,
            r"GET /v1/me/events": self._events,
            r"POST /v1/till/identify": self._identify,
            r"POST /v1/till/quotes": self._quote,
            r"POST /v1/till/purchases": self._post,
        }

    def _sign_in(self, body: dict[str, Any]) -> httpx.Response:
        if body["method"] == "pin":
            if body["pin"] != "2468":
                return problem(401, ErrorCode.PIN_WRONG)
            return said(self._session("staff"), 200)
        if body["code"] != "123456":
            return problem(401, ErrorCode.SIGN_IN_CODE_WRONG)
        return said(self._session("member"), 200)

    def _session(self, kind: str) -> Session:
        number = next(self.count)
        access, refresh = f"access-token-{number:06d}", f"refresh-token-{number:06d}"
        self.access[access], self.refreshes[refresh] = kind, kind
        self.tokens_seen |= {access, refresh}
        if kind == "staff":
            staff = Staff(
                staff_id="s1",
                name="Leo",
                role="cashier",
                store_id="centro",
                store_name="Centro",
                currency="BRL",
                timezone="America/Sao_Paulo",
                programme_name="Aurora Mercado",
            )
            return Session(access_token=access, refresh_token=refresh, expires_in=900, kind="staff", staff=staff)
        secret = CodeSecret(member_number=MEMBER_NUMBER, secret=SECRET, device_id="d1")
        return Session(
            access_token=access,
            refresh_token=refresh,
            expires_in=900,
            kind="member",
            member=self.profile,
            code_secret=secret,
        )

    def _sign_out(self, call: Call) -> httpx.Response:
        self.end_sessions()
        return httpx.Response(204)

    def _changes(self, call: Call) -> httpx.Response:
        epoch, _, since = call.query.get("since", "").partition("/")
        full = epoch != self.epoch
        seen, seen_offers = (0, 0) if full else (int(part) for part in since.split("."))
        recent = sorted(self.purchases.values(), key=lambda it: (it[1].at, it[1].purchase_id), reverse=True)
        if full:
            older = recent[self.page :]
            recent = recent[: self.page]
        else:
            older, recent = [], [it for it in recent if it[0] > seen]
        changes = Changes(
            cursor=f"{self.epoch}/{self.version}.{self.offers_version}",
            full=full,
            profile=self.profile,
            wallet=self.wallet,
            lots=[lot for version, lot in self.lots.values() if version > seen and (not full or lot.remaining.amount)],
            purchases=[purchase for _, purchase in recent],
            offers=list(self.offers.values()) if self.offers_version > seen_offers else None,
            older_purchases=older[0][1].purchase_id if older else None,
        )
        return said(changes)

    def _page(self, call: Call) -> httpx.Response:
        recent = sorted((it[1] for it in self.purchases.values()), key=lambda it: (it.at, it.purchase_id), reverse=True)
        ids = [it.purchase_id for it in recent]
        start = ids.index(call.query["cursor"]) if "cursor" in call.query else 0
        after = start + self.page
        return said(PurchasePage(items=recent[start:after], next_cursor=ids[after] if after < len(ids) else None))

    def _one_purchase(self, call: Call, purchase_id: str) -> httpx.Response:
        found = self.purchases.get(purchase_id)
        return problem(404, ErrorCode.NOT_FOUND) if found is None else said(found[1])

    def _activation(self, call: Call, method: str, offer_id: str) -> httpx.Response:
        offer = self.offers[offer_id]
        state = "activated" if method == "PUT" else "open"
        self.offers[offer_id] = offer.model_copy(
            update={"state": state, "activated_at": AT if state != "open" else None}
        )
        self.offers_version += 1
        return said(self.offers[offer_id])

    def _events(self, call: Call) -> httpx.Response:
        if not self.events_work:
            return httpx.Response(502, text="bad gateway")
        queue: asyncio.Queue[str] = asyncio.Queue()
        self.listeners.add(queue)
        self.listened.set()
        return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=_Line(self, queue))

    def _identify(self, call: Call) -> httpx.Response:
        return said(
            Identification(
                identification="i1",
                expires_at=AT,
                member_name="Ana S.",
                wallet=self.wallet,
                can_spend=True,
                spend_limit=brl(2000),
            )
        )

    def _quote(self, call: Call) -> httpx.Response:
        total = sum(line["unit_price"] * line["quantity"] for line in json.loads(call.body)["lines"])
        quote = Quote(total=brl(total), basis=brl(total), earned=brl(total // 20), rewards=[], lines=[], hints=[])
        return said(TillQuote(quote=quote, may_spend=brl(0), to_pay=brl(total)))

    def _post(self, call: Call) -> httpx.Response:
        body = json.loads(call.body)
        total = sum(line["unit_price"] * line["quantity"] for line in body["lines"])
        if any(it[1].receipt_number == body["receipt_number"] for it in self.purchases.values()):
            return problem(409, ErrorCode.RECEIPT_ALREADY_POSTED)
        purchase_id = self.earn(total // 20)
        version, purchase = self.purchases[purchase_id]
        self.purchases[purchase_id] = (version, purchase.model_copy(update={"receipt_number": body["receipt_number"]}))
        receipt = Receipt(
            purchase_id=purchase_id,
            receipt_number=body["receipt_number"],
            member_name="Ana S.",
            total=brl(total),
            earned=brl(total // 20),
            redeemed=brl(body["redeem"]),
            to_pay=brl(total - body["redeem"]),
            wallet=self.wallet,
            lines=[],
            available_at=AT,
        )
        return said(receipt, 201)

    def _purchase(self, purchase_id: str, earned: int, at: datetime) -> Purchase:
        return Purchase(
            purchase_id=purchase_id,
            receipt_number=f"R-{purchase_id}",
            store=StoreRef(store_id="centro", name="Centro"),
            channel="store",
            at=at,
            total=brl(earned * 20),
            redeemed=brl(0),
            earned=brl(earned),
            clawed_back=brl(0),
            state="available",
            available_at=at,
            expires_at=None,
            lines=[],
            refunds=[],
            version=self.version,
        )


class _Line(httpx.AsyncByteStream):
    """An event line that stays open until the API stops."""

    def __init__(self, api: FakeApi, queue: asyncio.Queue[str]) -> None:
        self._api = api
        self._queue = queue

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b": here\n\n"
        while True:
            text = await self._queue.get()
            if not text:
                raise httpx.ReadError("the line was cut")
            yield text.encode()

    async def aclose(self) -> None:
        with suppress(KeyError):
            self._api.listeners.remove(self._queue)


def said(message: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, headers={"Content-Type": "application/json"}, content=message.model_dump_json())


def problem(status: int, code: ErrorCode, headers: dict[str, str] | None = None) -> httpx.Response:
    document = Problem(title=code.value, status=status, code=code, detail="")
    more = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
    told = {"Content-Type": "application/problem+json"} | more
    return httpx.Response(status, headers=told, content=document.model_dump_json())


def again(answer: httpx.Response) -> httpx.Response:
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
