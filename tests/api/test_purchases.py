"""A member's purchases: paged, each with its reasons, nobody else's."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from api.purchases import service
from contract.months import Months
from contract.wallet import Purchase, PurchasePage
from tests.support import shopping
from tests.support.phone import make_phone

__all__ = ["make_phone"]


@pytest.fixture
async def ana(database, clock, make_member):
    ana = await make_member()
    await shopping.publish(
        database,
        ana.programme_id,
        clock.now(),
        shopping.campaign(pending_days=14, expiry={"kind": "months", "months": 6}),
    )
    return ana


@pytest.fixture
async def phone(ana, make_phone):
    return await make_phone(ana)


async def pages(http, phone, limit: int) -> list[list[str]]:
    found, cursor = [], None
    while True:
        params = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        answer = await http.get("/v1/me/purchases", params=params, headers=phone.headers)
        page = PurchasePage.model_validate_json(answer.content)
        found.append([purchase.purchase_id for purchase in page.items])
        cursor = page.next_cursor
        if cursor is None:
            return found


async def test_a_purchase_opens_to_its_lines_and_reasons(http, database, clock, ana, phone):
    lines = [
        shopping.line(1_000, quantity=3, discount=500, sku="B-1", tags=["organic"]),
        {"name": "Card", "category": "giftcard", "unit_price": 5_000},
    ]
    purchase_id = await shopping.buy(database, ana, clock.now(), lines, receipt_number="R-42")

    answer = await http.get(f"/v1/me/purchases/{purchase_id}", headers=phone.headers)

    bought = Purchase.model_validate_json(answer.content)
    assert (bought.receipt_number, bought.total.amount, bought.earned.amount) == ("R-42", 7_500, 125)
    bread, card = bought.lines
    assert (bread.amount.amount, bread.earned.amount, bread.tags) == (2_500, 125, ["organic"])
    assert (bread.why[0].rate_bp, bread.why[0].basis.amount) == (500, 2_500)
    assert (card.earned.amount, [reason.code for reason in card.why]) == (0, ["never_earns"])
    assert bought.available_at == bought.at.replace(day=24)
    assert bought.expires_at is not None
    assert bought.expires_at > bought.available_at


async def test_every_purchase_is_on_one_page_once_newest_first(http, database, clock, ana, phone):
    same_moment = clock.now()
    bought = [str(await shopping.buy(database, ana, same_moment)) for _ in range(4)]
    bought += [str(await shopping.buy(database, ana, clock.move(minutes=1))) for _ in range(7)]
    everything = [each for page in await pages(http, phone, 100) for each in page]
    assert sorted(everything) == sorted(bought)
    assert everything[:7] == bought[:3:-1]
    for limit in (1, 3, 11):
        assert [each for page in await pages(http, phone, limit) for each in page] == everything


async def test_a_page_stays_where_it_was_when_purchases_come_in(http, database, clock, ana, phone):
    bought = [str(await shopping.buy(database, ana, clock.move(minutes=1))) for _ in range(4)]
    first = (await http.get("/v1/me/purchases", params={"limit": 2}, headers=phone.headers)).json()
    await shopping.buy(database, ana, clock.move(minutes=1))
    params = {"limit": 2, "cursor": first["next_cursor"]}
    second = (await http.get("/v1/me/purchases", params=params, headers=phone.headers)).json()
    assert [each["purchase_id"] for each in first["items"] + second["items"]] == bought[::-1]


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "é", "A" * 34, "A" * 200, "_" * 34])
async def test_a_cursor_that_is_none_is_refused_by_name(http, phone, cursor):
    answer = await http.get("/v1/me/purchases", params={"cursor": cursor}, headers=phone.headers)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_input"
    assert [each["field"] for each in answer.json()["errors"]] == ["cursor"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1.5"])
async def test_a_limit_out_of_bounds_is_refused_by_name(http, phone, limit):
    answer = await http.get("/v1/me/purchases", params={"limit": limit}, headers=phone.headers)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["limit"]


async def test_another_members_purchase_is_not_there(http, database, clock, ana, phone, make_member, make_phone):
    bruno = await make_member(name="Bruno Lima")
    purchase_id = await shopping.buy(database, ana, clock.now())
    his = await make_phone(bruno)
    for unknown in (purchase_id, uuid4()):
        answer = await http.get(f"/v1/me/purchases/{unknown}", headers=his.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await http.get("/v1/me/purchases", headers=his.headers)).json() == {"items": [], "next_cursor": None}
    assert (await http.get(f"/v1/me/purchases/{purchase_id}", headers=phone.headers)).status_code == 200


async def test_a_cursor_of_another_member_leads_only_to_ones_own(http, database, clock, ana, make_member, make_phone):
    bruno = await make_member(name="Bruno Lima")
    his, hers = await make_phone(bruno), await make_phone(ana)
    old = await shopping.buy(database, bruno, clock.now())
    for _ in range(3):
        await shopping.buy(database, ana, clock.move(minutes=1))
    page = (await http.get("/v1/me/purchases", params={"limit": 1}, headers=hers.headers)).json()
    answer = await http.get("/v1/me/purchases", params={"cursor": page["next_cursor"]}, headers=his.headers)
    assert [each["purchase_id"] for each in answer.json()["items"]] == [str(old)]


async def test_a_purchase_that_came_back_in_parts_says_so_line_by_line(http, database, clock, ana, phone):
    purchase_id = await shopping.buy(
        database, ana, clock.now(), [shopping.line(1_000, quantity=3), shopping.line(2_000)]
    )
    await shopping.give_back(database, ana, purchase_id, clock.move(minutes=1), {0: 1})
    await shopping.give_back(database, ana, purchase_id, clock.move(minutes=1), {0: 1, 1: 1})

    answer = await http.get(f"/v1/me/purchases/{purchase_id}", headers=phone.headers)

    bought = Purchase.model_validate_json(answer.content)
    assert [line.refunded_quantity for line in bought.lines] == [2, 1]
    assert [line.clawed_back.amount for line in bought.lines] == [100, 100]
    assert (bought.state, bought.clawed_back.amount) == ("pending", 200)
    assert [[(line.line, line.quantity) for line in each.lines] for each in bought.refunds] == [
        [(0, 1)],
        [(0, 1), (1, 1)],
    ]
    assert bought.refunds[0].at < bought.refunds[1].at


async def test_a_page_is_one_statement(database, clock, ana):
    """No purchase is asked for its lots or refunds one by one."""
    for _ in range(20):
        await shopping.give_back(database, ana, await shopping.buy(database, ana, clock.move(minutes=1)), clock.now())
    statements = []

    def note(record):
        statements.append(record.query)

    async with database.connection() as connection:
        connection.add_query_logger(note)
        page = await service.page_document(connection, ana.member_id, None, 20)
        connection.remove_query_logger(note)
    await asyncio.sleep(0)  # the logger is called in the loop's next turn
    assert len(page["items"]) == 20
    assert len(statements) == 1


async def test_purchases_are_found_by_store_product_receipt_channel_and_return(http, database, clock, ana, phone):
    tea = await shopping.buy(
        database, ana, clock.now(), [{"name": "Green Tea", "category": "drinks", "unit_price": 900}],
        store_id="jardins", receipt_number="J-7",
    )  # fmt: skip
    bread = await shopping.buy(database, ana, clock.move(days=1))
    await shopping.give_back(database, ana, bread, clock.move(days=1))

    async def found(**params):
        answer = await http.get("/v1/me/purchases", params=params, headers=phone.headers)
        assert answer.status_code == 200, answer.text
        return [each["purchase_id"] for each in answer.json()["items"]]

    assert await found(search="jardins TEA") == await found(search="j-7") == await found(store="jardins") == [str(tea)]
    assert await found(search="tea bread") == await found(channel="web") == []
    assert await found(returned=True) == [str(bread)]
    newest = (await http.get("/v1/me/purchases", params={"limit": 1, "channel": "store"}, headers=phone.headers)).json()
    assert await found(channel="store", cursor=newest["next_cursor"]) == [str(tea)]


async def test_months_say_what_their_purchases_kept(http, database, clock, ana, phone):
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    back = await shopping.buy(database, ana, clock.now(), [shopping.line(2_000)])
    await shopping.give_back(database, ana, back, clock.move(days=1))
    await shopping.buy(database, ana, clock.move(days=40), [shopping.line(4_000)])
    told = Months.model_validate_json((await http.get("/v1/me/months", headers=phone.headers)).content)
    assert [(each.month, each.purchases, each.total.amount, each.earned.amount) for each in told.items] == [
        ("2026-03", 2, 12_000, 500),
        ("2026-04", 1, 4_000, 200),
    ]
