"""What a cashier sees without a network: a sale that goes on, what is provisional, and the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contract.errors import ErrorCode
from contract.till import BatchOutcome, PostedReceipt
from contract.till_kit import OfflineRisks
from services.errors import refusal
from services.offline_sales import OfflineQuote, QueueItem
from services.state import TillStatus
from services.till import Draft, OfflineMember, OfflineReceipt
from tests.views import fake_risks
from tests.views.till_driver import Browser
from tests.views.till_fakes import NOW, FakeClient, FakeTill, _quote, brl, wallet


class OfflineTill(FakeTill):
    """A till that the API does not answer."""

    def __init__(self, client: FakeClient) -> None:
        super().__init__()
        self.client, self.queue = client, self
        self.kept_items: dict[str, QueueItem] = {}

    async def identify(self, code: str) -> OfflineMember:
        return OfflineMember(f"offline:{code}", "#3117", brl(1000))

    async def quote(self, draft: Draft) -> OfflineQuote:
        return OfflineQuote(**{**dict(_quote(draft)), "may_spend": brl(1000)}, more=True, limit=brl(1500))

    async def confirm(self, draft: Draft, redeem: int, *_: int, **__: bool) -> OfflineReceipt:
        told = _quote(draft).quote
        receipt = OfflineReceipt(
            key="k1",
            receipt_number="260310-1-CENTRO",
            member_name=draft.member_name,
            at=NOW,
            total=told.total,
            told=told.earned,
            more=True,
            redeemed=brl(redeem),
            to_pay=told.total - brl(redeem),
        )
        self.keep(QueueItem(receipt, "waiting", False, None))
        return receipt

    def keep(self, item: QueueItem) -> None:
        self.kept_items[item.receipt.key] = item
        items = self.kept_items.values()
        counts = [sum(it.state == state and not it.seen for it in items) for state in ("waiting", "posted", "refused")]
        self.client.change(replace(self.client.state, till=TillStatus(*counts, kit_at=NOW)))

    async def item(self, key: str) -> QueueItem | None:
        return self.kept_items.get(key)

    async def items(self) -> list[QueueItem]:
        return list(self.kept_items.values())

    async def see(self, keys) -> None:
        for key in keys:
            self.keep(replace(self.kept_items[key], seen=True))


@pytest.fixture
def client() -> FakeClient:
    made = FakeClient()
    made.state = replace(made.state, connection="offline", offline_since=NOW, till=TillStatus(kit_at=NOW))
    made.till = OfflineTill(made)
    return made


@pytest.mark.parametrize("width", [390, 1280])
async def test_a_sale_goes_on_without_a_network_and_says_what_is_provisional(client, width):
    till = await Browser.open(client, width=width)
    try:
        assert "You can go on selling" in till.said
        await till.type("Scan or type a code", "4821903117550218369", enter=True)
        assert "Member #3117" in till.said
        assert "Code is checked later · offline: up to R$10.00" in till.said
        await till.press("4", "0", "Enter")
        assert "at least" in till.said
        assert "offline: up to R$15.00" in till.said
        await till.press("F9")
        assert "#3117 earns at least" in till.said
        assert "This receipt is safe on this till" in till.said
        await till.press("Enter")
        assert "1 receipt waits for the network." in till.said
    finally:
        await till.close()


def outcome(**more) -> BatchOutcome:
    receipt = PostedReceipt(
        purchase_id="p1",
        receipt_number="260310-1-CENTRO",
        member_name="Ana Souza",
        total=brl(4000),
        earned=brl(200),
        redeemed=brl(0),
        to_pay=brl(4000),
        wallet=wallet(),
    )
    return BatchOutcome(**{"key": "k1", "outcome": "posted", "receipt": receipt, **more})


@pytest.mark.parametrize(
    ("state", "came", "said"),
    [
        ("posted", outcome(), "Posted for Ana Souza, earned"),
        ("refused", outcome(shortfall=brl(300)), "of the cashback was not there any more"),
        (
            "refused",
            outcome(outcome="refused", receipt=None, problem=refusal(ErrorCode.CODE_USED, status=409)),
            "had been used for another receipt",
        ),
    ],
)
async def test_the_queue_says_what_came_of_each_receipt_until_it_is_read(client, state, came, said):
    receipt = OfflineReceipt(
        key="k1",
        receipt_number="260310-1-CENTRO",
        member_name="#3117",
        at=NOW,
        total=brl(4000),
        told=brl(200),
        more=False,
        redeemed=brl(0),
        to_pay=brl(4000),
    )
    client.till.keep(QueueItem(receipt, state, False, came))
    till = await Browser.open(client, "/till/queue")
    try:
        assert said in till.said
        await till.tap("All read" if state == "posted" else "I have read it")
        assert "Read before" in till.said
        assert client.state.till == TillStatus(kit_at=NOW)
    finally:
        await till.close()


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (timedelta(minutes=10), "This till's clock is 10 minutes ahead."),
        (timedelta(hours=-3), "This till's clock is 3 hours behind."),
    ],
)
async def test_a_till_whose_clock_is_wrong_says_so_and_how_it_can_sell_without_a_network(client, off, said):
    status = TillStatus(kit_at=NOW, shelf_at=NOW, products=1_200, spend_each=brl(1000), spend_left=brl(18_000))
    client.change(replace(client.state, till=replace(status, clock_off=off)))
    till = await Browser.open(client)
    try:
        assert said in till.said
    finally:
        await till.close()
    till = await Browser.open(client, "/till/queue")
    try:
        assert said in till.said
        assert "1,200 products, from" in till.said
        assert "Offline: up to R$10.00 a customer; R$180.00 left at this till." in till.said
    finally:
        await till.close()


@pytest.mark.parametrize("width", [390, 1280])
async def test_a_manager_sees_who_gave_what_within_which_limit_and_what_it_cost(client, width):
    short = fake_risks.risk("A1", shortfall=brl(120))
    bad = fake_risks.risk("A2", outcome="refused", code="code_used", earned=brl(0), shortfall=brl(300))

    async def offline_risks(which: str, cursor: str | None = None) -> OfflineRisks:
        return fake_risks.page(*([short, bad] if which == "problems" else []))

    client.state = replace(client.state, staff=client.state.staff.model_copy(update={"role": "manager"}))
    client.shop.offline_risks = offline_risks
    manager = await Browser.open(client, "/till/manage/offline", width=width)
    try:
        said = manager.said
        assert "R$3.00 spent, of R$10.00 at most" in said
        assert "No balance covered R$1.20; the store bears it." in said
        assert "The code had been used for another receipt" in said
        assert "Not covered by a balance" in said
        assert "Bia" in said
        assert "R$4.20 not covered" in said
        await manager.tap("All that was spent")
        assert "Nothing was spent without a network." in manager.said
    finally:
        await manager.close()
