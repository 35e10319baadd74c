"""Activating an offer: shown at once, queued with its key, applied once, refusals kept."""

from __future__ import annotations

import asyncio

import pytest

from contract.errors import ErrorCode
from tests.services.conftest import until

ACTIVATION = "/v1/me/offers/o1/activation"


@pytest.fixture
async def with_offer(api, quiet):
    api.offer("o1")
    await quiet.refresh()
    return quiet


async def test_an_activation_shows_at_once_and_is_confirmed(api, with_offer):
    held = asyncio.Event()
    api.fail("PUT", ACTIVATION, "hold", hold=held)
    await with_offer.activate("o1")
    assert with_offer.state.offers[0].state == "activated"
    assert [it.kind for it in with_offer.state.pending] == ["activate"]
    assert api.offers["o1"].state == "open"
    held.set()
    state = await until(with_offer, lambda state: not state.pending)
    assert state.offers[0].state == "activated"
    assert api.offers["o1"].state == "activated"


async def test_offline_it_waits_and_is_applied_once_when_the_network_is_back(api, with_offer):
    api.down = True
    await with_offer.activate("o1")
    await until(with_offer, lambda state: state.connection == "offline")
    assert with_offer.state.offers[0].state == "activated"
    api.down = False
    await with_offer.refresh()
    assert with_offer.state.pending == ()
    assert len(api.made("PUT", ACTIVATION)) == 1


async def test_a_queued_action_survives_a_kill_and_goes_out_with_its_key(api, phone, with_offer):
    api.fail("PUT", ACTIVATION, "lost")
    await with_offer.activate("o1")
    await until(with_offer, lambda state: state.connection == "offline")
    key = with_offer.state.pending[0].key
    await phone.kill(with_offer)

    again = await phone.start()
    assert again.state.offers[0].state == "activated"
    await until(again, lambda state: not state.pending)
    assert [it.key for it in api.made("PUT", ACTIVATION)] == [key, key]
    assert api.offers["o1"].state == "activated"


async def test_taking_back_what_was_never_sent_sends_nothing(api, with_offer):
    api.down = True
    await with_offer.activate("o1")
    # the first try has marked it as sent: only what comes after it is still free
    await until(with_offer, lambda state: state.connection == "offline")
    await with_offer.deactivate("o1")
    await with_offer.activate("o1")
    assert [it.kind for it in with_offer.state.pending] == ["activate"]
    api.down = False
    await with_offer.refresh()
    assert len(api.made("PUT", ACTIVATION)) == 1
    assert api.made("DELETE", ACTIVATION) == []


async def test_two_opposite_actions_before_the_first_send_leave_nothing_to_do(api, with_offer):
    async with with_offer._account.sync._turn:  # a sync is under way: nothing is sent yet
        await with_offer.activate("o1")
        await with_offer.deactivate("o1")
        assert with_offer.state.pending == ()
        assert with_offer.state.offers[0].state == "open"
    await with_offer.refresh()
    assert api.made("PUT", ACTIVATION) == []


async def test_a_second_tap_queues_nothing_more(api, with_offer):
    api.down = True
    await asyncio.gather(*(with_offer.activate("o1") for _ in range(5)))
    assert len(with_offer.state.pending) == 1


async def test_opposite_actions_after_a_send_go_out_in_their_order(api, with_offer):
    api.fail("PUT", ACTIVATION, "lost")
    await with_offer.activate("o1")
    await until(with_offer, lambda state: state.connection == "offline")
    await with_offer.deactivate("o1")
    assert with_offer.state.offers[0].state == "open"
    await with_offer.refresh()
    assert api.offers["o1"].state == "open"
    assert with_offer.state.offers[0].state == "open"
    assert with_offer.state.pending == ()


async def test_a_refusal_is_kept_with_its_reason_until_it_is_dismissed(api, phone, with_offer):
    api.refuse("PUT", ACTIVATION, 409, ErrorCode.OFFER_ENDED)
    await with_offer.activate("o1")
    state = await until(with_offer, lambda state: bool(state.refused))
    assert state.pending == ()
    assert state.offers[0].state == "open"
    await phone.kill(with_offer)

    again = await phone.start()
    assert [it.problem.code for it in again.state.refused] == [ErrorCode.OFFER_ENDED]
    await again.dismiss_refused(again.state.refused[0].key)
    assert again.state.refused == ()
    await again.refresh()
    assert len(api.made("PUT", ACTIVATION)) == 1


async def test_a_refusal_of_the_moment_is_tried_again(api, phone, with_offer):
    await with_offer.close()
    phone.running.remove(with_offer)
    again = await phone.start()
    api.refuse("PUT", ACTIVATION, 500, ErrorCode.UNEXPECTED, times=2)
    await again.activate("o1")
    state = await until(again, lambda state: not state.pending)
    assert state.refused == ()
    assert len({it.key for it in api.made("PUT", ACTIVATION)}) == 1
