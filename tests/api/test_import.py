"""Past purchases come in through the same rules and ledger as a till's, once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.campaigns import (
    CampaignVersion,
    FirstPurchaseCondition,
    FixedReward,
    Limits,
    PercentReward,
    Products,
    What,
    When,
)
from tests.api import import_files as files
from tests.api.import_files import ANA, BRUNO, row

pytestmark = pytest.mark.usefixtures("programme")


@pytest.fixture(autouse=True)
async def _campaign(database, programme, clock):
    await files.publish(database, programme, clock, files.two_percent())


async def test_rows_that_follow_each_other_form_one_receipt_with_its_cashback(database, programme, clock, tmp_path):
    path = files.write(tmp_path / "a.csv", [row(), row(name="Pão", category="bakery", quantity=1, unit_price=800)])
    totals, refused = await files.run(database, programme, clock, path)
    assert (totals.receipts_posted, totals.members_created, totals.cashback_issued) == (1, 1, 68)
    assert refused == []
    purchase = await database.fetchrow("select * from ledger.purchase")
    assert purchase["source"] == "import"
    assert purchase["total"] == 2 * 1290 + 800
    assert purchase["at"] == datetime(2026, 2, 14, 21, 5, tzinfo=UTC)
    assert [line["name"] for line in purchase["basket"]["lines"]] == ["Arroz", "Pão"]
    assert purchase["basket"]["lines"][0]["tags"] == ["organic", "local"]
    await files.assert_in_order(database)


async def test_the_past_is_released_and_expired_by_its_own_dates(database, programme, clock, tmp_path):
    path = files.write(
        tmp_path / "a.csv",
        [
            row("old", at="2025-03-01T10:00:00-03:00"),
            row("ripe", at="2026-02-01T10:00:00-03:00"),
            row("fresh", at="2026-03-09T10:00:00-03:00"),
        ],
    )
    await files.run(database, programme, clock, path)
    wallet = await database.fetchrow("select pending, available from ledger.wallet")
    assert tuple(wallet) == (52, 52)
    expired = await database.fetchrow("select amount, event_at from ledger.movement where kind = 'expiry'")
    assert expired["amount"] == 52
    assert expired["event_at"].date() == datetime(2025, 9, 16, tzinfo=UTC).date()  # 15 March, and six months
    await files.assert_in_order(database)


async def test_a_campaign_gives_only_for_purchases_of_its_own_time(database, programme, clock, tmp_path):
    carnival = files.two_percent().model_copy(
        update={
            "campaign_id": "carnival",
            "when": When(starts_at=datetime(2026, 2, 14, tzinfo=UTC), ends_at=datetime(2026, 2, 18, tzinfo=UTC)),
        }
    )
    await files.publish(database, programme, clock, carnival)
    before, within = "2026-02-13T12:00:00Z", "2026-02-14T12:00:00Z"
    path = files.write(tmp_path / "a.csv", [row("before", at=before), row("within", at=within)])
    await files.run(database, programme, clock, path)
    rows = await database.fetch("select receipt_number, earned from ledger.purchase order by 1")
    assert [tuple(each) for each in rows] == [("before", 52), ("within", 104)]


async def test_an_offer_counts_only_from_its_activation_on(database, programme, clock, make_member, tmp_path):
    offer = files.two_percent().model_copy(update={"campaign_id": "offer", "needs_activation": True})
    await files.publish(database, programme, clock, offer)
    member = await make_member()
    await database.execute(
        "insert into offer_activation (member_id, campaign_id, activated_at) values ($1, 'offer', $2)",
        member.member_id,
        datetime(2026, 2, 10, tzinfo=UTC),
    )
    path = files.write(
        tmp_path / "a.csv",
        [
            row("1-before", member.member_number, at="2026-02-09T12:00:00Z"),
            row("2-after", member.member_number, at="2026-02-11T12:00:00Z"),
        ],
    )
    await files.run(database, programme, clock, path)
    rows = await database.fetch("select receipt_number, earned from ledger.purchase order by 1")
    assert [tuple(each) for each in rows] == [("1-before", 52), ("2-after", 104)]


async def test_what_one_receipt_of_a_member_did_is_known_at_the_next(database, programme, clock, tmp_path):
    common = {"name": {"en": "x"}, "when": When(starts_at=datetime(2024, 1, 1, tzinfo=UTC))}
    first = CampaignVersion(
        campaign_id="first", who=(FirstPurchaseCondition(),), reward=FixedReward(value=500), **common
    )
    capped = CampaignVersion(
        campaign_id="capped",
        reward=PercentReward(rate_bp=1000),
        what=What(only=Products(categories=("bakery",))),
        limits=Limits(per_member=150, total=200),
        **common,
    )
    await files.publish(database, programme, clock, first, capped)
    bread = {"category": "bakery", "quantity": 1, "unit_price": 1000}
    receipts = [row("1", ANA, **bread), row("2", ANA, **bread), row("3", BRUNO, **bread)]
    await files.run(database, programme, clock, files.write(tmp_path / "a.csv", receipts))
    rows = await database.fetch(
        """select p.receipt_number, l.campaign_id, l.original
             from ledger.lot l join ledger.purchase p using (member_id, purchase_id)
            where l.campaign_id <> 'base' order by 1, 2"""
    )
    assert [tuple(each) for each in rows] == [
        ("1", "capped", 100),
        ("1", "first", 500),
        ("2", "capped", 50),  # 150 is the most that one member gets
        ("3", "capped", 50),  # 200 is the most that all get together
        ("3", "first", 500),
    ]


async def test_the_same_file_twice_gives_nothing_new(database, programme, clock, tmp_path):
    path = files.write(tmp_path / "a.csv", some_receipts(450))
    first, _ = await files.run(database, programme, clock, path)
    before = await files.left_in_ledger(database)
    again, refused = await files.run(database, programme, clock, path)
    assert first.receipts_posted == 450
    assert (again.receipts_posted, again.receipts_already_there, again.members_created) == (0, 450, 0)
    assert (again.cashback_issued, refused) == (0, [])
    assert await files.left_in_ledger(database) == before
    await files.assert_in_order(database)


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"member": BRUNO}, "member_number"),
        ({"at": "2026-02-14T18:05:01-03:00"}, "at"),
        ({"channel": "web"}, "channel"),
        ({"unit_price": 1291}, "unit_price"),
        ({"discount": 1}, "discount"),
    ],
)
async def test_a_posted_receipt_with_other_content_is_a_conflict(database, programme, clock, tmp_path, changed, column):
    await files.run(database, programme, clock, files.write(tmp_path / "a.csv", [row()]))
    before = await files.left_in_ledger(database)
    other = files.write(tmp_path / "b.csv", [row(**changed), row("R2", BRUNO)])
    totals, refused = await files.run(database, programme, clock, other)
    assert (totals.receipts_posted, totals.receipts_refused) == (1, 1)
    assert [(r.line, r.receipt_number, r.column) for r in refused] == [(2, "R1", column)]
    assert "other content" in refused[0].reason
    assert before[-1] in await files.left_in_ledger(database)


async def test_a_bad_row_in_the_middle_refuses_its_receipt_and_no_other(database, programme, clock, tmp_path):
    path = files.write(
        tmp_path / "a.csv",
        [row("R1"), row("R2", quantity=1), row("R2", unit_price="12.90"), row("R2", quantity=3), row("R3", BRUNO)],
    )
    totals, refused = await files.run(database, programme, clock, path)
    assert (totals.receipts_posted, totals.receipts_refused, totals.rows_refused) == (2, 1, 3)
    assert [(r.line, r.receipt_number, r.column) for r in refused] == [
        (3, "R2", ""),
        (4, "R2", "unit_price"),
        (5, "R2", ""),
    ]
    assert refused[0].reason == "refused with its receipt, for line 4"
    assert "12.90" in refused[1].reason
    numbers = await database.fetch("select receipt_number from ledger.purchase order by 1")
    assert [each[0] for each in numbers] == ["R1", "R3"]


async def test_members_of_another_programme_and_members_who_left_get_nothing(
    database, programme, clock, make_member, tmp_path
):
    from tests.support import people

    foreign = await make_member(programme=await people.make_programme(database, clock, slug="boreal"))
    gone = await make_member()
    await database.execute("update member set closed_at = $2 where member_id = $1", gone.member_id, clock.now())
    path = files.write(tmp_path / "a.csv", [row("R1", foreign.member_number), row("R2", gone.member_number), row("R3")])
    totals, refused = await files.run(database, programme, clock, path)
    assert (totals.receipts_posted, totals.receipts_refused) == (1, 2)
    assert [r.column for r in refused] == ["member_number", "member_number"]
    assert "another programme" in refused[0].reason
    assert "left" in refused[1].reason


async def test_two_imports_at_once_post_each_receipt_once(database, programme, clock, tmp_path):
    path = files.write(tmp_path / "a.csv", some_receipts(600))
    one, two = await asyncio.gather(*(files.run(database, programme, clock, path) for _ in range(2)))
    assert one[0].receipts_posted + two[0].receipts_posted == 600
    assert one[0].receipts_already_there + two[0].receipts_already_there == 600
    await files.assert_in_order(database)


def some_receipts(number: int, seed: int = 7) -> list[str]:
    """Receipts of a year, of one to four rows, of forty members."""
    draw = random.Random(seed)  # noqa: S311
    rows = []
    for i in range(number):
        at = f"2025-{1 + i * 12 // number:02d}-{draw.randint(1, 28):02d}T{draw.randint(8, 20):02d}:00:00-03:00"
        member = f"84{draw.randint(1, 40):08d}"
        store = draw.choice(["centro", "jardins"])
        rows += [
            row(f"R{i:05d}", member, store, at=at, unit_price=draw.randint(50, 9000), quantity=draw.randint(1, 3))
            for _ in range(draw.randint(1, 4))
        ]
    return rows


def test_some_receipts_are_the_same_each_time(tmp_path: Path):
    assert some_receipts(20) == some_receipts(20)
