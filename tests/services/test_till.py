"""The till: confirm once, whatever happens; and nothing is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from contract.basket import BasketLine
from contract.errors import ErrorCode
from contract.member_code import check_digit
from services.errors import Offline, Refused
from services.till import Draft
from tests.services.fake_api import AT

PURCHASES = "/v1/till/purchases"
CODE = "KIERTO4821903117550218343"


def draft(receipt_number: str = "R-1", **more) -> Draft:
    lines = (BasketLine(name="Bread", category="bakery", unit_price=2000, quantity=2),)
    return Draft("i1", "Ana S.", receipt_number, lines, AT, **more)


async def test_identify_quote_and_confirm(api, leo):
    found = await leo.till.identify(" 4821 903 117 5502 1834 " + check_digit("482190311755021834"))
    assert found.member_name == "Ana S."
    assert (await leo.till.quote(draft())).quote.earned.amount == 200
    receipt = await leo.till.confirm(draft(), 0)
    assert receipt.earned.amount == 200
    assert len(api.purchases) == 1
    assert await leo.till.unfinished() is None


async def test_what_is_no_code_is_refused_without_a_call(api, leo):
    with pytest.raises(Refused) as refused:
        await leo.till.identify("7891000100103")
    assert refused.value.code is ErrorCode.CODE_MALFORMED
    assert api.made("POST", "/v1/till/identify") == []


@pytest.mark.fault
async def test_a_lost_answer_on_confirm_posts_once(api, leo):
    api.fail("POST", PURCHASES, "lost")
    receipt = await leo.till.confirm(draft(), 0)
    assert receipt.receipt_number == "R-1"
    assert len(api.purchases) == 1
    keys = {it.key for it in api.made("POST", PURCHASES)}
    assert len(keys) == 1
    assert None not in keys


async def test_a_double_tap_joins_the_first(api, leo):
    receipts = await asyncio.gather(*(leo.till.confirm(draft(""), 0) for _ in range(10)))
    assert len({it.purchase_id for it in receipts}) == 1
    assert len(api.purchases) == 1
    assert (await leo.till.confirm(draft(""), 0)).purchase_id == receipts[0].purchase_id
    assert len(api.purchases) == 1


async def test_the_next_sale_is_another_one(api, leo):
    await leo.till.confirm(draft(""), 0)
    await leo.till.confirm(replace(draft(""), at=AT.replace(minute=5)), 0)
    assert len(api.purchases) == 2
    numbers = {it.receipt_number for _, it in api.purchases.values()}
    assert len(numbers) == 2
    assert all(number.startswith("260310-") and "CENTRO" in number for number in numbers)


@pytest.mark.fault
async def test_a_retry_after_offline_uses_the_same_key(api, leo):
    api.fail("POST", PURCHASES, "lost", times=3)
    with pytest.raises(Offline):
        await leo.till.confirm(draft(), 0)
    assert len(api.purchases) == 1
    assert (await leo.till.unfinished()) == draft()
    assert (await leo.till.confirm(draft(), 0)).receipt_number == "R-1"
    assert len(api.purchases) == 1
    assert len({it.key for it in api.made("POST", PURCHASES)}) == 1
    assert await leo.till.unfinished() is None


@pytest.mark.fault
async def test_a_till_killed_in_the_middle_finishes_after_its_restart(api, till_device, leo):
    held = asyncio.Event()
    api.fail("POST", PURCHASES, "hold", hold=held)
    posting = asyncio.create_task(leo.till.confirm(draft(""), 0))
    await api.reached("POST", PURCHASES)
    await till_device.kill(leo)
    with pytest.raises(asyncio.CancelledError):
        await posting

    again = await till_device.start()
    assert again.state.kind == "staff"
    assert await again.till.unfinished() == draft("")
    receipt = await again.till.resume()
    assert receipt.earned.amount == 200
    first, second = api.made("POST", PURCHASES)
    assert (first.key, first.body) == (second.key, second.body)
    assert await again.till.unfinished() is None
    assert await again.till.resume() is None


async def test_key_and_body_are_on_disk_before_the_first_send(api, till_device, leo):
    seen: list[str] = []
    send = leo._gateway.post_purchase

    async def look(body, key):
        seen.extend(post.key for post in await leo._account.cache.posts())
        assert seen == [key]
        return await send(body, key)

    leo._gateway.post_purchase = look
    await leo.till.confirm(draft(), 0)
    assert len(seen) == 1


async def test_a_refusal_clears_what_was_stored(api, leo):
    api.refuse("POST", PURCHASES, 422, ErrorCode.REDEEM_OVER_BALANCE)
    with pytest.raises(Refused):
        await leo.till.confirm(draft(), 500)
    assert await leo.till.unfinished() is None
    await leo.till.confirm(draft(), 0)
    assert len({it.key for it in api.made("POST", PURCHASES)}) == 2


async def test_an_error_of_the_api_keeps_what_was_stored(api, leo):
    api.refuse("POST", PURCHASES, 500, ErrorCode.UNEXPECTED)
    with pytest.raises(Refused):
        await leo.till.confirm(draft(), 0)
    assert await leo.till.unfinished() == draft()
    await leo.till.resume()
    assert len(api.purchases) == 1


async def test_a_screen_that_goes_away_does_not_take_the_posting_with_it(api, leo):
    held = asyncio.Event()
    api.fail("POST", PURCHASES, "hold", hold=held)
    tap = asyncio.create_task(leo.till.confirm(draft(), 0))
    await api.reached("POST", PURCHASES)
    tap.cancel()
    held.set()
    await leo.till.settled(5)
    assert len(api.purchases) == 1
    assert await leo.till.unfinished() is None


async def test_a_basket_that_the_contract_does_not_take_is_refused_here(api, leo):
    with pytest.raises(Refused) as refused:
        await leo.till.quote(replace(draft(), lines=()))
    assert refused.value.code is ErrorCode.INVALID_INPUT
    assert refused.value.problem.errors[0].field == "lines"
    with pytest.raises(Refused):
        await leo.till.confirm(draft(), -5)
    assert await leo.till.unfinished() is None


async def test_an_unfinished_sale_outlives_a_session_that_was_ended(api, till_device, leo):
    api.fail("POST", PURCHASES, "lost", times=3)
    with pytest.raises(Offline):
        await leo.till.confirm(draft(), 0)
    api.end_sessions()
    with pytest.raises(Refused) as refused:
        await leo.till.resume()
    assert refused.value.code is ErrorCode.SESSION_ENDED
    await leo._leaving
    assert leo.state.kind == "signed_out"
    await leo.sign_in_with_pin("centro", "1001", "2468")
    assert await leo.till.unfinished() == draft()
    await leo.till.resume()
    assert len(api.purchases) == 1


async def test_the_sale_being_entered_is_kept_over_a_restart(api, till_device, leo):
    await leo.till.keep_draft(draft())
    await till_device.kill(leo)
    again = await till_device.start()
    assert await again.till.kept_draft() == draft()
    await again.till.keep_draft(None)
    assert await again.till.kept_draft() is None


async def test_nobody_signed_in_can_do_nothing_at_the_till(api, till_device):
    client = await till_device.start()
    with pytest.raises(Refused) as refused:
        await client.till.identify(CODE)
    assert refused.value.code is ErrorCode.NOT_SIGNED_IN
