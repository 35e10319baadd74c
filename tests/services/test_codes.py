"""Codes are shown so that scanners read them, and read so that people are not mistaken for scanners."""

from __future__ import annotations

import io
import random
import string
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from contract import member_code
from contract.members import CodeSecret
from services import code128
from services.codes import code128_png, qr_png, shown_code
from services.scanning import WedgeReader, zxing_decoder

SECRET = CodeSecret(member_number="4821903117", secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", device_id="d1")
AT = datetime(2026, 3, 10, 15, 0, 10, tzinfo=UTC)


def test_a_shown_code_is_the_one_of_its_step_and_counts_down():
    shown = shown_code(SECRET, AT)
    step = member_code.step_at(AT.timestamp())
    assert shown.text == member_code.make(SECRET.member_number, SECRET.secret, step).text
    assert shown.digits == shown.text.removeprefix("KIERTO")
    assert shown.grouped.replace(" ", "") == shown.digits
    assert (shown.seconds_left, shown.period) == (22.0, 30)
    later = shown_code(SECRET, AT + timedelta(seconds=22))
    assert later.text != shown.text
    assert later.seconds_left == 30.0


def test_a_code_is_never_of_a_step_that_the_api_has_not_reached():
    for offset in range(60):
        at = AT + timedelta(seconds=offset)
        now = member_code.step_at(at.timestamp())
        fast = shown_code(SECRET, at + timedelta(seconds=1.5))  # a clock that is a little fast
        steps = [member_code.make(SECRET.member_number, SECRET.secret, step).text for step in (now, now - 1)]
        assert fast.text in steps


@pytest.mark.parametrize("picture", [qr_png, code128_png])
def test_a_scanner_reads_what_is_shown(picture):
    decoder = zxing_decoder()
    for offset in range(20):
        text = shown_code(SECRET, AT + timedelta(minutes=offset)).text
        assert decoder.decode(picture(text)) == text


def test_a_photo_of_the_screen_is_read_too():
    text = shown_code(SECRET, AT).text
    screen = Image.open(io.BytesIO(qr_png(text, scale=12))).convert("RGB")
    photo = Image.new("RGB", (1920, 1440), "#554433")
    photo.paste(screen.rotate(7, expand=True, fillcolor="#ffffff"), (600, 400))
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=60)
    assert zxing_decoder().decode(out.getvalue()) == text


@pytest.mark.parametrize("picture", [b"", b"no picture", b"\xff\xd8\xff\xe0broken", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_has_no_code(picture):
    assert zxing_decoder().decode(picture) is None


def test_a_picture_without_a_code_has_none():
    out = io.BytesIO()
    Image.new("L", (640, 480), 128).save(out, "JPEG")
    assert zxing_decoder().decode(out.getvalue()) is None


def test_code_128_carries_any_printable_ascii_and_packs_digits():
    decoder = zxing_decoder()
    chosen = random.Random(7)  # noqa: S311 - a test that repeats
    for length in (1, 2, 5, 12, 25):
        text = "".join(chosen.choice(string.ascii_letters + string.digits * 5 + " -./+") for _ in range(length)).strip()
        text = text or "x"
        assert decoder.decode(code128_png(text)) == text
    assert len(code128.symbols("KIERTO" + "1" * 19)) == 1 + 6 + 1 + 1 + 9 + 1
    for wrong in ("", "ä", "a\n"):
        with pytest.raises(ValueError, match="printable ASCII"):
            code128.symbols(wrong)


def typed(reader: WedgeReader, text: str, gap: float, start: float = 0.0) -> str | None:
    found = None
    for place, char in enumerate([*text, "Enter"]):
        found = reader.feed(char, start + place * gap) or found
    return found


def test_fast_keys_that_end_with_enter_are_a_scan():
    reader = WedgeReader()
    text = shown_code(SECRET, AT).text
    assert typed(reader, text, 0.004) == text
    assert typed(reader, text, 0.030, start=10) == text


def test_a_person_who_types_is_no_scan():
    assert typed(WedgeReader(), "4821903117550218343", 0.12) is None


def test_a_scan_after_a_few_typed_keys_is_read_alone():
    reader = WedgeReader()
    for place, char in enumerate("ab"):
        assert reader.feed(char, place * 0.2) is None
    assert typed(reader, "KIERTO1234567", 0.005, start=1.0) == "KIERTO1234567"


def test_a_short_burst_or_a_late_enter_is_no_scan():
    reader = WedgeReader()
    assert typed(reader, "abc", 0.005) is None
    for place, char in enumerate("KIERTO1234567"):
        reader.feed(char, 5 + place * 0.005)
    assert reader.feed("Enter", 6.0) is None
    assert reader.feed("Shift", 6.1) is None
