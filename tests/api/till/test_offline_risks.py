"""What a manager sees of selling without a network: at which till, by whom, within which limit, and what it cost."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from api.jobs.erase import erase
from tests.api.account.test_leaving import _tables_with
from tests.api.till.test_offline_receipts import Queue, queue

__all__ = ["queue"]


@pytest.fixture
async def look(queue: Queue, make_staff, sign_in_staff):
    """The list as a manager of the store sees it."""
    manager = await sign_in_staff(await make_staff(role="manager", name="Rita", programme=queue.programme))

    async def look(accept: str = "application/json", **query: Any) -> Any:
        headers = {**manager.headers, "Accept": accept}
        answer = await queue.http.get("/v1/till/offline-risks", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json() if accept == "application/json" else answer.text

    return look


@pytest.fixture
async def bia(queue: Queue, make_staff):
    """Who sells; another sends what she sold."""
    return await make_staff(name="Bia", programme=queue.programme)


async def sold(queue: Queue, bia) -> list[dict[str, Any]]:
    """What came of three receipts of hers: one covered, one not, one by a code that had been used."""
    kit = (await queue.kit())["version"]
    await queue.send(queue.receipt(kit, price=5_000))  # earns 250
    covered = queue.receipt(kit, redeem=200, price=1_000, staff_id=str(bia.staff_id))
    uncovered = queue.receipt(kit, redeem=300, price=1_000, staff_id=str(bia.staff_id))
    queue.clock.move(seconds=-31)
    again = queue.receipt(kit, redeem=100, staff_id=str(bia.staff_id))
    return await queue.send(covered, uncovered, again)


async def test_it_says_who_gave_how_much_at_which_till_within_which_limit_and_what_no_balance_covered(queue, look, bia):
    outcomes = await sold(queue, bia)
    assert [each["outcome"] for each in outcomes] == ["posted", "posted", "refused"]
    problems, spent = await look(), await look(which="spent")
    limits = {name: each["amount"] if isinstance(each, dict) else each for name, each in problems["limits"].items()}
    assert limits == {"spend_per_member": 300, "spend_per_till": 1_000, "kit_hours": 72}
    figures = [(each["code"], each["spent"]["amount"], each["shortfall"]["amount"]) for each in spent["items"]]
    assert sorted(figures, key=str) == [("code_used", 100, 100), (None, 200, 0), (None, 300, 200)]
    assert {each["limit"]["amount"] for each in spent["items"]} == {300}
    assert {(each["till"], each["staff_name"], each["store_name"]) for each in spent["items"]} == {
        ("till", "Bia", "Centro")
    }
    sellers = [(each["staff_name"], each["till"], each["receipts"], each["refused"]) for each in problems["sellers"]]
    assert sellers == [("Bia", "till", 3, 1), ("Leo", "till", 1, 0)]
    assert problems["sums"]["spent"]["amount"] == 600
    assert problems["sums"]["shortfall"] == problems["total"]


async def test_it_comes_in_pages_and_as_a_file(queue, look, bia):
    await sold(queue, bia)
    first = await look(which="all", limit=3)
    rest = await look(which="all", limit=3, cursor=first["next_cursor"])
    numbers = [each["receipt_number"] for each in (*first["items"], *rest["items"])]
    assert (len(set(numbers)), rest["next_cursor"]) == (4, None)
    rows = list(csv.DictReader(io.StringIO(await look("text/csv", which="all"))))
    assert [row["receipt_number"] for row in rows] == numbers
    assert {(row["staff"], row["currency"], row["limit"]) for row in rows} == {
        ("Bia", "BRL", "300"),
        ("Leo", "BRL", "300"),
    }


async def test_a_receipt_counts_for_who_sold_it_and_nobody_serves_her_own_account_by_anothers_hand(
    queue, bia, database
):
    kit = (await queue.kit())["version"]
    await queue.send(queue.receipt(kit, staff_id=str(bia.staff_id)))
    assert await database.fetchval("select staff_id from ledger.purchase") == bia.staff_id
    await database.execute(
        """insert into staff_account (programme_id, staff_id, member_id, linked_by, linked_at)
           values ($1, $2, $3, $2, $4)""",
        queue.programme.programme_id,
        bia.staff_id,
        queue.member.member_id,
        queue.clock.now(),
    )
    own = (await queue.send(queue.receipt(kit, staff_id=str(bia.staff_id))))[0]
    assert own["problem"]["code"] == "own_account"
    others = (await queue.send(queue.receipt(kit)))[0]
    assert others["outcome"] == "posted"


async def test_erasure_forgets_the_code_and_the_basket_of_what_was_queued_and_keeps_what_it_cost(
    queue, look, bia, database, connections
):
    await sold(queue, bia)
    before = await look(which="all")
    assert "queued_receipt" in str(await _tables_with(connections, queue.member.member_number))
    await database.execute(
        "update member set leave_asked_at = $2, erase_at = $2 where member_id = $1",
        queue.member.member_id,
        queue.clock.now(),
    )
    assert await erase(database, None, queue.clock.now()) == 1
    assert not await _tables_with(connections, queue.member.member_number)
    assert await database.fetchval("select count(*) from queued_receipt where said <> ''") == 0
    after = await look(which="all")
    assert after["total"] == before["total"]
    assert {each["member_name"] for each in after["items"]} == {""}
