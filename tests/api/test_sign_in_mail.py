"""One-time codes go out over SMTP, and to phones by a gateway, where one is set."""

from __future__ import annotations

import email
import logging
import re
import socket
from email import policy

import httpx
import pytest
from aiosmtpd.controller import Controller
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.app import create_app
from api.mail.one_time_code import one_time_code_mail
from api.mail.sender import NoMail, SmtpSender
from api.mail.texting import ByContact, NoTexts, SmsGateway
from api.settings import load_settings
from tests.support import people
from tests.support.fixtures import SECRET_KEY
from tests.views.host_wire import listening


class Postbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def smtp():
    postbox = Postbox()
    with socket.socket() as probe:  # the controller looks for itself at the port that it was given: 0 will not do
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=free)
    controller.start()
    yield controller, postbox
    controller.stop()


async def test_a_code_arrives_over_smtp_and_signs_in(smtp, connections, clock, tmp_path):
    controller, postbox = smtp
    port = controller.port
    settings = load_settings(
        _env_file=None,
        data_dir=tmp_path,
        secret_key=SECRET_KEY,
        smtp_url=f"smtp://127.0.0.1:{port}",
        mail_from="Aurora <hello@example.com>",
    )
    app = create_app(settings, clock=clock, connections=connections)
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        await people.make_programme(app.state.database, clock)
        request = {"contact": "Ana@Example.com", "language": "pt-BR"}
        assert (await http.post("/v1/sign-in/code", json=request)).status_code == 202
        (recipients, mail), *others = postbox.mails
        assert not others
        assert recipients == ["ana@example.com"]
        assert mail["From"] == "Aurora <hello@example.com>"
        assert "código" in mail["Subject"]
        plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        code = re.search(r"\b\d{6}\b", plain)[0]
        assert code in html
        answer = await http.post(
            "/v1/sign-in",
            json={"method": "code", "contact": "ana@example.com", "code": code, "joining": {"terms_version": 1}},
        )
        assert answer.status_code == 200
        assert (await http.get("/demo/inbox")).status_code == 404
        assert (await http.get("/v1/demo/personas")).status_code == 404


async def test_a_mail_server_that_is_away_is_logged_without_the_contact(clock, caplog):
    with caplog.at_level(logging.ERROR):
        sender = SmtpSender("smtp://127.0.0.1:1", "Aurora <hello@example.com>")
        await sender.send(one_time_code_mail("ana@example.com", "123456", "Aurora", "en", clock.now()))
    assert "127.0.0.1:1" in caplog.text
    assert "ana@example.com" not in caplog.text
    assert "123456" not in caplog.text


async def test_without_mail_the_start_says_so_and_the_answer_is_the_same(connections, clock, tmp_path, caplog):
    settings = load_settings(_env_file=None, data_dir=tmp_path, secret_key=SECRET_KEY, demo="false")
    app = create_app(settings, clock=clock, connections=connections)
    transport = httpx.ASGITransport(app=app)
    with caplog.at_level(logging.WARNING):
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://t") as http,
        ):
            assert isinstance(app.state.mail, NoMail)
            assert "KIERTO_SMTP_URL" in caplog.text
            await people.make_programme(app.state.database, clock)
            assert (await http.post("/v1/sign-in/code", json={"contact": "a@example.com"})).status_code == 202


@pytest.fixture
async def gateway():
    """A gateway that takes messages over HTTP, or refuses them all."""
    taken, answers = [], [200]

    async def take(request: Request) -> Response:
        taken.append((request.headers.get("Authorization"), await request.json()))
        return Response(status_code=answers[0], headers={"Location": "/elsewhere"})

    async def elsewhere(request: Request) -> Response:
        taken.append((request.headers.get("Authorization"), request.method))
        return Response()

    routes = [Route("/messages", take, methods=["POST"]), Route("/elsewhere", elsewhere)]
    async with listening(Starlette(routes=routes)) as here:
        yield here, taken, answers


async def test_a_code_for_a_phone_goes_out_as_a_text_message_and_signs_in(gateway, connections, clock, tmp_path):
    here, taken, _ = gateway
    url = f"http://us%40er:secret@127.0.0.1:{here.port}/messages"
    settings = load_settings(_env_file=None, data_dir=tmp_path, secret_key=SECRET_KEY, sms_url=url)
    app = create_app(settings, clock=clock, connections=connections)
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        await people.make_programme(app.state.database, clock)
        request = {"contact": "+55 (11) 91234-5678", "language": "pt-BR"}
        assert (await http.post("/v1/sign-in/code", json=request)).status_code == 202
        ((signed, message),) = taken
        assert signed == httpx.BasicAuth("us@er", "secret")._auth_header
        assert message["to"] == "+5511912345678"
        assert message["text"].endswith("é o seu código do Aurora Mercado")
        code = re.search(r"\b\d{6}\b", message["text"])[0]
        joining = {"method": "code", "contact": "+5511912345678", "code": code, "joining": {"terms_version": 1}}
        assert (await http.post("/v1/sign-in", json=joining)).status_code == 200


@pytest.mark.parametrize("away", ["refused", "moved", "gone"])
async def test_a_gateway_that_takes_nothing_is_logged_without_the_number(gateway, clock, caplog, away):
    here, taken, answers = gateway
    answers[0] = 302 if away == "moved" else 500
    port = 1 if away == "gone" else here.port
    with caplog.at_level(logging.ERROR):
        sender = SmsGateway(f"http://user:secret@127.0.0.1:{port}/messages")
        await sender.send(one_time_code_mail("+5511912345678", "123456", "Aurora", "en", clock.now()))
    assert len(taken) == (away != "gone"), "and nobody else is asked"
    assert "could not be sent over 127.0.0.1" in caplog.text
    for secret in ("5511912345678", "123456", "secret"):
        assert secret not in caplog.text


async def test_without_a_gateway_a_text_message_is_said_not_to_be_sent(clock, caplog):
    posted = []

    class Mailed:
        async def send(self, mail) -> None:
            posted.append(mail.to)

    sender = ByContact(Mailed(), NoTexts())
    for contact in ("ana@example.com", "+5511912345678"):
        await sender.send(one_time_code_mail(contact, "123456", "Aurora", "en", clock.now()))
    assert posted == ["ana@example.com"]
    assert "KIERTO_SMS_URL is not set" in caplog.text
    assert "5511912345678" not in caplog.text
