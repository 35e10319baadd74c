"""Whatever is sent to any route: no 500, and answers as the OpenAPI document says."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

EXAMPLES = 8
_ENDLESS = "/v1/me/events"  # a stream does not come to an end by itself
_ENDS_THE_SESSION = "/v1/sign-out"


@pytest.fixture
async def tokens(make_member, make_staff, sign_in_member, sign_in_staff) -> dict[str, str]:
    member = await sign_in_member(await make_member(contact="ana@example.com"))
    staff = await sign_in_staff(await make_staff(role="manager"))
    return {"member": member.access_token, "staff": staff.access_token}


async def test_no_input_breaks_a_route(app, http: httpx.AsyncClient, tokens):
    loop = asyncio.get_running_loop()
    document = (await http.get("/v1/openapi.json")).json()
    schema = schemathesis.openapi.from_dict(document)
    failures: list[str] = []
    for each in schema.get_all_operations():
        operation = each.ok()
        if operation.path in (_ENDLESS, _ENDS_THE_SESSION):
            continue
        bearer = tokens["staff" if "/till/" in operation.path or "/programme/" in operation.path else "member"]

        def send(case: Any, bearer: str = bearer) -> httpx.Response:
            arguments = case.as_transport_kwargs(base_url="http://kierto.test")
            arguments["headers"] = {**dict(arguments.get("headers") or {}), "Authorization": f"Bearer {bearer}"}
            if isinstance(arguments.get("data"), bytes | str):
                arguments["content"] = arguments.pop("data")
            if arguments.get("files"):
                arguments["files"] = _parts(arguments["files"])
            request = http.build_request(**{k: v for k, v in arguments.items() if k in _TAKEN})
            request.read()  # schemathesis reports what was sent
            return asyncio.run_coroutine_threadsafe(http.send(request), loop).result(30)

        error = await asyncio.to_thread(_fuzz, operation, send)
        if error:
            failures.append(f"{operation.method.upper()} {operation.path}: {error}")
    assert not failures, "\n\n".join(failures)


def _parts(files: Any) -> list[tuple[str, tuple[str, bytes]]]:
    """Parts of a form, whatever was generated as one."""
    pairs = files.items() if isinstance(files, dict) else files
    contents = [(name, part[1] if isinstance(part, tuple) else part) for name, part in pairs]
    return [(name, ("file.csv", part if isinstance(part, bytes) else str(part).encode())) for name, part in contents]


_TAKEN = {"method", "url", "params", "headers", "json", "data", "content", "files"}
_CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


def _fuzz(operation: Any, send: Any) -> str | None:
    @seed(20260310)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        answer = send(case)
        case.validate_response(schemathesis.Response.from_httpx(answer, verify=False), checks=_CHECKS)

    try:
        check()
    except BaseException as error:  # hypothesis raises groups; all are told at the end
        return f"{type(error).__name__}: {error}"[:1500]
    return None
