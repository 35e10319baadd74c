"""Points at the till: they pay at the programme's rate, under the caps of cashback, and come back with the goods."""

from __future__ import annotations

import pytest

from api.ledger.verify import verify
from tests.support.shopping import campaign, line, publish


@pytest.fixture
async def rich(database, programme, clock, till, device):
    """A member with 1,000 points and 2,500 of cashback, all available."""
    points = campaign("points", reward={"kind": "points", "points": 2, "per": 100})
    await publish(database, programme.programme_id, clock.now(), points)
    receipt = await till.buy(device, line(50_000))
    assert receipt["points"] == {"amount": 1_000, "currency": "PTS"}
    assert receipt["lines"][0]["points"] == {"amount": 1_000, "currency": "PTS"}
    return device


async def test_points_pay_and_come_back_with_the_goods(database, http, rich, till) -> None:
    receipt = await till.buy(rich, line(1_000, quantity=2), redeem=500, redeem_points=301)
    assert receipt["to_pay"] == {"amount": 1_199, "currency": "BRL"}
    assert receipt["points_redeemed"] == {"amount": 301, "currency": "PTS"}
    assert receipt["points_worth"] == {"amount": 301, "currency": "BRL"}
    changes = (await http.get("/v1/me/changes", headers=rich.signed_in.headers)).json()
    assert changes["wallet"]["points"]["available"]["amount"] == 1_000 - 301 + 40
    bought = changes["purchases"][0]
    assert (bought["points"]["amount"], bought["points_redeemed"]["amount"]) == (40, 301)
    for restored in (150, 151):
        answer = await till.post(
            f"purchases/{receipt['purchase_id']}/refunds", {"lines": [{"line": 0, "quantity": 1}], "reason": ""}
        )
        refund = answer.json()["refund"]
        assert refund["points_restored"]["amount"] == refund["points_worth"]["amount"] == restored
        assert refund["points_clawed_back"]["amount"] == 20
    changes = (await http.get("/v1/me/changes", headers=rich.signed_in.headers)).json()
    assert changes["wallet"]["points"]["available"]["amount"] == 1_000
    statement = (await http.get("/v1/me/statement?unit=PTS", headers=rich.signed_in.headers)).json()
    assert statement["closing"]["available"] == {"amount": 1_000, "currency": "PTS"}
    assert len(statement["items"]) == 7
    balance = (await http.get("/v1/me/balance?unit=PTS", headers=rich.signed_in.headers)).json()
    assert balance["balance"]["available"] == {"amount": 1_000, "currency": "PTS"}
    async with database.connection() as connection:
        assert (await verify(connection)).findings == []


@pytest.mark.parametrize(
    ("wanted", "code", "params"),
    [
        ({"redeem_points": 1_001}, "redeem_over_balance", {"available": 1_000, "currency": "PTS"}),
        ({"redeem_points": 900, "redeem": 200}, "redeem_over_cap", {"most": 800, "currency": "BRL"}),
    ],
)
async def test_more_points_than_there_are_or_than_may_be_are_refused(rich, till, wanted, code, params) -> None:
    found = (await till.identify(rich.code())).json()["identification"]
    quoted = (await till.post("quotes", till.basket(line(1_000), identification=found))).json()
    assert quoted["may_spend_points"] == {"amount": 1_000, "currency": "PTS"}
    answer = await till.post("purchases", till.basket(line(1_000), identification=found, **wanted))
    assert (answer.status_code, answer.json()["code"], answer.json()["params"]) == (422, code, params)


async def test_stamps_are_counted_up_to_their_limit_and_come_back_with_the_last_of_their_goods(
    database, http, programme, clock, till, device
) -> None:
    card = campaign(
        "coffee",
        reward={"kind": "stamp", "stamps": 2},
        what={"only": {"categories": ["coffee"]}},
        limits={"per_member": 5},
    )
    await publish(database, programme.programme_id, clock.now(), card)

    async def stamps() -> tuple[int, str]:
        offers = (await http.get("/v1/me/offers", headers=device.signed_in.headers)).json()["items"]
        [offer] = [each for each in offers if each["offer_id"] == "coffee"]
        return offer["stamps"], offer["state"]

    coffee = line(1_000, category="coffee")
    first = await till.buy(device, coffee, coffee, line(500))
    assert await stamps() == (2, "open")
    for _ in range(2):
        await till.buy(device, coffee)
    assert await stamps() == (5, "used"), "the last one gave what was left of the card"
    path = f"purchases/{first['purchase_id']}/refunds"
    await till.post(path, {"lines": [{"line": 0, "quantity": 1}, {"line": 2, "quantity": 1}]})
    assert await stamps() == (5, "used"), "one coffee is kept"
    await till.post(path, {"lines": [{"line": 1, "quantity": 1}]})
    assert await stamps() == (3, "open")
    changes = (await http.get("/v1/me/changes", headers=device.signed_in.headers)).json()
    assert {lot["remaining"]["currency"] for lot in changes["lots"]} == {"BRL"}, "stamps are no money"
    async with database.connection() as connection:
        assert (await verify(connection)).findings == []
