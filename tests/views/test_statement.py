"""The statement on the screen: checked, by day, kept for later, and taken along as a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.journal import JournalRow, hash_of
from contract.months import Month, Months
from contract.statement import Balances, Movement, Statement
from contract.terms import Terms
from services.books import Kept, LastVisit
from services.errors import Offline
from tests.views.driver import DESKTOP
from tests.views.fakes import NOW, FakeClient, ana, brl, purchase


def movement(version: int, before: Movement | None, amount: int = 610) -> Movement:
    """An earned amount after the one before it, with the hash that it must have."""
    had = 0 if before is None else before.balance.pending.amount
    previous = "" if before is None else before.hash
    row = JournalRow(
        "m1", "BRL", version, "accrual", "funding", "pending", amount, "l1", "b1", "", NOW, NOW, had + amount, 0, 0,
        previous, "",
    )  # fmt: skip
    return Movement(
        version=version, kind="accrual", from_account="funding", to_account="pending", amount=brl(amount),
        effect=Balances(pending=brl(amount), available=brl(0), debt=brl(0)),
        balance=Balances(pending=brl(had + amount), available=brl(0), debt=brl(0)),
        lot_id="l1", purchase_id="b1", refund_id=None, event_at=NOW, recorded_at=NOW,
        previous_hash=previous, hash=hash_of(row), store="Centro",
    )  # fmt: skip


def statement(count: int = 2) -> Statement:
    items: list[Movement] = []
    for version in range(1, count + 1):
        items.append(movement(version, items[-1] if items else None))
    nothing = Balances(pending=brl(0), available=brl(0), debt=brl(0))
    closing = items[-1].balance if items else nothing
    return Statement(member_id="m1", unit="BRL", opening=nothing, closing=closing, items=items, next_cursor=None)


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient()
    client.books.statement = statement()
    return client


async def test_each_line_has_the_balance_after_it_and_the_whole_is_checked(tabs, client):
    client.books.statement = statement(3)
    app = await tabs(client, "/statement")
    for sentence in ("Earned", "Centro", "+R$6.10", "R$18.30 pending", "R$12.20 pending", "Today"):
        assert sentence in app.said
    await app.tap("Last month")
    assert "Checked: every line adds up." in app.said
    await app.tap("Earned")
    assert app.route == "/purchases/b1"


async def test_lines_that_do_not_add_up_are_not_called_checked(tabs, client):
    told = statement()
    client.books.statement = told.model_copy(update={"items": told.items[1:]})
    app = await tabs(client, "/statement")
    assert "These lines do not add up." in app.said
    assert "Checked" not in app.said


async def test_the_last_line_is_the_wallet_or_the_wallet_has_moved_on(tabs, client):
    app = await tabs(client, "/statement")
    assert "Your wallet has moved on since." in app.said
    wallet = client.state.wallet.model_copy(update={"pending": brl(1220), "available": brl(0)})
    other = FakeClient(ana(wallet=wallet))
    other.books.statement = statement()
    app = await tabs(other, "/statement")
    assert "the last one is your wallet" in app.said


async def test_without_a_network_what_was_seen_is_there_with_its_age(tabs, client):
    client.books.kept = Kept(statement(), NOW - timedelta(hours=2))
    client.fail["statement"] = Offline()
    app = await tabs(client, "/statement")
    assert "This is from 2 hours ago." in app.said
    assert "Earned" in app.said


async def test_a_file_is_asked_for_in_the_readers_language(tabs, client):
    app = await tabs(client, "/statement", width=DESKTOP)
    await app.tap("Download PDF")
    await app.tap("Download CSV")
    assert ("statement_file", "pdf", "en") in client.calls
    assert ("statement_file", "csv", "en") in client.calls


async def test_cashback_by_month_has_a_figure_for_each_month(tabs, client):
    months = [
        Month(month=f"2026-{n:02}", purchases=n, total=brl(n * 9000), earned=brl(n * 100), redeemed=brl(0))
        for n in (1, 3)
    ]
    client.books.months = Months(currency="BRL", timezone="America/Sao_Paulo", items=months)
    app = await tabs(client)
    assert "R$4.00 in the last 12 months" in app.said
    assert "March 2026: R$3.00 from 3 purchases" in app.said
    assert "April 2025" not in app.said
    await app.tap("Show 12 months")
    assert "April 2025: R$0.00 from 0 purchases" in app.said


async def test_what_came_since_the_last_visit_is_said_once(tabs, client):
    client.books.visit = LastVisit(version=6, offers=["bakery"])
    app = await tabs(client)
    assert "Since your last visit: 2 purchases, +R$2.24; 1 new offer." in app.said
    assert client.books.visit == LastVisit(version=7, offers=["bakery", "base"])
    await app.tap("Put away")
    assert "Since your last visit" not in app.said


async def test_a_first_visit_has_no_news(tabs, client):
    assert "Since your last visit" not in (await tabs(client)).said


async def test_the_terms_of_a_purchases_day_open_from_it(tabs):
    client = FakeClient(ana(purchases=(purchase(),)))
    body = {
        "campaign_id": "organic", "version": 3, "name": {"en": "Green cashback"},
        "when": {"starts_at": "2026-01-01T00:00:00Z"}, "reward": {"kind": "percent", "rate_bp": 500},
        "what": {"only": {"tags": ["organic"]}}, "where": {"stores": ["centro"]}, "pending_days": 14,
    }  # fmt: skip
    client.books.terms = Terms(
        id="organic@3", programme="aurora", currency="BRL", timezone="America/Sao_Paulo", campaign_id="organic",
        version=3, name={"en": "Green cashback"}, description={}, starts_at=NOW, ends_at=None, reward="percent",
        needs_activation=False, pending_days=14, expires_after=None, stores={"centro": "Centro"}, published_at=NOW,
        body=body,
    )  # fmt: skip
    app = await tabs(client, "/purchases/b1")
    await app.tap("Green cashback, Version 3 of its terms")
    assert app.route == "/terms/organic@3"
    for sentence in ("5% on Organic", "Centro", "14 days after the purchase", "These terms never change."):
        assert sentence in app.said
