"""The ledger under whatever is done in whatever order: what the plain model says must come out, after every step."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api.ledger.repository import (
    Adjustment,
    Claim,
    LedgerRefusal,
    PurchasePosting,
    RefundPosting,
    StaleQuote,
    adjust,
    post_purchase,
    post_purchases,
    post_refund,
    set_budget,
    settle_due,
    settle_member,
)
from api.ledger.verify import verify
from api.reviews.repository import decide, hold
from contract.errors import ErrorCode
from contract.money import POINTS, STAMPS
from contract.refunds import CampaignKey, refund_effect
from tests.api.ledger.model import ModelLot, ModelWallet, OverBalance
from tests.api.ledger.reading import SUMS, purchase_id
from tests.api.ledger.sales import (
    BUDGET,
    BUDGETED,
    CAMPAIGNS,
    HOME,
    START,
    STORES,
    UNITS,
    Sale,
    by_chance,
    by_the_rules,
)

gifts = st.lists(
    st.tuples(st.integers(1, 900), st.sampled_from([0, 1, 14]), st.sampled_from([None, 2, 20, 60])), max_size=3
)
baskets = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 5_000)), min_size=1, max_size=4)


class LedgerMachine(RuleBasedStateMachine):
    """Two members, two stores, a budget; points and stamps beside cash.

    `runner` and `connection` are set by whoever runs it.
    """

    runner: asyncio.Runner
    connection: Any

    def run(self, call: Callable[..., Any], *args: Any, **more: Any) -> Any:
        return self.runner.run(call(self.connection, *args, **more))

    @initialize()
    def open_the_shop(self) -> None:
        self.now = START
        self.numbers = itertools.count(1)
        self.programme, self.members = uuid4(), [uuid4(), uuid4()]
        self.wallets = [{unit: ModelWallet() for unit in UNITS} for _ in self.members]
        self.left = BUDGET
        self.sold: dict[tuple[int, str], Sale] = {}
        self.calls: dict[str, PurchasePosting] = {}
        self.held: list[tuple[int, str]] = []
        self.looked_at: set[str] = set()
        self.run(set_budget, self.programme, BUDGETED, BUDGET)
        for member in self.members:
            open_it = "select ledger.open_wallet($1, $2, $3, $4)"
            self.runner.run(self.connection.execute(open_it, member, HOME, self.programme, self.now))

    @rule(
        who=st.integers(0, 1),
        bought=baskets,
        given=st.one_of(st.none(), st.tuples(gifts, gifts)),
        shares=st.tuples(st.integers(0, 110), st.sampled_from([0, 0, 50, 100, 110])),
        store=st.sampled_from(STORES),
        in_a_wave=st.booleans(),
        days_ago=st.sampled_from([0, 0, 0, 3, 40]),
    )
    def quote_and_buy(
        self, who: int, bought: Any, given: Any, shares: Any, store: str, in_a_wave: bool, days_ago: int
    ) -> None:
        """At a quote of the rules, or at whatever else campaigns may give; in a wave nothing is spent."""
        at = self.now - timedelta(days=days_ago)
        sale = by_the_rules(bought, at, self.left) if given is None else by_chance(bought, *given, at)
        model, points = self.wallets[who][HOME], self.wallets[who][POINTS]
        redeem = 0 if in_a_wave else min(sale.total, model.available * shares[0] // 100)
        spent = 0 if in_a_wave else points.available * shares[1] // 100
        number = next(self.numbers)
        name = f"p{number:04d}"  # the same in each replay, and in the order of the ids
        posting = self.posting(who, sale, name, at, store, redeem, spent)
        post = post_purchases if in_a_wave else post_purchase
        asked: Any = [posting] if in_a_wave else posting
        if not self.may(model, points, redeem, spent, sale):
            with pytest.raises((LedgerRefusal, StaleQuote)) as refused:
                self.run(post, asked, self.now)
            if isinstance(refused.value, LedgerRefusal):
                assert refused.value.code is ErrorCode.REDEEM_OVER_BALANCE
            self.run_the_jobs_twice()  # the refused call left the ledger unsettled, and the model settled
            return
        for unit, paid in zip(UNITS, (redeem, spent, 0), strict=True):
            self.wallets[who][unit].buy(name, sale.total, paid, sale.lots(name, unit), at, self.now)
        self.left -= sale.asks_of_the_budget()
        row = self.run(post, asked, self.now)
        assert (row[0] if in_a_wave else row)["earned"] == sale.quote.earned.amount, "the quote is the receipt"
        self.sold[who, name], self.calls[name] = sale, posting

    def may(self, model: ModelWallet, points: ModelWallet, redeem: int, spent: int, sale: Sale) -> bool:
        """Whether the balances and the budget cover it."""
        try:
            points.check(spent, self.now)
            model.check(redeem, self.now)
        except OverBalance:
            return False
        return sale.asks_of_the_budget() <= self.left

    def posting(
        self, who: int, sale: Sale, name: str, at: datetime, store: str, redeem: int, spent: int
    ) -> PurchasePosting:
        key = f"{self.members[0]}-{name}"
        number = int(name[1:])
        return PurchasePosting(
            claim=Claim(scope="till", key=key, fingerprint=key.encode()),
            member_id=self.members[who],
            purchase_id=purchase_id(number, numbers_its_lots=number % 2 == 0),
            programme_id=self.programme,
            store_id=store,
            channel="store",
            receipt_number=key,
            at=at,
            source="till",
            unit=HOME,
            total=sale.total,
            redeem=redeem,
            redeem_points=spent,
            points_worth=min(spent, sale.total - redeem),
            basket={"lines": []},
            quote=sale.quote,
            budgeted=frozenset({(BUDGETED, 1)}),
        )

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def send_a_purchase_again(self, data: st.DataObject) -> None:
        assert not self.run(post_purchase, self.calls[data.draw(st.sampled_from(sorted(self.calls)))], self.now)

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def use_a_key_for_something_else(self, data: st.DataObject) -> None:
        posting = self.calls[data.draw(st.sampled_from(sorted(self.calls)))]
        assert posting.claim is not None
        self.is_refused(replace(posting, claim=replace(posting.claim, fingerprint=b"other")), "IDEMPOTENCY_KEY_REUSED")

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), who=st.integers(0, 1))
    def post_a_receipt_on_another_key(self, data: st.DataObject, who: int) -> None:
        posting = self.calls[data.draw(st.sampled_from(sorted(self.calls)))]
        claim = Claim(scope="till", key=str(uuid4()), fingerprint=b"x")
        other = replace(posting, claim=claim, member_id=self.members[who], purchase_id=uuid4(), redeem=0)
        self.is_refused(replace(other, redeem_points=0), "RECEIPT_ALREADY_POSTED")

    def is_refused(self, posting: PurchasePosting, code: str) -> None:
        with pytest.raises(LedgerRefusal) as refused:
            self.run(post_purchase, posting, self.now)
        assert refused.value.code is ErrorCode[code]

    @precondition(lambda self: self.sold)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        open_ones = sorted(key for key, sale in self.sold.items() if any(line.left for line in sale.lines))
        if not open_ones:
            return
        who, name = data.draw(st.sampled_from(open_ones))
        sale, wallets = self.sold[who, name], self.wallets[who]
        returned = {n: data.draw(st.integers(0, line.left)) for n, line in enumerate(sale.lines) if line.left}
        returned = {n: quantity for n, quantity in returned.items() if quantity}
        purchase, worth = wallets[HOME].purchases[name], self.calls[name].points_worth
        spent = wallets[POINTS].purchases[name].redeemed
        effect = refund_effect(sale.lines, purchase.redeemed, returned, points=spent, worth=worth)
        if effect.amount == 0:
            return
        effect.claws.update(sale.stamps_taken(returned))
        posting = RefundPosting(
            claim=Claim(scope="till", key=str(uuid4()), fingerprint=b"r"),
            member_id=self.members[who],
            purchase_id=self.calls[name].purchase_id,
            refund_id=uuid4(),
            refunds_seen=purchase.returned,
            staff_id=None,
            session_id=None,
            reason="",
            effect=effect,
        )
        assert self.run(post_refund, posting, self.now)
        assert not self.run(post_refund, posting, self.now)
        restored = {HOME: effect.restored, POINTS: effect.points_restored, STAMPS: 0}
        for unit, claws in self.by_unit(effect.claws).items():
            if unit == HOME or restored[unit] or claws:
                wallets[unit].give_back(name, restored[unit], claws, self.now)
        self.left += self.by_unit(effect.claws)[HOME].get(BUDGETED, 0)
        purchase.returned += 1
        lines = [replace(line, returned=line.returned + returned.get(n, 0)) for n, line in enumerate(sale.lines)]
        self.sold[who, name] = replace(sale, lines=lines)

    def by_unit(self, claws: dict[CampaignKey, int]) -> dict[str, dict[str, int]]:
        return {unit: {c: v for (c, _), v in claws.items() if c in CAMPAIGNS[unit]} for unit in UNITS}

    def earned_in(self, who: int, name: str) -> list[ModelWallet]:
        """The wallets in which a purchase has lots, and that of cash, which every purchase touches."""
        sale = self.sold[who, name]
        return [self.wallets[who][unit] for unit in UNITS if unit == HOME or sale.lots(name, unit)]

    @precondition(lambda self: self.sold.keys() - {(who, name) for who in (0, 1) for name in self.looked_at})
    @rule(data=st.data())
    def hold_for_review(self, data: st.DataObject) -> None:
        who, name = data.draw(st.sampled_from(sorted(key for key in self.sold if key[1] not in self.looked_at)))
        call = self.calls[name]
        assert self.run(hold, call.member_id, call.purchase_id, uuid4(), self.now)
        assert not self.run(hold, call.member_id, call.purchase_id, uuid4(), self.now)
        for wallet in self.earned_in(who, name):
            wallet.hold(name, self.now)
        self.looked_at.add(name)
        self.held.append((who, name))

    @precondition(lambda self: self.held)
    @rule(data=st.data(), rejected=st.booleans())
    def clear_or_reject(self, data: st.DataObject, rejected: bool) -> None:
        who, name = data.draw(st.sampled_from(self.held))
        call, sale = self.calls[name], self.sold[who, name]
        all_left = {n: line.left for n, line in enumerate(sale.lines) if line.left}
        claws = {**refund_effect(sale.lines, 0, all_left).claws, **sale.stamps_taken(all_left)} if rejected else {}
        assert self.run(decide, call.member_id, call.purchase_id, self.now, claws, rejected=rejected)
        assert self.run(decide, call.member_id, call.purchase_id, self.now, claws, rejected=not rejected) is None
        for unit, taken in self.by_unit(claws).items():
            if unit == HOME or sale.lots(name, unit):
                self.wallets[who][unit].decide(name, taken, self.now)
        self.left += self.by_unit(claws)[HOME].get(BUDGETED, 0)
        self.held.remove((who, name))
        if rejected:
            lines = [replace(line, earned={}, points={}) for line in sale.lines]
            self.sold[who, name] = replace(sale, lines=lines, stamped=())

    @rule(days=st.sampled_from([0, 1, 2, 14, 21]), minutes=st.integers(0, 1440))
    def let_time_pass(self, days: int, minutes: int) -> None:
        self.now += timedelta(days=days, minutes=minutes)

    @rule()
    def run_the_jobs_twice(self) -> None:
        while self.run(settle_due, self.now, 3):
            pass
        assert not self.run(settle_due, self.now, 3)
        for model in itertools.chain.from_iterable(each.values() for each in self.wallets):
            model.settle(self.now)

    @rule(who=st.integers(0, 1), amount=st.integers(1, 500), days=st.sampled_from([None, 2, 30]))
    def credit_by_a_decision(self, who: int, amount: int, days: int | None) -> None:
        ends = None if days is None else self.now + timedelta(days=days)
        given = Adjustment(
            adjustment_id=uuid4(),
            member_id=self.members[who],
            unit=HOME,
            amount=amount,
            purchase_id=None,
            staff_id=uuid4(),
            session_id=uuid4(),
            reason="a claim",
            expires_at=ends,
        )
        assert self.run(adjust, given, self.now)
        assert not self.run(adjust, given, self.now)
        lot = ModelLot("", "adjustment", amount, amount, self.now, ends, released=True)
        self.wallets[who][HOME].credit(lot, self.now)

    @rule(who=st.integers(0, 1))
    def settle_one_member(self, who: int) -> None:
        self.run(settle_member, self.members[who], self.now)
        for model in self.wallets[who].values():
            model.settle(self.now)

    @invariant()
    def wallet_movements_lots_and_model_agree(self) -> None:
        """Nothing is negative but what is owed, and nothing above its source."""
        if not hasattr(self, "members"):
            return
        for member, wallets in zip(self.members, self.wallets, strict=True):
            rows = {row["unit"]: row for row in self.runner.run(self.connection.fetch(SUMS, member))}
            assert rows.keys() <= wallets.keys()
            for unit, model in wallets.items():
                row = rows.get(unit)
                sums = (row["pending"], row["available"], row["debt"]) if row else (0, 0, 0)
                assert sums == (model.pending, model.available, model.debt), unit
                assert min(sums) >= 0
                if row:
                    assert (row["lots_pending"], row["lots_available"]) == sums[:2], unit
                    assert row["moved"] == sums[0] + sums[1], unit
                    assert row["unsound"] == 0, unit
        given = "select sum(given) from ledger.budget where programme_id = $1"
        assert self.runner.run(self.connection.fetchval(given, self.programme)) == BUDGET - self.left

    def teardown(self) -> None:
        found = self.run(verify).findings
        assert not found, found
