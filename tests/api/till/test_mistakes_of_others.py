"""What users of other systems report as faults, each a test here: named after the system where it was reported."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import asyncpg

from api.publishing.service import publish_ladder
from contract.basket import Basket
from contract.campaigns import ProgrammeRules
from contract.facts import MemberFacts
from contract.rules import quote
from contract.tiers import LadderDraft
from services.code128 import symbols
from services.codes import code128_png
from services.scanning import zxing_decoder
from tests.support.shopping import campaign, line, publish

RULES = ProgrammeRules(currency="BRL", timezone="America/Sao_Paulo")
POINTS = {"reward": {"kind": "points", "per": 100}}
HALVES = [line(130, quantity=3), line(250, quantity=3), line(10), line(1_990, discount=995)]
"""5 % of these are halves of a cent, here and there."""


async def points_of(database, device) -> tuple[int, int] | None:
    query = "select available, debt from ledger.wallet where member_id = $1 and unit = 'PTS'"
    row = await database.fetchrow(query, device.member.member_id)
    return tuple(row) if row else None


async def test_a_refund_does_not_leave_the_points_odoo(till, device, database, programme, clock):
    await publish(database, programme.programme_id, clock.now(), campaign("points", **POINTS))
    bought = await till.buy(device, line(10_000))
    assert await points_of(database, device) == (100, 0)
    await till.post(f"purchases/{bought['purchase_id']}/refunds", {})
    assert await points_of(database, device) == (0, 0)


async def test_points_do_not_double_on_a_retry_or_in_a_race_fuint(till, device, database, programme, clock):
    """There 100 became 2,000."""
    await publish(database, programme.programme_id, clock.now(), campaign("points", **POINTS))
    found = (await till.identify(device.code())).json()["identification"]
    body, key = till.basket(line(10_000), identification=found), str(uuid4())
    race = await asyncio.gather(*(till.post("purchases", body, key) for _ in range(20)))
    again = await till.post("purchases", body, key)
    assert {answer.status_code for answer in (*race, again)} == {201}
    assert len({answer.content for answer in (*race, again)}) == 1
    assert await points_of(database, device) == (100, 0)


async def test_an_offline_till_does_not_post_twice_oca_pos(till, device, database, wallet_of):
    """Not when it sends its queue again, nor when what it had sent singly was posted without an answer."""
    purchase = till.basket(line(10_000), code=device.code())
    key, scanned = str(uuid4()), purchase["at"]
    await till.post("purchases", purchase, key)  # the answer is lost
    queued = {"receipts": [{"key": key, "scanned_at": scanned, "purchase": purchase}]}
    outcomes = [(await till.post("batches", queued)).json()["outcomes"][0]["outcome"] for _ in range(2)]
    assert outcomes == ["replayed", "replayed"]
    assert await wallet_of(device) == (0, 500, 0)
    assert await database.fetchval("select count(*) from ledger.purchase") == 1


async def test_a_till_the_web_and_the_receipt_round_alike_odoo(till, device, clock):
    """A half cent goes one way everywhere: the calculator offline, a quote of the till or the webshop, the receipt."""
    basket = till.basket(*HALVES)
    local = quote(Basket.model_validate_json(json.dumps(basket)), MemberFacts(), (campaign(),), clock.now(), RULES, {})
    quoted = (await till.post("quotes", basket)).json()["quote"]
    receipt = await till.buy(device, *HALVES)
    by_line = [each.earned.amount for each in local.lines]
    assert by_line == [each["earned"]["amount"] for each in quoted["lines"]]
    assert by_line == [each["earned"]["amount"] for each in receipt["lines"]]
    assert local.earned.amount == quoted["earned"]["amount"] == receipt["earned"]["amount"] == sum(by_line)


async def test_a_tier_is_not_worked_out_from_the_spendable_balance_open_loyalty(
    till, device, database, programme, clock
):
    tiers = [{"tier": "bronze", "name": {"en": "Bronze"}, "threshold": 0}]
    tiers.append({"tier": "gold", "name": {"en": "Gold"}, "threshold": 10_000})
    async with database.transaction() as connection:
        draft = LadderDraft.model_validate({"tiers": tiers})
        await publish_ladder(connection, programme.programme_id, draft, clock.now())
    await till.buy(device, line(10_000))
    spent = await till.buy(device, line(500, category="giftcard"), redeem=500)
    assert spent["wallet"]["available"]["amount"] == 0
    tier = "select tier from member where member_id = $1"
    assert await database.fetchval(tier, device.member.member_id) == "gold", "spending it all costs no tier"


async def test_goods_that_earned_nothing_cost_nothing_when_they_come_back_open_loyalty(till, device, wallet_of):
    bought = await till.buy(device, line(10_000), line(90_000, category="giftcard"))
    assert await wallet_of(device) == (0, 500, 0)
    path = f"purchases/{bought['purchase_id']}/refunds"
    answer = await till.post(path, {"lines": [{"line": 1, "quantity": 1}]})
    assert answer.json()["refund"]["clawed_back"]["amount"] == 0
    assert await wallet_of(device) == (0, 500, 0)


async def test_a_lookup_reads_as_little_among_100_000_cards_as_among_a_few_odoo(till, device, database, connections):
    """Counted in pages that PostgreSQL reads, not in seconds."""
    few = await _pages_to_find(connections, device)
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        await owner.execute("set synchronous_commit = off; set session_replication_role = replica")  # no keys checked
        await owner.execute(_CARDS, device.member.programme_id)
        await owner.execute("analyze member_number")
    finally:
        await owner.close()
    many = await _pages_to_find(connections, device)
    assert max(many) <= max(few) + 4, "an index is one or two levels deeper"
    assert (await till.identify(device.code())).status_code == 200


def test_the_bar_code_is_one_that_old_scanners_read_catima():
    """Code 128 in few symbols, a pair of digits in each, which keeps the bars wide; read back by another's decoder."""
    code = "KIERTO9434848852011873595"
    assert len(symbols(code)) <= 20
    decoder = zxing_decoder()
    assert decoder is not None
    assert decoder.decode(code128_png(code)) == code


_CARDS = """
    insert into member_number (member_number, programme_id, member_id)
        select lpad((9000000000 + n)::text, 10, '0'), $1, gen_random_uuid() from generate_series(1, 100000) n"""


async def _pages_to_find(connections, device) -> list[int]:
    """The pages that each statement of a lookup reads: by number, by contact, the member's devices."""
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        member = device.member
        asked: list[tuple[str, list[Any]]] = [
            ("select member_id from member_number where member_number = $1", [member.member_number]),
            (
                "select member_id from member_contact where programme_id = $1 and contact = $2",
                [member.programme_id, member.contact],
            ),
            ("select session_id from session where member_id = $1 and revoked_at is null", [member.member_id]),
        ]
        pages = []
        for statement, arguments in asked:
            plan = await owner.fetchval(f"explain (analyze, buffers, format json) {statement}", *arguments)
            top = json.loads(plan)[0]["Plan"]
            pages.append(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
        return pages
    finally:
        await owner.close()
