"""Whatever is done in whatever order, the ledger says what a plain model says, and `verify` finds nothing."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from api.database.connections import Connections
from api.database.pool import prepare_connection
from api.ledger.repository import (
    Claim,
    LedgerRefusal,
    PurchasePosting,
    RefundPosting,
    post_purchase,
    post_purchases,
    post_refund,
    settle_due,
)
from api.ledger.verify import verify
from contract.errors import ErrorCode
from contract.money import Money, split
from contract.quotes import Quote, Reward
from contract.refunds import RefundEffect, SoldLine, refund_effect
from tests.api.ledger.model import ModelLot, ModelWallet, OverBalance

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
PROGRAMME = UUID(int=1)
CAMPAIGNS = {"BRL": ("base", "organic", "weekend"), "PTS": ("points", "double", "triple")}

rewards = st.lists(
    st.tuples(st.integers(1, 900), st.sampled_from([0, 1, 14]), st.sampled_from([None, 2, 20, 60])), max_size=3
)
amounts = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 5_000)), min_size=1, max_size=4)


def money(amount: int, unit: str = "BRL") -> Money:
    return Money(amount=amount, currency=unit)


def given(name: str, gifts: Any, unit: str, at: datetime) -> tuple[list[ModelLot], list[Reward]]:
    """What a purchase gives in one unit: the model's lots, and the quote's rewards."""
    lots, told = [], []
    for campaign, (value, pending, expiry) in zip(CAMPAIGNS[unit], gifts, strict=False):
        available_at = at + timedelta(days=pending)
        expires_at = None if expiry is None else available_at + timedelta(days=expiry)
        lots.append(ModelLot(name, campaign, value, value, available_at, expires_at))
        told.append(
            Reward(
                campaign_id=campaign,
                campaign_version=1,
                name=campaign,
                value=money(value, unit),
                desired_value=money(value, unit),
                available_at=available_at,
                expires_at=expires_at,
            )
        )
    return lots, told


def purchase_id(number: int, *, numbers_its_lots: bool) -> UUID:
    """The ids of purchases in their order; some of the form whose lots are numbered in the id."""
    return UUID(f"{number:012x}{7 if numbers_its_lots else 4}000800000000000" + "0000")


def ledger_machine(dsn: str) -> type[RuleBasedStateMachine]:  # noqa: C901 - its rules share a connection
    runner = asyncio.Runner()

    async def connect() -> Any:
        connection = await asyncpg.connect(dsn)
        await prepare_connection(connection)
        return connection

    connection = runner.run(connect())

    class LedgerMachine(RuleBasedStateMachine):
        @initialize()
        def two_members(self) -> None:
            self.now = START
            self.numbers = itertools.count(1)
            self.members = [uuid4(), uuid4()]
            self.models = [ModelWallet(), ModelWallet()]
            self.points = [ModelWallet(), ModelWallet()]
            self.sold: dict[tuple[int, str], list[SoldLine]] = {}
            self.ids: dict[str, UUID] = {}
            self.worth: dict[str, int] = {}
            self.calls: list[tuple[int, Any]] = []
            for member in self.members:
                runner.run(
                    connection.execute("select ledger.open_wallet($1, 'BRL', $2, $3)", member, PROGRAMME, self.now)
                )

        @rule(
            who=st.integers(0, 1),
            lines=amounts,
            gifts=rewards,
            scores=rewards,
            share=st.integers(0, 110),
            spent_share=st.sampled_from([0, 0, 50, 100, 110]),
            in_a_wave=st.booleans(),
            days_ago=st.sampled_from([0, 0, 0, 3, 40]),
        )
        def buy(
            self,
            who: int,
            lines: Any,
            gifts: Any,
            scores: Any,
            share: int,
            spent_share: int,
            in_a_wave: bool,
            days_ago: int,
        ) -> None:
            number = next(self.numbers)
            name = f"p{number:04d}"  # the same in each replay, and in the order of the ids
            at = self.now - timedelta(days=days_ago)
            total = sum(quantity * price for quantity, price in lines)
            model, points = self.models[who], self.points[who]
            redeem = 0 if in_a_wave else min(total, model.available * share // 100)
            spent = 0 if in_a_wave else points.available * spent_share // 100
            (lots, told), (scored, told_points) = given(name, gifts, "BRL", at), given(name, scores, "PTS", at)
            quote = Quote(
                total=money(total),
                basis=money(total),
                earned=money(sum(lot.original for lot in lots)),
                points=money(sum(lot.original for lot in scored), "PTS") if scored else None,
                rewards=told_points + told,
                lines=[],
                hints=[],
            )
            posting = PurchasePosting(
                claim=Claim(scope="till", key=name, fingerprint=name.encode()),
                member_id=self.members[who],
                purchase_id=purchase_id(number, numbers_its_lots=in_a_wave),
                programme_id=PROGRAMME,
                store_id="centro",
                channel="store",
                receipt_number=f"{self.members[0]}-{name}",
                at=at,
                source="till",
                unit="BRL",
                total=total,
                redeem=redeem,
                redeem_points=spent,
                points_worth=min(spent, total - redeem),
                basket={"lines": []},
                quote=quote,
            )
            posting = self._own_key(posting)
            try:
                points.check(spent, self.now)
                model.buy(name, total, redeem, lots, at, self.now)
                points.buy(name, total, spent, scored, at, self.now)
            except OverBalance:
                with pytest.raises(LedgerRefusal) as refused:
                    runner.run(post_purchase(connection, posting, self.now))
                assert refused.value.code is ErrorCode.REDEEM_OVER_BALANCE
                # the refused call left the ledger unsettled, and the model settled: let all be settled
                runner.run(settle_due(connection, self.now, 100))
                for each in self.models + self.points:
                    each.settle(self.now)
                return
            if in_a_wave:
                runner.run(post_purchases(connection, [posting], self.now))
            else:
                assert runner.run(post_purchase(connection, posting, self.now))
            paid = [quantity * price for quantity, price in lines]
            cash, score = ({(lot.campaign, 1): split(lot.original, paid) for lot in each} for each in (lots, scored))
            self.sold[who, name] = [
                SoldLine(
                    quantity,
                    paid[n],
                    {key: parts[n] for key, parts in cash.items()},
                    points={key: parts[n] for key, parts in score.items()},
                )
                for n, (quantity, _) in enumerate(lines)
            ]
            self.worth[name] = posting.points_worth
            self.ids[name] = posting.purchase_id
            self.calls.append((who, posting))

        def _own_key(self, posting: PurchasePosting) -> PurchasePosting:
            key = f"{self.members[0]}-{posting.receipt_number}"
            return PurchasePosting(
                **{
                    **{f: getattr(posting, f) for f in posting.__slots__},
                    "claim": Claim(scope="till", key=key, fingerprint=key.encode()),
                }
            )

        @precondition(lambda self: self.calls)
        @rule(data=st.data())
        def send_a_purchase_again(self, data: st.DataObject) -> None:
            _, posting = data.draw(st.sampled_from(self.calls))
            assert not runner.run(post_purchase(connection, posting, self.now))

        @precondition(lambda self: self.calls)
        @rule(data=st.data())
        def use_a_key_for_something_else(self, data: st.DataObject) -> None:
            _, posting = data.draw(st.sampled_from(self.calls))
            other = PurchasePosting(
                **{
                    **{f: getattr(posting, f) for f in posting.__slots__},
                    "claim": Claim(scope="till", key=posting.claim.key, fingerprint=b"other"),
                }
            )
            with pytest.raises(LedgerRefusal) as refused:
                runner.run(post_purchase(connection, other, self.now))
            assert refused.value.code is ErrorCode.IDEMPOTENCY_KEY_REUSED

        @precondition(lambda self: self.calls)
        @rule(data=st.data(), who=st.integers(0, 1))
        def post_a_receipt_on_another_key(self, data: st.DataObject, who: int) -> None:
            _, posting = data.draw(st.sampled_from(self.calls))
            other = PurchasePosting(
                **{
                    **{f: getattr(posting, f) for f in posting.__slots__},
                    "claim": Claim(scope="till", key=str(uuid4()), fingerprint=b"x"),
                    "member_id": self.members[who],
                    "purchase_id": uuid4(),
                    "redeem": 0,
                    "redeem_points": 0,
                }
            )
            with pytest.raises(LedgerRefusal) as refused:
                runner.run(post_purchase(connection, other, self.now))
            assert refused.value.code is ErrorCode.RECEIPT_ALREADY_POSTED

        @precondition(lambda self: self.sold)
        @rule(data=st.data())
        def take_back(self, data: st.DataObject) -> None:
            open_ones = [key for key, lines in self.sold.items() if any(line.left for line in lines)]
            if not open_ones:
                return
            who, name = data.draw(st.sampled_from(sorted(open_ones)))
            lines = self.sold[who, name]
            returned = {
                n: quantity
                for n, line in enumerate(lines)
                if line.left and (quantity := data.draw(st.integers(0, line.left)))
            }
            model = self.models[who]
            points = self.points[who]
            spent = points.purchases[name].redeemed
            effect: RefundEffect = refund_effect(
                lines, model.purchases[name].redeemed, returned, points=spent, worth=self.worth[name]
            )
            if effect.amount == 0:
                return
            purchase = model.purchases[name]
            posting = RefundPosting(
                claim=Claim(scope="till", key=str(uuid4()), fingerprint=b"r"),
                member_id=self.members[who],
                purchase_id=self.ids[name],
                refund_id=uuid4(),
                refunds_seen=purchase.returned,
                staff_id=None,
                session_id=None,
                reason="",
                effect=effect,
            )
            assert runner.run(post_refund(connection, posting, self.now))
            assert not runner.run(post_refund(connection, posting, self.now))
            claws = {key[0]: amount for key, amount in effect.claws.items()}
            cash, score = ({name: claws[name] for name in claws if name in CAMPAIGNS[unit]} for unit in ("BRL", "PTS"))
            model.give_back(name, effect.restored, cash, self.now)
            if effect.points_restored or score:
                points.give_back(name, effect.points_restored, score, self.now)
            purchase.returned += 1
            self.sold[who, name] = [
                SoldLine(line.quantity, line.paid, line.earned, line.returned + returned.get(n, 0), line.points)
                for n, line in enumerate(lines)
            ]

        @rule(days=st.sampled_from([0, 1, 2, 14, 21]), minutes=st.integers(0, 1440))
        def let_time_pass(self, days: int, minutes: int) -> None:
            self.now += timedelta(days=days, minutes=minutes)

        @rule()
        def run_the_jobs_twice(self) -> None:
            while runner.run(settle_due(connection, self.now, 3)):
                pass
            assert not runner.run(settle_due(connection, self.now, 3))
            for model in self.models + self.points:
                model.settle(self.now)

        @invariant()
        def the_ledger_says_what_the_model_says(self) -> None:
            if not hasattr(self, "members"):
                return
            for member, *models in zip(self.members, self.models, self.points, strict=True):
                for unit, model in zip(CAMPAIGNS, models, strict=True):
                    row = runner.run(
                        connection.fetchrow(
                            "select pending, available, debt from ledger.wallet where member_id = $1 and unit = $2",
                            member,
                            unit,
                        )
                    )
                    assert tuple(row or (0, 0, 0)) == (model.pending, model.available, model.debt), unit
                    assert min(row or (0,)) >= 0

        def teardown(self) -> None:
            found = runner.run(verify(connection)).findings
            assert not found, found

    def close() -> None:
        runner.run(connection.close())
        runner.close()

    LedgerMachine.close_all = staticmethod(close)
    return LedgerMachine


def test_the_ledger_agrees_with_a_plain_model(connections: Connections) -> None:
    machine = ledger_machine(connections.api_dsn)
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=40,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        machine.close_all()
