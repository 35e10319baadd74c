"""The demo's people, by the API: what a test needs of them beside their screens."""

from __future__ import annotations

import io
import time
from pathlib import Path

import httpx
import numpy as np
import segno
from PIL import Image

from contract import member_code
from contract.sign_in import Session


def _asking(url: str) -> httpx.AsyncClient:
    """Asks again where no connection comes about, as a device does."""
    return httpx.AsyncClient(base_url=url, timeout=30, transport=httpx.AsyncHTTPTransport(retries=5))


async def sign_in(url: str, persona: str) -> Session:
    """A new device of one of the demo's people."""
    async with _asking(url) as http:
        answer = await http.post("/v1/demo/sign-in", json={"persona": persona, "device_name": "e2e"})
        answer.raise_for_status()
        return Session.model_validate_json(answer.content)


async def speak(url: str, persona: str, language: str) -> None:
    """One of the demo's shoppers chooses a language: what the API words for her is in it from then on."""
    session = await sign_in(url, persona)
    async with _asking(url) as http:
        bearer = {"Authorization": f"Bearer {session.access_token}"}
        (await http.patch("/v1/me", json={"language": language}, headers=bearer)).raise_for_status()


def code_now(session: Session) -> str:
    """What this device shows at this moment."""
    secret, profile = session.code_secret, session.member
    assert secret is not None
    assert profile is not None
    code = member_code.make(secret.member_number, secret.secret, member_code.step_at(time.time()))
    return code.text


async def purchases(url: str, session: Session) -> list[dict]:
    """The member's purchases as the API has them."""
    return await _items(url, session, "/v1/me/purchases")


async def offers(url: str, session: Session) -> list[dict]:
    """The member's offers as the API has them."""
    return await _items(url, session, "/v1/me/offers")


async def _items(url: str, session: Session, path: str) -> list[dict]:
    async with _asking(url) as http:
        answer = await http.get(path, headers={"Authorization": f"Bearer {session.access_token}"})
        answer.raise_for_status()
        return answer.json()["items"]


def film(text: str, path: Path, width: int = 640, height: int = 480) -> Path:
    """A video of a screen that shows the QR of ``text``, for Chromium to take for a camera (y4m, five frames)."""
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="png", scale=8, border=4)
    code = Image.open(picture).convert("L")
    size = height * 6 // 10
    noise = np.random.default_rng(1)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420jpeg\n".encode())
        for frame in range(5):
            still = Image.fromarray(noise.integers(100, 140, (height, width), dtype=np.uint8))
            turned = code.resize((size, size)).rotate(2 * frame - 4, expand=True, fillcolor=120)
            still.paste(turned, (width // 4 + 4 * frame, height // 6))
            out.write(b"FRAME\n" + still.tobytes() + bytes([128]) * (width * height // 2))
    return path


def now() -> float:
    """Seconds since 1970: these tests run by the real clock, as the server does."""
    return time.time()
