"""Members sign in with a one-time code, staff with a PIN."""

from __future__ import annotations

import re

import httpx


def newest_code(app) -> str:
    """The six digits of the newest mail."""
    return re.search(r"\b\d{6}\b", app.state.mail.mails[0].text)[0]


async def sign_in(http: httpx.AsyncClient, app, contact: str) -> httpx.Response:
    assert (await http.post("/v1/sign-in/code", json={"contact": contact})).status_code == 202
    return await http.post("/v1/sign-in", json={"method": "code", "contact": contact, "code": newest_code(app)})


async def test_an_unknown_contact_with_the_right_code_joins(http, app, programme):
    answer = await sign_in(http, app, " Ana.Souza@Example.com ")
    assert answer.status_code == 200
    session = answer.json()
    assert session["kind"] == "member"
    assert session["expires_in"] == 600
    assert session["member"]["email"] == "ana.souza@example.com"
    assert session["member"]["wallet"]["available"] == {"amount": 0, "currency": "BRL"}
    assert len(session["code_secret"]["member_number"]) == 10
    again = (await sign_in(http, app, "ana.souza@example.com")).json()
    assert again["member"]["member_id"] == session["member"]["member_id"]
    assert again["code_secret"]["secret"] != session["code_secret"]["secret"]
