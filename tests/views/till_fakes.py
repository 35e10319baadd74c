"""A till whose API is made of memory: small sums, every refusal on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from contract.errors import ErrorCode
from contract.money import Money, portion
from contract.quotes import Hint, Quote, QuoteLine, Reason, ReasonCode
from contract.shifts import Shift, ShiftPage, ShiftReport, ShiftTotals
from contract.sign_in import Staff
from contract.staff import Approval
from contract.till import Identification, RefundLine, TillPurchase, TillPurchases, TillQuote
from contract.wallet import Purchase, PurchaseLine, Receipt, Refund, RefundReceipt, StoreRef, Wallet
from services.errors import Refused, refusal
from services.finding import EVERY, Wanted
from services.shelf import Shelf
from services.state import State
from services.till import Draft
from tests.views.fake_confirmations import FakeConfirmations

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
CODE = "4821903117550218361"


def brl(amount: int) -> Money:
    return Money(amount=amount, currency="BRL")


def wallet(available: int = 4280, pending: int = 610) -> Wallet:
    return Wallet(pending=brl(pending), available=brl(available), debt=brl(0), version=7, as_of=NOW)


LEO = Staff(
    staff_id="leo",
    name="Leo",
    role="cashier",
    store_id="centro",
    store_name="Centro",
    currency="BRL",
    timezone="America/Sao_Paulo",
    programme_name="Aurora Mercado",
    staff_number="1001",
)


class FakeTill:
    """What the till service does, without an API. ``fail`` raises once, on the next call of that name."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.fail: dict[str, Exception] = {}
        self.hold: asyncio.Event | None = None
        self.posted: list[tuple[Draft, int]] = []
        self.kept: Draft | None = None
        self.waiting: Draft | None = None
        self.sold: list[Purchase] = []
        self.more: dict[str, Any] = {}
        self.points: dict[str, Money] = {}

    def _called(self, name: str, what: Any = None) -> None:
        self.calls.append((name, what))
        if name in self.fail:
            raise self.fail.pop(name)

    def count(self, name: str) -> int:
        return sum(1 for called, _ in self.calls if called == name)

    async def identify(self, code: str) -> Identification:
        self._called("identify", code)
        if "".join(c for c in code if c.isdigit()) != CODE:
            raise Refused(refusal(ErrorCode.CODE_MALFORMED))
        return Identification(
            identification="id-1",
            expires_at=NOW + timedelta(minutes=5),
            member_name="Ana Souza",
            wallet=wallet(),
            can_spend=True,
            spend_limit=brl(2000),
            **self.more,
        )

    async def quote(self, draft: Draft) -> TillQuote:
        self._called("quote", draft)
        return _quote(draft)

    async def confirm(self, draft: Draft, redeem: int, points: int = 0, *, allowed: bool = False) -> Receipt:
        self._called("confirm", (draft, redeem))
        if self.hold is not None:
            await self.hold.wait()
        self.posted.append((draft, redeem))
        return self._receipt(draft, redeem)

    def _receipt(self, draft: Draft, redeem: int) -> Receipt:
        quote = _quote(draft).quote
        lines = [
            PurchaseLine(
                line=number,
                sku="",
                name=line.name,
                category=line.category,
                tags=line.tags,
                quantity=line.quantity,
                unit_price=brl(line.gross // line.quantity),
                discount=brl(0),
                amount=brl(line.net),
                earned=each.earned,
                clawed_back=brl(0),
                why=each.why,
            )
            for number, (line, each) in enumerate(zip(draft.lines, quote.lines, strict=True))
        ]
        purchase = Purchase(
            purchase_id=f"p{len(self.sold) + 1}",
            receipt_number=f"260310-{len(self.sold) + 1}-CENTRO",
            store=StoreRef(store_id="centro", name="Centro"),
            channel="store",
            at=draft.at,
            total=quote.total,
            redeemed=brl(redeem),
            earned=quote.earned,
            clawed_back=brl(0),
            state="pending",
            available_at=NOW + timedelta(days=14),
            expires_at=NOW + timedelta(days=194),
            lines=lines,
            refunds=[],
            version=1,
        )
        self.sold.insert(0, purchase)
        return Receipt(
            purchase_id=purchase.purchase_id,
            receipt_number=purchase.receipt_number,
            member_name=draft.member_name,
            total=quote.total,
            earned=quote.earned,
            redeemed=brl(redeem),
            to_pay=quote.total - brl(redeem),
            wallet=wallet(4280 - redeem, 610 + quote.earned.amount),
            lines=lines,
            available_at=purchase.available_at,
        )

    async def purchases(self, wanted: Wanted = EVERY, *, cursor: str | None = None) -> TillPurchases:
        self._called("purchases", wanted)
        receipt_number = wanted.receipt_number
        items = [
            TillPurchase(
                purchase_id=each.purchase_id,
                receipt_number=each.receipt_number,
                at=each.at,
                member_name="Ana Souza",
                total=each.total,
                earned=each.earned,
                redeemed=each.redeemed,
                refunded=bool(each.refunds),
            )
            for each in self.sold
            if receipt_number is None or each.receipt_number == receipt_number
        ]
        return TillPurchases(items=items, next_cursor=None)

    async def purchase(self, purchase_id: str) -> Purchase:
        self._called("purchase", purchase_id)
        found = [each for each in self.sold if each.purchase_id == purchase_id]
        if not found:
            raise Refused(refusal(ErrorCode.NOT_FOUND, status=404))
        return found[0]

    async def preview_refund(self, purchase_id: str, lines: list[RefundLine] | None = None) -> RefundReceipt:
        self._called("preview_refund", lines)
        return self._refund(purchase_id, lines, preview=True)

    async def refund(
        self,
        purchase_id: str,
        lines: list[RefundLine] | None = None,
        reason: str = "",
        approval: Approval | None = None,
    ) -> RefundReceipt:
        self._called("refund", lines)
        done = self._refund(purchase_id, lines, preview=False)
        for index, each in enumerate(self.sold):
            if each.purchase_id == purchase_id:
                self.sold[index] = each.model_copy(update={"refunds": [done.refund], "version": 2})
        return done

    def _refund(self, purchase_id: str, lines: list[RefundLine] | None, *, preview: bool) -> RefundReceipt:
        bought = next(each for each in self.sold if each.purchase_id == purchase_id)
        back = {line.line: line.quantity for line in lines} if lines is not None else None
        picked = [line for line in bought.lines if back is None or line.line in back]
        amount, earned = sum(line.amount.amount for line in picked), sum(line.earned.amount for line in picked)
        restored = bought.redeemed.amount if back is None else 0
        refund = Refund(
            refund_id="r1",
            purchase_id=purchase_id,
            at=NOW,
            amount=brl(amount),
            clawed_back=brl(earned),
            from_pending=brl(earned),
            from_available=brl(0),
            to_debt=brl(0),
            restored=brl(restored),
            lines=[],
            **self.points,
        )
        return RefundReceipt(refund=refund, wallet=wallet(4280, 610 - earned), preview=preview)

    async def unfinished(self) -> Draft | None:
        return self.waiting

    async def resume(self) -> Receipt | None:
        self._called("resume")
        draft, self.waiting = self.waiting, None
        return None if draft is None else self._receipt(draft, 0)

    async def set_aside(self) -> None:
        self._called("set_aside")
        self.waiting = None

    async def keep_draft(self, draft: Draft | None) -> None:
        self.kept = draft

    async def kept_draft(self) -> Draft | None:
        return self.kept


def _quote(draft: Draft) -> TillQuote:
    lines = []
    for number, line in enumerate(draft.lines):
        rate = 1000 if "organic" in line.tags else 500
        earned = brl(portion(line.net, rate))
        why = Reason(
            code=ReasonCode.PERCENT,
            campaign_id="c1",
            campaign_version=1,
            name="Green basket",
            value=earned,
            basis=brl(line.net),
            rate_bp=rate,
        )
        lines.append(QuoteLine(line=number, basis=brl(line.net), earned=earned, why=[why]))
    total = sum(line.net for line in draft.lines)
    hint = [Hint(campaign_id="c2", name="Steps", missing=brl(10000 - total), rate_bp=1000)] if total < 10000 else []
    quote = Quote(
        total=brl(total),
        basis=brl(total),
        earned=brl(sum(line.earned.amount for line in lines)),
        rewards=[],
        lines=lines,
        hints=hint,
    )
    return TillQuote(quote=quote, may_spend=brl(min(2000, total // 2)), to_pay=brl(total))


class FakeShop:
    """The shop's day: what was sold is counted."""

    def __init__(self, till: FakeTill) -> None:
        self.till = till
        self.opened = True

    def _totals(self) -> ShiftTotals:
        sold = self.till.sold
        sums = {name: brl(sum(getattr(each, name).amount for each in sold)) for name in ("total", "earned", "redeemed")}
        back = [refund for each in sold for refund in each.refunds]
        return ShiftTotals(
            receipts=len(sold),
            sold=sums["total"],
            earned=sums["earned"],
            spent=sums["redeemed"],
            refunds=len(back),
            refunded=brl(sum(each.amount.amount for each in back)),
            taken_back=brl(sum(each.clawed_back.amount for each in back)),
            given_back=brl(sum(each.restored.amount for each in back)),
        )

    async def shifts(self, cursor: str | None = None) -> ShiftPage:
        named = {"store_id": "centro", "opened_by": "Leo", "closed_by": "", "closed_at": None}
        open_shift = Shift(shift_id="s1", opened_at=NOW, totals=self._totals(), **named)
        return ShiftPage(items=[open_shift] if self.opened else [], next_cursor=None)

    async def shift(self, shift_id: str) -> ShiftReport:
        named = {"store_id": "centro", "opened_by": "Leo", "closed_by": "", "closed_at": None, "closing": None}
        parts: dict[str, Any] = {"counted": None, "cashiers": [], "tills": [], "late": [], "note": ""}
        return ShiftReport(shift_id=shift_id, opened_at=NOW, totals=self._totals(), **named, **parts)

    async def open_shift(self) -> None:
        self.opened = True


class FakeShelfApi:
    """Nothing is fetched: a test takes its products in by hand."""


class FakeMine:
    """Staff have no account of a member; the device speaks all the same."""

    def speak(self, language: str) -> None: ...


class FakeClient:
    """A client with staff signed in."""

    def __init__(self, staff: Staff | None = LEO) -> None:
        self.state = State(kind="staff", staff=staff, connection="online", fetched_at=NOW)
        self.till = FakeTill()
        self.shop = FakeShop(self.till)
        self.mine = FakeMine()
        self.confirmations = FakeConfirmations()
        self.shelf = Shelf(FakeShelfApi(), lambda: None)  # type: ignore[arg-type]
        self.listeners: list[Callable[[State], None]] = []

    def subscribe(self, listener: Callable[[State], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def change(self, state: State) -> None:
        self.state = state
        for listener in list(self.listeners):
            listener(state)

    async def switch_staff(self, staff_number: str, pin: str) -> None:
        if pin != "2468":
            raise Refused(refusal(ErrorCode.PIN_WRONG, status=401))

    async def sign_out(self) -> None:
        self.change(State(kind="signed_out"))

    async def close(self) -> None: ...
