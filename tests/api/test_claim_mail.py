"""A claim's answer comes by mail, in the member's language, to who wants it."""

from __future__ import annotations

import httpx

from api.app import create_app
from api.settings import load_settings
from tests.api.test_sign_in_mail import smtp
from tests.support import people, shopping
from tests.support.fixtures import SECRET_KEY

__all__ = ["smtp"]
CLAIM = {"kind": "missing", "store_id": "centro", "day": "2026-03-09", "total": 8_000}


async def test_the_answer_to_a_claim_comes_by_mail_in_the_members_language(smtp, connections, clock, tmp_path):
    controller, postbox = smtp
    settings = load_settings(
        _env_file=None,
        data_dir=tmp_path,
        secret_key=SECRET_KEY,
        smtp_url=f"smtp://127.0.0.1:{controller.port}",
        mail_from="Aurora <hello@example.com>",
    )
    app = create_app(settings, clock=clock, connections=connections)
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        database = app.state.database
        ana = await people.make_member(database, clock, contact="ana@example.com", language="fi")
        await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
        me = await people.sign_in_member(app, ana)
        manager = await people.sign_in_staff(app, await people.make_staff(database, clock, role="manager"))
        answers = [{"accepted": True}, {"accepted": False, "reason": "not_found", "words": "Kysy <kassalta>."}]
        postbox.mails.clear()
        for number, answer in enumerate([answers[1], *answers]):
            if number == 1:  # from now on she wants to hear of it
                yes = [{"channel": "email", "purpose": "feedback", "granted": True}]
                await http.put("/v1/me/consents", json={"choices": yes}, headers=me.headers)
            made = await http.post(
                "/v1/me/claims",
                json={**CLAIM, "receipt_number": f"C-{number}"},
                headers={**me.headers, "Idempotency-Key": f"k{number}"},
            )
            for _ in range(2):  # a second answer, for one that was lost, is no second mail
                decided = await http.post(
                    f"/v1/programme/claims/{made.json()['claim_id']}/decision",
                    json=answer,
                    headers={**manager.headers, "Idempotency-Key": f"d{number}"},
                )
                assert decided.status_code == 200, decided.text
    assert [to for to, _ in postbox.mails] == [["ana@example.com"]] * 2
    accepted, refused = (mail for _, mail in postbox.mails)
    assert accepted["Subject"] == "Pyyntösi hyväksyttiin: Aurora Mercado"
    assert "Saat siitä 4,00 R$." in accepted.get_body(("plain",)).get_content().replace("\N{NO-BREAK SPACE}", " ")
    plain, html = (refused.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Myymälästä ei löytynyt kuittia tällä numerolla." in plain
    assert "“Kysy <kassalta>.”" in plain
    assert "Kysy &lt;kassalta&gt;." in html
