"""A client without an API, and a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from contract import member_code
from contract.members import CodeSecret, Profile, ProgrammeRef
from contract.money import Money
from contract.months import Months
from contract.offers import Offer
from contract.quotes import Reason, ReasonCode
from contract.sign_in import DemoPersona, Staff
from contract.statement import Statement
from contract.terms import Terms
from contract.wallet import Lot, Purchase, PurchaseLine, PurchasePage, StoreRef, Wallet
from services.books import Kept, LastVisit, Wanted
from services.codes import ShownCode, shown_code
from services.periods import Period
from services.state import PendingAction, State
from tests.views.fake_confirmations import FakeConfirmations
from tests.views.fake_mine import FakeMine, FakeVoices

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
SECRET = CodeSecret(member_number="4821903117", secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", device_id="d1")


class FakeClock:
    """Time stands still until a test moves it; who sleeps wakes then. Pauses under a second pass at once."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        if seconds < 1:
            await asyncio.sleep(0)
            return
        wake = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.at + timedelta(seconds=seconds), wake))
        await wake

    async def move(self, seconds: int) -> None:
        """Let so many seconds pass, one after the other."""
        for _ in range(seconds):
            self.at += timedelta(seconds=1)
            due = [wake for at, wake in self._sleepers if at <= self.at]
            self._sleepers = [(at, wake) for at, wake in self._sleepers if at > self.at]
            for wake in due:
                if not wake.done():
                    wake.set_result(None)
            for _ in range(20):
                await asyncio.sleep(0)


def brl(amount: int) -> Money:
    return Money(amount=amount, currency="BRL")


def wallet(available: int = 4280, pending: int = 610, debt: int = 0) -> Wallet:
    return Wallet(pending=brl(pending), available=brl(available), debt=brl(debt), version=7, as_of=NOW)


PROFILE = Profile(
    member_id="m1",
    member_number=SECRET.member_number,
    name="Ana Souza",
    email="ana@example.com",
    phone=None,
    language="en",
    joined_at=datetime(2025, 5, 2, tzinfo=UTC),
    programme=ProgrammeRef(
        programme_id="p1", slug="aurora", name="Aurora Mercado", currency="BRL", timezone="America/Sao_Paulo"
    ),
    wallet=wallet(),
    spend_limit=brl(2000),
)

LEO = Staff(
    staff_id="s1",
    name="Leo",
    role="cashier",
    store_id="centro",
    store_name="Centro",
    currency="BRL",
    timezone="America/Sao_Paulo",
    programme_name="Aurora Mercado",
)


def offer(offer_id: str = "bakery", **more: Any) -> Offer:
    given: dict[str, Any] = {
        "name": "10 % at the bakery",
        "description": "Bread, cake and pão de queijo.",
        "picture": "bakery",
        "kind": "percent",
        "rate_bp": 1000,
        "categories": ["bakery"],
        "starts_at": NOW - timedelta(days=20),
        "ends_at": NOW + timedelta(days=2),
        "pending_days": 14,
        "expires_after": "P6M",
        "needs_activation": True,
        "state": "open",
    }
    return Offer(offer_id=offer_id, campaign_version=3, **(given | more))


def reason(code: ReasonCode, value: int = 0, **more: Any) -> Reason:
    given: dict[str, Any] = {"campaign_id": "organic", "campaign_version": 3, "name": "Green cashback"}
    return Reason(code=code, value=brl(value), **(given | more))


def line(position: int, name: str, amount: int, earned: int, why: list[Reason], **more: Any) -> PurchaseLine:
    given: dict[str, Any] = {"sku": f"sku-{position}", "category": "food", "tags": [], "quantity": 1}
    given |= {"unit_price": brl(amount), "discount": brl(0), "clawed_back": brl(0)}
    return PurchaseLine(line=position, name=name, amount=brl(amount), earned=brl(earned), why=why, **(given | more))


def purchase(purchase_id: str = "b1", **more: Any) -> Purchase:
    lines = [
        line(0, "Bananas", 2250, 112, [reason(ReasonCode.PERCENT, 112, rate_bp=500, basis=brl(2250), match="organic")]),
        line(1, "Gift card", 5000, 0, [reason(ReasonCode.NEVER_EARNS, match="giftcard")], category="giftcard"),
    ]
    given: dict[str, Any] = {
        "receipt_number": "C-1042",
        "store": StoreRef(store_id="centro", name="Centro"),
        "channel": "store",
        "at": NOW - timedelta(hours=3),
        "total": brl(7250),
        "redeemed": brl(0),
        "earned": brl(112),
        "clawed_back": brl(0),
        "state": "pending",
        "available_at": NOW + timedelta(days=14),
        "expires_at": NOW + timedelta(days=194),
        "lines": lines,
        "refunds": [],
        "version": 7,
    }
    return Purchase(purchase_id=purchase_id, **(given | more))


def lot(lot_id: str, remaining: int, **more: Any) -> Lot:
    given: dict[str, Any] = {
        "purchase_id": None,
        "campaign_id": "base",
        "campaign_version": 1,
        "name": "2 % on everything",
    }
    given |= {"state": "available", "available_at": NOW - timedelta(days=9), "expires_at": NOW + timedelta(days=90)}
    return Lot(lot_id=lot_id, original=brl(remaining), remaining=brl(remaining), **(given | more))


def ana(**more: Any) -> State:
    """Ana, signed in and in step with the API."""
    given: dict[str, Any] = {
        "profile": PROFILE,
        "wallet": wallet(),
        "lots": (
            lot("l1", 820, expires_at=NOW + timedelta(days=7)),
            lot("l2", 3460),
            lot("l3", 610, state="pending", available_at=NOW + timedelta(days=14)),
        ),
        "purchases": (purchase(), purchase("b2", at=NOW - timedelta(days=30), state="available", redeemed=brl(1200))),
        "offers": (offer(), offer("base", name="2 % on everything", rate_bp=200, needs_activation=False, ends_at=None)),
        "connection": "online",
        "fetched_at": NOW,
    }
    return State(kind="member", **(given | more))


def nobody(**more: Any) -> State:
    return State(kind="signed_out", connection="online", **more)


def leo(**more: Any) -> State:
    return State(kind="staff", staff=LEO, connection="online", fetched_at=NOW, **more)


class FakeTill:
    """A till at which nothing happens."""

    async def unfinished(self) -> None:
        return None

    async def purchases(self, **_: Any) -> Any:
        from contract.till import TillPurchases

        return TillPurchases(items=[], next_cursor=None)


class FakeBooks:
    """The books of a client: `statements` by whether they are kept or fresh; `fail` as in the client."""

    def __init__(self, client: FakeClient) -> None:
        self.client = client
        self.statement: Statement | None = None
        self.kept: Kept[Statement] | None = None
        self.months = Months(currency="BRL", timezone="America/Sao_Paulo", items=[])
        self.terms: Terms | None = None
        self.found = PurchasePage(items=[], next_cursor=None)
        self.visit: LastVisit | None = None

    async def kept_statement(self, period: Period) -> Kept[Statement] | None:
        return self.kept

    async def fresh_statement(self, period: Period) -> Kept[Statement]:
        await self.client._called("statement", period)
        assert self.statement is not None
        return Kept(self.statement, self.client.clock.at)

    async def statement_file(self, period: Period, kind: str, language: str) -> bytes:
        await self.client._called("statement_file", kind, language)
        return b"file"

    async def kept_months(self) -> Kept[Months] | None:
        return None

    async def fresh_months(self) -> Kept[Months]:
        return Kept(self.months, self.client.clock.at)

    async def kept_terms(self, terms_id: str) -> Kept[Terms] | None:
        return None

    async def fresh_terms(self, terms_id: str, programme: str) -> Kept[Terms]:
        await self.client._called("terms", terms_id, programme)
        assert self.terms is not None
        return Kept(self.terms, self.client.clock.at)

    async def find_purchases(self, wanted: Wanted, cursor: str | None = None) -> PurchasePage:
        await self.client._called("find_purchases", wanted, cursor)
        return self.found

    async def last_visit(self) -> LastVisit | None:
        return self.visit

    async def keep_visit(self, visit: LastVisit) -> None:
        self.visit = visit


class FakeClient:
    """What a client does, without an API. ``fail`` raises at the next call of that name; ``hold`` makes calls wait."""

    def __init__(self, state: State | None = None) -> None:
        self.state = state or ana()
        self.clock = FakeClock()
        self.calls: list[tuple[Any, ...]] = []
        self.fail: dict[str, Exception] = {}
        self.hold: asyncio.Event | None = None
        self.next = ana()
        self.personas = [
            DemoPersona(persona="ana", name="Ana Souza", kind="member", hint="Show her code to Leo."),
            DemoPersona(persona="leo", name="Leo", kind="staff", hint="Scan Ana's code."),
        ]
        self.elsewhere: dict[str, Purchase] = {}
        self.secret: CodeSecret | None = SECRET
        self.till = FakeTill()
        self.mine = FakeMine(self)
        self.voices = FakeVoices(self)
        self.confirmations = FakeConfirmations()
        self.books = FakeBooks(self)
        self._listeners: list[Callable[[State], None]] = []

    def subscribe(self, listener: Callable[[State], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def become(self, state: State) -> None:
        """Something changed."""
        self.state = state
        for listener in list(self._listeners):
            listener(state)

    async def _called(self, *call: Any) -> None:
        self.calls.append(call)
        if self.hold is not None:
            await self.hold.wait()
        if call[0] in self.fail:
            raise self.fail.pop(call[0])

    def count(self, name: str) -> int:
        return sum(call[0] == name for call in self.calls)

    async def close(self) -> None:
        self.calls.append(("close",))

    async def request_code(self, contact: str, language: str = "en") -> None:
        await self._called("request_code", contact, language)

    async def sign_in_with_code(self, contact: str, code: str, language: str = "en", joining: Any = None) -> None:
        await self._called("sign_in_with_code", contact, code, *([joining] if joining else []))
        self.become(self.next)

    async def sign_in_with_pin(self, store_id: str, staff_number: str, pin: str) -> None:
        await self._called("sign_in_with_pin", store_id, staff_number, pin)
        self.become(leo())

    async def demo_personas(self) -> list[DemoPersona]:
        await self._called("demo_personas")
        return self.personas

    async def demo_sign_in(self, persona: str) -> None:
        await self._called("demo_sign_in", persona)
        self.become(leo() if persona == "leo" else self.next)

    async def sign_out(self) -> None:
        await self._called("sign_out")
        self.become(nobody())

    async def refresh(self) -> None:
        await self._called("refresh")

    async def activate(self, offer_id: str) -> None:
        await self._called("activate", offer_id)
        action = PendingAction(key="k1", kind="activate", offer_id=offer_id, queued_at=self.clock.at)
        self.become(replace(self.state, offers=self._offers(offer_id, "activated"), pending=(action,)))

    async def deactivate(self, offer_id: str) -> None:
        await self._called("deactivate", offer_id)
        self.become(replace(self.state, offers=self._offers(offer_id, "open"), pending=()))

    async def hide(self, offer_id: str) -> None:
        await self._called("hide", offer_id)
        self._hidden(offer_id, True)

    async def unhide(self, offer_id: str) -> None:
        await self._called("unhide", offer_id)
        self._hidden(offer_id, False)

    def _hidden(self, offer_id: str, hidden: bool) -> None:
        offers = self.state.offers
        changed = [o.model_copy(update={"hidden": hidden}) if o.offer_id == offer_id else o for o in offers]
        self.become(replace(self.state, offers=tuple(changed)))

    def _offers(self, offer_id: str, state: str) -> tuple[Offer, ...]:
        return tuple(
            each.model_copy(update={"state": state}) if each.offer_id == offer_id else each
            for each in self.state.offers
        )

    async def dismiss_refused(self, key: str) -> None:
        await self._called("dismiss_refused", key)
        self.become(replace(self.state, refused=tuple(each for each in self.state.refused if each.key != key)))

    async def load_older_purchases(self) -> None:
        await self._called("load_older_purchases")

    async def show_all_kept(self) -> None:
        self.calls.append(("show_all_kept",))

    async def purchase(self, purchase_id: str) -> Purchase | None:
        await self._called("purchase", purchase_id)
        return self.elsewhere.get(purchase_id)

    def member_code(self) -> ShownCode | None:
        return None if self.secret is None else shown_code(self.secret, self.clock.at)


PERIOD = member_code.PERIOD
