"""A till asks, a phone answers: the client services against the real API over a real socket."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from contract.errors import ErrorCode
from services.errors import Offline, Refused
from tests.services.conftest import until
from tests.services.test_with_real_api import draft, house  # noqa: F401 (fixture)
from tests.support import people
from tests.support.people import make_programme


@pytest.fixture
async def programme(database, clock):
    return await make_programme(database, clock, rules={"confirm_above": 2_000})


@pytest.fixture
async def make_member(database, clock, programme):
    """Members of that programme, made once it has its rules."""
    return partial(people.make_member, database, clock, programme=programme)


async def test_what_a_till_asks_is_on_the_phone_at_once_and_the_answer_at_the_till(house):  # noqa: F811
    phone, till = await house.ana(), await house.leo()
    found = await till.till.identify(phone.member_code().text)
    await till.till.confirm(draft(found.identification, house.clock.now(), price=100_000), 0)
    await until(phone, lambda state: state.wallet is not None and state.wallet.available.amount == 5_000)
    house.clock.move(seconds=31)
    house.app.state.clock.move(seconds=31)

    found = await till.till.identify(phone.member_code().text)
    assert found.spend_limit.amount == 2_000
    sale = draft(found.identification, house.clock.now())
    with pytest.raises(Refused) as refused:
        await till.till.confirm(sale, 3_500)
    assert refused.value.code is ErrorCode.CONFIRMATION_NEEDED

    asked = await till.confirmations.ask(found.identification, 3_500)
    waiting = asyncio.create_task(till.confirmations.settled(asked))
    state = await until(phone, lambda state: bool(state.asked))
    request = state.asked[0].request
    assert (request.confirmation_id, request.amount.amount) == (asked.confirmation_id, 3_500)
    await phone.confirmations.answer(request.confirmation_id, allow=True)
    assert phone.state.asked == ()
    async with asyncio.timeout(5):
        assert (await waiting).state == "allowed"
    receipt = await till.till.confirm(sale, 3_500, allowed=True)
    assert receipt.redeemed.amount == 3_500
    with pytest.raises(Refused) as over:
        await phone.confirmations.answer(request.confirmation_id, allow=False)
    assert over.value.code is ErrorCode.CONFIRMATION_OVER

    await phone.confirmations.set_limit(500)
    assert phone.state.profile.spend_limit.amount == 500
    again = await house.device("phone", phone._keys._vault)
    assert again.state.profile.spend_limit.amount == 500


async def test_changes_that_were_on_their_way_do_not_bring_an_older_limit_back(house):  # noqa: F811
    phone = await house.ana()
    gateway, came, go_on, came_again, seen = phone._account._gateway, *(asyncio.Event() for _ in range(3)), []
    changes = gateway.changes

    async def late(since: str | None):
        answer = await changes(since)
        (came_again if came.is_set() else came).set()
        await go_on.wait()
        return answer

    gateway.changes = late
    phone._wake()
    await came.wait()
    await phone.confirmations.set_limit(500)
    phone.subscribe(lambda state: seen.append(state.profile.spend_limit.amount))
    go_on.set()
    async with asyncio.timeout(5):
        await came_again.wait()
    assert set(seen) <= {500}
    assert phone.state.profile.spend_limit.amount == 500


async def test_a_spend_that_was_allowed_waits_for_the_network_and_is_not_queued(leo, api):
    api.down = True
    with pytest.raises(Offline):
        await leo.till.confirm(draft("id-1", leo._clock.now()), 3_500, allowed=True)
    assert leo.state.till.waiting == 0
    assert (await leo.till.unfinished()) is not None
