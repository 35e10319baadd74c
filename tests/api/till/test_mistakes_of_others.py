"""What users of other systems report as faults, named after the system where it was reported.

Those about points, refunds, lookups and queues of a till stand in test_faults_of_others.py.
"""

from __future__ import annotations

import json

from api.publishing.service import publish_ladder
from contract.basket import Basket
from contract.campaigns import ProgrammeRules
from contract.facts import MemberFacts
from contract.rules import quote
from contract.tiers import LadderDraft
from services.code128 import symbols
from services.codes import code128_png
from services.scanning import zxing_decoder
from tests.support.shopping import campaign, line

RULES = ProgrammeRules(currency="BRL", timezone="America/Sao_Paulo")
HALVES = [line(130, quantity=3), line(250, quantity=3), line(10), line(1_990, discount=995)]
"""5 % of these are halves of a cent, here and there."""


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


def test_the_bar_code_is_one_that_old_scanners_read_catima():
    """Code 128 in few symbols, a pair of digits in each, which keeps the bars wide; read back by another's decoder."""
    code = "KIERTO9434848852011873595"
    assert len(symbols(code)) <= 20
    decoder = zxing_decoder()
    assert decoder is not None
    assert decoder.decode(code128_png(code)) == code
