"""Members sign in with a one-time code, staff with a PIN."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest


def newest_code(app) -> str:
    """The six digits of the newest mail."""
    return re.search(r"\b\d{6}\b", app.state.mail.mails[0].text)[0]


JOINING = {"terms_version": 1}


async def sign_in(http: httpx.AsyncClient, app, contact: str) -> httpx.Response:
    assert (await http.post("/v1/sign-in/code", json={"contact": contact})).status_code == 202
    body = {"method": "code", "contact": contact, "code": newest_code(app), "joining": JOINING}
    return await http.post("/v1/sign-in", json=body)


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


async def test_who_is_new_accepts_the_terms_first_and_the_code_stays_good(http, app, programme, database):
    await http.post("/v1/sign-in/code", json={"contact": "new@example.com"})
    body = {"method": "code", "contact": "new@example.com", "code": newest_code(app), "language": "pt-BR"}
    for joining in ({}, {"joining": {"terms_version": 7}}):
        told = await http.post("/v1/sign-in", json={**body, **joining})
        assert (told.status_code, told.json()["code"], told.json()["params"]) == (
            409,
            "terms_required",
            {"terms_version": 1},
        )
    assert await database.fetchval("select count(*) from member") == 0, "nobody is a member who has not accepted"
    terms = (await http.get("/v1/sign-in/terms", params={"language": "pt-BR"})).json()
    assert (terms["version"], terms["language"]) == (1, "pt-BR")
    assert "Aurora Mercado devolve" in terms["text"]
    choices = [{"channel": "email", "purpose": "news", "granted": True}]
    joining = {"terms_version": 1, "name": " Nova ", "choices": choices, "use_history": False}
    joined = await http.post("/v1/sign-in", json={**body, "joining": joining})
    assert (joined.json()["member"]["name"], joined.json()["member"]["language"]) == ("Nova", "pt-BR")
    said = await database.fetch("select channel, purpose, granted, language from consent order by channel desc")
    assert [tuple(row) for row in said] == [("email", "news", True, "pt-BR"), ("app", "history", False, "pt-BR")]
    assert await database.fetchval("select use_history from member") is False
    assert await database.fetchval("select version from terms_acceptance") == 1


async def test_a_wrong_code_says_the_same_of_known_and_unknown_contacts(http, app, make_member):
    member = await make_member(contact="known@example.com")
    told = []
    for contact in (member.contact, "unknown@example.com"):
        await http.post("/v1/sign-in/code", json={"contact": contact})
        answer = await http.post(
            "/v1/sign-in", json={"method": "code", "contact": contact, "code": another(newest_code(app))}
        )
        told.append((answer.status_code, answer.json()["code"], answer.json()["detail"]))
    assert told[0] == told[1]


async def test_terms_of_its_own_are_shown_in_the_language_that_is_nearest(http, database, programme, clock):
    texts = {"en": "Our terms", "fi": "Ehdot"}
    await database.execute("update programme set terms_version = 2")
    await database.execute(
        "insert into programme_terms values ($1, 2, $2, $3)", programme.programme_id, texts, clock.now()
    )
    for asked, shown in (("fi", "Ehdot"), ("ru", "Our terms")):
        terms = (await http.get("/v1/sign-in/terms", params={"language": asked})).json()
        assert (terms["version"], terms["text"]) == (2, shown)


async def test_asking_for_a_code_answers_alike_for_known_and_unknown_contacts(http, app, make_member):
    member = await make_member(contact="known@example.com", language="pt-BR")
    answers = [
        await http.post("/v1/sign-in/code", json={"contact": contact, "language": "en"})
        for contact in (member.contact, "unknown@example.com")
    ]
    assert {answer.status_code for answer in answers} == {202}
    assert answers[0].json() == answers[1].json() == {}
    known_mail, unknown_mail = reversed(app.state.mail.mails)
    assert "Seu código" in known_mail.text, "a member's own language"
    assert "Your code" in unknown_mail.text
    assert newest_code(app) in unknown_mail.html


async def test_a_new_code_replaces_the_one_before(http, app, programme):
    await http.post("/v1/sign-in/code", json={"contact": "a@example.com"})
    first = newest_code(app)
    await http.post("/v1/sign-in/code", json={"contact": "a@example.com"})
    second = newest_code(app)
    if first != second:
        await expect_code(http, first, 401)
    await expect_code(http, second, 200)
    await expect_code(http, second, 401)


async def expect_code(http, code: str, status: int, contact: str = "a@example.com") -> dict:
    body = {"method": "code", "contact": contact, "code": code, "joining": JOINING}
    answer = await http.post("/v1/sign-in", json=body)
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["code"] == "sign_in_code_wrong"
    return answer.json()


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_code_takes_five_attempts_in_all(http, app, programme):
    await http.post("/v1/sign-in/code", json={"contact": "a@example.com"})
    code = newest_code(app)
    for _ in range(5):
        await expect_code(http, another(code), 401)
    await expect_code(http, code, 401)


async def test_a_code_is_over_after_ten_minutes(http, app, programme, clock):
    await http.post("/v1/sign-in/code", json={"contact": "a@example.com"})
    clock.move(minutes=10)
    await expect_code(http, newest_code(app), 401)


async def test_more_codes_than_five_an_hour_are_not_sent_and_nobody_is_told(http, app, programme, clock):
    for _ in range(7):
        assert (await http.post("/v1/sign-in/code", json={"contact": "a@example.com"})).status_code == 202
    assert len(app.state.mail.mails) == 5
    await expect_code(http, newest_code(app), 200)
    clock.move(hours=1)
    await http.post("/v1/sign-in/code", json={"contact": "a@example.com"})
    assert len(app.state.mail.mails) == 6


@pytest.fixture
def three_codes(app):
    """Three codes an hour and address, as KIERTO_CODES_PER_ADDRESS says."""
    app.state.settings = app.state.settings.model_copy(update={"codes_per_address": 3})


async def test_one_address_gets_so_many_codes_an_hour_and_is_told_when_more(
    http, app, programme, clock, three_codes, caplog
):
    for n in range(3):
        clock.move(minutes=10)
        assert (await http.post("/v1/sign-in/code", json={"contact": f"m{n}@example.com"})).status_code == 202
    for contact in ("m0@example.com", "new@example.com"):
        answer = await http.post("/v1/sign-in/code", json={"contact": contact})
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
        assert answer.json()["params"] == {"seconds": 40 * 60, "of": "network"}
        assert answer.headers["Retry-After"] == str(40 * 60), "the hour began with the first"
    assert len(app.state.mail.mails) == 3
    assert "more than 3 codes an hour" in caplog.text
    clock.move(minutes=40)
    await expect_code(http, await ask(http, app, "new@example.com"), 200, "new@example.com")


async def ask(http, app, contact: str) -> str:
    assert (await http.post("/v1/sign-in/code", json={"contact": contact})).status_code == 202
    return newest_code(app)


async def test_a_phone_number_is_one_contact_however_it_is_typed(http, app, programme):
    await http.post("/v1/sign-in/code", json={"contact": "0055 (11) 91234-5678"})
    session = await expect_code(http, newest_code(app), 200, "+55 11 91234 5678")
    assert session["member"]["phone"] == "+5511912345678"
    assert session["member"]["email"] is None


async def test_a_contact_that_is_none_is_refused_with_its_field(http, programme):
    for contact in ("nobody", "a@b", "a b@example.com", "+12", "11 91234 5678"):
        answer = await http.post("/v1/sign-in/code", json={"contact": contact})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "contact"


async def test_two_devices_joining_at_once_make_one_member(http, app, programme, database):
    await http.post("/v1/sign-in/code", json={"contact": "a@example.com"})
    body = {"method": "code", "contact": "a@example.com", "code": newest_code(app), "joining": JOINING}
    answers = await asyncio.gather(*(http.post("/v1/sign-in", json=body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    assert await database.fetchval("select count(*) from member") == 1
