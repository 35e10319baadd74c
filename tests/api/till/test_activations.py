"""An activation counts from its instant on: a purchase at an earlier instant does not see it, however it comes in."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from api.offers import repository as offers
from tests.api import import_files as files
from tests.support.shopping import campaign, line, publish


@pytest.fixture
async def activated_at(database, programme, clock, device):
    """Ten percent for those who have activated it, which the member did 20 minutes ago."""
    offer = campaign("extra", needs_activation=True, reward={"kind": "percent", "rate_bp": 1_000})
    await publish(database, programme.programme_id, clock.now(), offer)
    at = clock.now() - timedelta(minutes=20)
    async with database.connection() as connection:
        await offers.activate(connection, device.member.member_id, "extra", at)
    return at


BEFORE, FROM_IT_ON = timedelta(microseconds=-1), timedelta(0)


@pytest.mark.parametrize(("off", "earned"), [(BEFORE, 500), (FROM_IT_ON, 1_500)])
async def test_at_the_till(till, device, activated_at, off, earned) -> None:
    receipt = await till.buy(device, line(10_000), at=(activated_at + off).isoformat())
    assert receipt["earned"]["amount"] == earned


@pytest.mark.parametrize(("off", "earned"), [(BEFORE, 500), (FROM_IT_ON, 1_500)])
async def test_in_a_quote(till, device, activated_at, off, earned) -> None:
    found = (await till.identify(device.code())).json()["identification"]
    body = till.basket(line(10_000), identification=found, at=(activated_at + off).isoformat())
    assert (await till.post("quotes", body)).json()["quote"]["earned"]["amount"] == earned


@pytest.mark.parametrize(("off", "earned"), [(BEFORE, 500), (FROM_IT_ON, 1_500)])
async def test_in_a_batch(till, device, activated_at, clock, off, earned) -> None:
    purchase = till.basket(line(10_000), code=device.code(), at=(activated_at + off).isoformat())
    queued = {"key": str(uuid4()), "scanned_at": clock.now().isoformat(), "purchase": purchase}
    answer = await till.post("batches", {"receipts": [queued]})
    assert answer.json()["outcomes"][0]["receipt"]["earned"]["amount"] == earned, answer.text


@pytest.mark.parametrize(("off", "earned"), [(BEFORE, 500), (FROM_IT_ON, 1_500)])
@pytest.mark.usefixtures("till")
async def test_in_an_import(database, programme, clock, device, activated_at, tmp_path, off, earned) -> None:
    at = (activated_at + off).isoformat()
    row = files.row(member=device.member.member_number, at=at, quantity=1, unit_price=10_000)
    totals, refused = await files.run(database, programme, clock, files.write(tmp_path / "a.csv", [row]))
    assert (refused, totals.cashback_issued) == ([], earned)


async def test_one_that_was_taken_back_counts_for_what_was_bought_before(
    till, device, activated_at, database, clock
) -> None:
    async with database.connection() as connection:
        await offers.deactivate(connection, device.member.member_id, "extra", activated_at + timedelta(minutes=10))
    for minutes, earned in ((9, 1_500), (10, 500)):
        at = activated_at + timedelta(minutes=minutes)
        assert (await till.buy(device, line(10_000), at=at.isoformat()))["earned"]["amount"] == earned
