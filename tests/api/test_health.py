"""The API says how it is."""

from __future__ import annotations

import httpx

from api.version import VERSION


async def test_health_names_the_database_and_the_version(http: httpx.AsyncClient):
    answer = await http.get("/v1/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "version": VERSION}


async def test_health_is_503_when_the_database_is_away(http: httpx.AsyncClient, app):
    app.state.database.pool.terminate()
    answer = await http.get("/v1/health")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unavailable"
    assert answer.headers["retry-after"]
