"""A session lives by its refresh token, and ends at once."""

from __future__ import annotations

import asyncio

import httpx

from api.app import create_app


async def refresh(http, token: str) -> httpx.Response:
    return await http.post("/v1/sign-in/refresh", json={"refresh_token": token})


async def test_an_access_token_is_over_after_ten_minutes_and_a_refresh_brings_another(
    http, make_member, sign_in_member, clock
):
    me = await sign_in_member(await make_member())
    assert (await http.get("/v1/me", headers=me.headers)).status_code == 200
    clock.move(minutes=10)
    over = await http.get("/v1/me", headers=me.headers)
    assert over.status_code == 401
    assert over.json()["code"] == "not_signed_in"
    assert over.headers["www-authenticate"] == "Bearer"
    fresh = (await refresh(http, me.refresh_token)).json()
    assert fresh["code_secret"]["secret"] == me.code_secret, "the device goes on making the same codes"
    headers = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert (await http.get("/v1/me", headers=headers)).status_code == 200


async def test_the_token_before_is_honoured_once_more_for_a_lost_answer(http, make_member, sign_in_member, clock):
    me = await sign_in_member(await make_member())
    assert (await refresh(http, me.refresh_token)).status_code == 200
    clock.move(seconds=60)
    retried = await refresh(http, me.refresh_token)
    assert retried.status_code == 200
    third = await refresh(http, me.refresh_token)
    assert third.status_code == 401
    assert third.json()["code"] == "session_ended"


async def test_a_replayed_old_token_ends_the_session_for_both(http, make_member, sign_in_member, clock):
    me = await sign_in_member(await make_member())
    current = (await refresh(http, me.refresh_token)).json()
    clock.move(seconds=61)
    assert (await refresh(http, me.refresh_token)).json()["code"] == "session_ended"
    assert (await refresh(http, current["refresh_token"])).json()["code"] == "session_ended"
    headers = {"Authorization": f"Bearer {current['access_token']}"}
    assert (await http.get("/v1/me", headers=headers)).json()["code"] == "session_ended"


async def test_a_made_up_token_ends_nothing(http, make_member, sign_in_member, app):
    me = await sign_in_member(await make_member())
    forged = me.refresh_token[:-6] + ("AAAAAA" if not me.refresh_token.endswith("AAAAAA") else "BBBBBB")
    assert (await refresh(http, forged)).json()["code"] == "not_signed_in"
    assert (await refresh(http, "x" * 40)).json()["code"] == "not_signed_in"
    assert (await refresh(http, me.refresh_token)).status_code == 200


async def test_signing_out_ends_the_access_token_at_once(http, make_member, sign_in_member):
    me = await sign_in_member(await make_member())
    assert (await http.post("/v1/sign-out", headers=me.headers)).status_code == 204
    after = await http.get("/v1/me", headers=me.headers)
    assert after.status_code == 401
    assert after.json()["code"] == "session_ended"
    assert (await refresh(http, me.refresh_token)).json()["code"] == "session_ended"


async def test_another_process_hears_that_a_session_ended_and_a_new_one_knows(
    app, http, settings, connections, clock, make_member, sign_in_member
):
    me = await sign_in_member(await make_member())
    other = create_app(settings, clock=clock, connections=connections)
    async with other.router.lifespan_context(other):
        heard = asyncio.Event()
        other.state.revocations.on_end(lambda _: heard.set())
        await http.post("/v1/sign-out", headers=me.headers)
        await asyncio.wait_for(heard.wait(), 5)
        assert me.session_id in other.state.revocations
    late = create_app(settings, clock=clock, connections=connections)
    async with late.router.lifespan_context(late):
        assert me.session_id in late.state.revocations


async def test_garbage_in_the_authorization_header_is_a_401(http):
    for value in ("Bearer x", "Bearer a.b.c", "Basic abc", "Bearer "):
        answer = await http.get("/v1/me", headers={"Authorization": value})
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_members_session_ends_after_ninety_idle_days(http, make_member, sign_in_member, clock):
    me = await sign_in_member(await make_member())
    clock.move(days=90)
    assert (await refresh(http, me.refresh_token)).json()["code"] == "session_ended"
