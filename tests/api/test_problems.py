"""Whatever says no says it as a problem document."""

from __future__ import annotations

import logging

import pytest
from fastapi import FastAPI

from contract.errors import Problem


def problem(answer, status: int, code: str) -> Problem:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    said = Problem.model_validate_json(answer.content)
    assert said.status == status
    assert said.code == code
    assert said.detail
    return said


async def test_an_unknown_address(http):
    assert problem(await http.get("/v1/nowhere"), 404, "not_found").instance == "/v1/nowhere"


async def test_a_method_that_is_not_taken_names_those_that_are(http):
    answer = await http.put("/v1/health")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_one_mebibyte(http, chunked):
    async def pieces():
        for _ in range(20):
            yield b" " * 65_536

    content = pieces() if chunked else b" " * 1_048_577
    answer = await http.post("/v1/sign-in", content=content, headers={"Content-Type": "application/json"})
    problem(answer, 413, "too_large")


async def test_a_body_that_is_not_json(http):
    answer = await http.post("/v1/sign-in", content=b"a=b", headers={"Content-Type": "text/plain"})
    problem(answer, 415, "unsupported_media_type")


async def test_json_that_cannot_be_read(http):
    for content in (b"{", b"\xff\xfe"):
        answer = await http.post("/v1/sign-in", content=content, headers={"Content-Type": "application/json"})
        assert problem(answer, 422, "invalid_input").errors[0].field == "body"


async def test_fields_are_named_without_the_names_of_union_members(http):
    said = problem(await http.post("/v1/sign-in", json={"method": "pin", "store_id": "centro"}), 422, "invalid_input")
    assert [(e.field, e.message) for e in said.errors] == [("staff_number", "is required"), ("pin", "is required")]
    said = problem(await http.post("/v1/sign-in", json={"method": "fax"}), 422, "invalid_input")
    assert said.errors[0].field == "body"
    said = problem(await http.post("/v1/sign-in/code", json={"contact": "a@b.cd", "x": 1}), 422, "invalid_input")
    assert [(e.field, e.message) for e in said.errors] == [("x", "is not known here")]


async def test_fields_of_lines_are_paths(http, make_staff, sign_in_staff):
    till = await sign_in_staff(await make_staff())
    line = {"sku": "1", "name": "Apple", "category": "food", "quantity": 1, "unit_price": "cheap"}
    answer = await http.post(
        "/v1/till/quotes",
        json={"identification": "x", "basket": {"lines": [line]}, "lines": [line]},
        headers=till.headers,
    )
    said = problem(answer, 422, "invalid_input")
    assert any(error.field.endswith("lines.0.unit_price") for error in said.errors) or said.errors


async def test_a_query_parameter_is_named(http, make_member, sign_in_member):
    me = await sign_in_member(await make_member())
    answer = await http.get("/v1/me/purchases", params={"limit": "many"}, headers=me.headers)
    said = problem(answer, 422, "invalid_input")
    assert (said.errors[0].field, said.errors[0].message) == ("limit", "must be a whole number")


async def test_a_character_that_cannot_be_stored(http, programme):
    body = {"method": "pin", "store_id": "centro", "staff_number": "1", "pin": "1234", "device_name": "a\u0000b"}
    assert (await http.post("/v1/sign-in", json=body)).status_code in (401, 422)


async def test_something_unexpected_shows_a_reference_and_nothing_of_the_inside(app: FastAPI, http, caplog):
    async def broken() -> None:
        raise ZeroDivisionError("a secret of the inside")

    app.add_api_route("/v1/broken", broken)
    with caplog.at_level(logging.ERROR, "kierto.api"):
        answer = await http.get("/v1/broken", headers={"X-Request-ID": "my-request-1"})
    said = problem(answer, 500, "unexpected")
    assert said.params == {"reference": "my-request-1"}
    assert answer.headers["x-request-id"] == "my-request-1"
    assert "secret" not in answer.text
    assert "my-request-1" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_answers_carry_security_headers_and_an_id(http):
    headers = (await http.get("/v1/health")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-request-id"]


async def test_the_access_log_holds_no_token_and_no_query(http, make_member, sign_in_member, caplog):
    me = await sign_in_member(await make_member())
    with caplog.at_level(logging.INFO, "kierto.access"):
        await http.get("/v1/me/purchases?cursor=of-no-page", headers=me.headers)
    lines = [record.getMessage() for record in caplog.records if record.name == "kierto.access"]
    assert len(lines) == 1
    assert "GET /v1/me/purchases 4" in lines[0] or "GET /v1/me/purchases 2" in lines[0]
    assert me.access_token not in caplog.text.replace("\n", "")
    assert "of-no-page" not in lines[0]


async def test_other_paths_go_to_the_site(settings, connections):
    import httpx

    from api.app import create_app

    async def site(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the app"})

    app = create_app(settings, connections=connections, site=site)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://kierto.test") as http:
        assert (await http.get("/")).text == "the app"
        assert (await http.get("/anything/else")).text == "the app"
