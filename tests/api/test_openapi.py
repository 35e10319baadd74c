"""The OpenAPI document is complete with its problems."""

from __future__ import annotations

import tomllib
from pathlib import Path

from api.version import VERSION


async def test_every_route_names_its_problems(http):
    document = (await http.get("/v1/openapi.json")).json()
    assert document["info"]["version"] == VERSION
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in str(document)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            answers = operation["responses"]
            assert {"422", "500", "503"} <= set(answers), f"{method} {path}"
            if operation.get("security"):
                assert {"401", "403"} <= set(answers), f"{method} {path}"
            if "requestBody" in operation:
                assert {"413", "415"} <= set(answers), f"{method} {path}"
            for status, answer in answers.items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], f"{method} {path} {status}"


async def test_the_contracts_routes_are_there(http):
    paths = set((await http.get("/v1/openapi.json")).json()["paths"])
    assert {"/v1/sign-in", "/v1/sign-in/code", "/v1/sign-in/refresh", "/v1/sign-out", "/v1/health"} <= paths
    assert {"/v1/me", "/v1/me/changes", "/v1/me/events", "/v1/me/offers", "/v1/me/purchases"} <= paths
    assert {"/v1/till/identify", "/v1/till/quotes", "/v1/till/purchases"} <= paths


async def test_no_page_of_documentation_loads_scripts_from_elsewhere(http):
    for path in ("/v1/docs", "/docs", "/redoc"):
        assert (await http.get(path)).status_code == 404


def test_the_version_is_the_projects():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION
