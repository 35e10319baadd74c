"""Routes that are served directly answer as FastAPI's own way does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Response

from api.core.direct import DirectRoutes, direct
from tests.support.shopping import line

BUSIEST = [("POST", "/v1/till/purchases"), ("POST", "/v1/till/quotes"), ("GET", "/v1/me"), ("GET", "/v1/me/changes")]


@pytest.fixture
async def till(make_staff, sign_in_staff):
    return await sign_in_staff(await make_staff())


@pytest.fixture
def bought(clock) -> dict[str, Any]:
    return {"store_id": "centro", "at": clock.now().isoformat(), "receipt_number": "R-1", "lines": [line()]}


async def test_the_busiest_routes_are_served_directly_and_declared_as_all_others(app):
    for method, path in BUSIEST:
        assert (method, path) in app.state.direct
        assert method.lower() in app.openapi()["paths"][path]


async def test_what_is_not_in_order_is_refused_as_ever(http, till, bought):
    sound = {**till.headers, "Idempotency-Key": "k", "Content-Type": "application/json"}
    content = json.dumps({**bought, "identification": "none"}).encode()
    unsound: list[tuple[bytes, dict[str, str], int, str]] = [
        (b"{", {}, 422, "body"),
        (b"null", {}, 422, "body"),
        (b"{}", {}, 422, "store_id"),
        (content, {"Content-Type": "text/plain"}, 415, "application/json"),
        (content, {"Authorization": "Bearer none"}, 401, "access token"),
        (content, {"Authorization": ""}, 401, "Sign in"),
        (content, {"Idempotency-Key": "x" * 200}, 422, "Idempotency-Key"),
        (content, {}, 409, "scanned"),
    ]
    for body, headers, status, said in unsound:
        answer = await http.post("/v1/till/purchases", content=body, headers={**sound, **headers})
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert said in answer.text


async def test_a_body_may_come_in_pieces(http, till, bought):
    async def pieces(content: bytes):
        for n in range(0, len(content), 20):
            yield content[n : n + 20]

    sent, sound = {**till.headers, "Content-Type": "application/json"}, json.dumps(bought).encode()
    whole = await http.post("/v1/till/quotes", content=sound, headers=sent)
    assert whole.status_code == 200, whole.text
    assert (await http.post("/v1/till/quotes", content=pieces(sound), headers=sent)).json() == whole.json()
    unsound = await http.post("/v1/till/quotes", content=pieces(b'{"lines": [' + b" " * 40 + b"]}"), headers=sent)
    assert unsound.status_code == 422


async def test_an_endpoint_that_asks_for_more_cannot_be_marked():
    router = APIRouter()

    @router.get("/things/{thing}")
    @direct
    async def read_thing(thing: str) -> Response:
        return Response(thing)

    with pytest.raises(TypeError, match="cannot be served directly"):
        DirectRoutes(FastAPI()).add(router, "/v1")
