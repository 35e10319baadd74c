"""Demo mode: be someone in one tap, and read the mails that were "sent"."""

from __future__ import annotations


async def test_personas_sign_in_without_a_code_or_a_pin(http, make_member, make_staff, programme):
    await make_member(contact="ana@example.com", name="Ana Souza", programme=programme)
    await make_staff(staff_number="1001", programme=programme)
    personas = (await http.get("/v1/demo/personas")).json()["items"]
    assert [each["persona"] for each in personas] == ["ana", "bruno", "leo", "rosa", "marta"]
    ana = (await http.post("/v1/demo/sign-in", json={"persona": "ana"})).json()
    assert ana["member"]["name"] == "Ana Souza"
    assert ana["code_secret"]["secret"]
    leo = (await http.post("/v1/demo/sign-in", json={"persona": "leo", "device_name": "till 1"})).json()
    assert leo["staff"]["store_id"] == "centro"
    headers = {"Authorization": f"Bearer {ana['access_token']}"}
    assert (await http.get("/v1/me", headers=headers)).json()["member_id"] == ana["member"]["member_id"]


async def test_an_unknown_persona_and_one_that_is_not_there_yet(http, programme):
    assert (await http.post("/v1/demo/sign-in", json={"persona": "zoe"})).status_code == 404
    assert (await http.post("/v1/demo/sign-in", json={"persona": "ana"})).status_code == 503


async def test_the_inbox_shows_mails_newest_first_and_escaped(http, app, programme, database):
    assert "Nothing has been sent yet" in (await http.get("/demo/inbox")).text
    await database.execute("update programme set name = '<b>Aurora</b>'")
    for contact in ("first@example.com", "second@example.com"):
        await http.post("/v1/sign-in/code", json={"contact": contact})
    answer = await http.get("/demo/inbox")
    assert answer.headers["content-type"].startswith("text/html")
    page = answer.text
    assert page.index("second@example.com") < page.index("first@example.com")
    assert "<b>Aurora" not in page
    assert "&lt;b&gt;Aurora" in page
    assert "<script" not in page
    assert "src=" not in page
