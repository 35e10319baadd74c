"""An open app hears at once that its wallet has changed."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, asynccontextmanager, nullcontext
from uuid import uuid4

import asyncpg
import httpx
import pytest
import uvicorn

from api.app import create_app
from api.core.hub import PER_MEMBER, Hub, TooManyStreams


@asynccontextmanager
async def served(app):
    """A real server on a free port: a stream in process would never come to an end."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, lifespan="off", log_level="critical", timeout_graceful_shutdown=2)
    )
    server.capture_signals = nullcontext
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


async def next_data(lines) -> str:
    async for line in lines:
        if line.startswith("data:"):
            return line
    return ""


async def test_a_change_reaches_the_open_stream_and_signing_out_ends_it(app, make_member, sign_in_member):
    me = await sign_in_member(await make_member())
    member_id = await app.state.database.fetchval("select member_id from session")
    async with served(app) as address, httpx.AsyncClient(base_url=address) as http:  # noqa: SIM117 - reads better
        async with http.stream("GET", "/v1/me/events", headers=me.headers) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = stream.aiter_lines()
            await anext(lines)  # it is open
            app.state.hub.publish(member_id, 7)
            said = await asyncio.wait_for(next_data(lines), 5)
            assert said == 'data: {"version":7,"kind":"changed"}'
            await http.post("/v1/sign-out", headers=me.headers)
            rest = await asyncio.wait_for(next_data(lines), 5)
            assert rest == "", "the stream has ended"


async def test_a_change_in_one_process_reaches_a_stream_in_another(
    app, settings, connections, clock, make_member, sign_in_member
):
    member = await make_member()
    other = create_app(settings, clock=clock, connections=connections)
    async with other.router.lifespan_context(other):
        with other.state.hub.subscribe(member.member_id, uuid4()) as subscription:
            versions = aiter(subscription)
            app.state.hub.publish(member.member_id, 3)
            assert await asyncio.wait_for(anext(versions), 5) == 3


async def test_a_lost_connection_between_processes_is_made_again_and_apps_look_for_themselves(
    app, database, connections, make_member
):
    member = await make_member()
    with app.state.hub.subscribe(member.member_id, uuid4()) as subscription:
        versions = aiter(subscription)
        owner = await asyncpg.connect(connections.owner_dsn)
        await owner.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'kierto-signals' and datname = current_database()"
        )
        await owner.close()
        assert await asyncio.wait_for(anext(versions), 10) == 0


async def test_a_slow_stream_hears_the_newest_version_once():
    hub, member = Hub(), uuid4()
    with hub.subscribe(member, uuid4()) as subscription:
        for version in (1, 3, 2):
            hub.publish(member, version)
        hub.close()
        assert [version async for version in subscription] == [3]


async def test_a_member_holds_ten_streams_at_most():
    hub, member = Hub(), uuid4()
    with ExitStack() as stack:
        for _ in range(PER_MEMBER):
            stack.enter_context(hub.subscribe(member, uuid4()))
        assert not hub.has_room(member)
        with pytest.raises(TooManyStreams), hub.subscribe(member, uuid4()):
            pass
        with hub.subscribe(uuid4(), uuid4()):
            pass
    assert hub.has_room(member)


async def test_streams_are_refused_beyond_ten(app, http, make_member, sign_in_member):
    me = await sign_in_member(await make_member())
    member_id = await app.state.database.fetchval("select member_id from session")
    with ExitStack() as stack:
        for _ in range(PER_MEMBER):
            stack.enter_context(app.state.hub.subscribe(member_id, uuid4()))
        answer = await http.get("/v1/me/events", headers=me.headers)
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_requests"
