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
from services.scanning import Keyed, KeyLog, is_member_code, product_code, zxing_decoder

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


RICE, GUM = "7891000100103", "96385074"


def keyed(text: str, gap: float = 0.004, *, rest: float | None = None, log: KeyLog | None = None) -> Keyed:
    log, at = log or KeyLog(), 100.0
    for char in text:
        at += gap
        assert log.feed(char, at) is None
    found = log.feed("Enter", at + (gap if rest is None else rest))
    assert found is not None
    return found


def product(what: Keyed, *, in_field: bool = False) -> str:
    return product_code(what, in_field=in_field)


def test_fast_keys_that_end_with_enter_are_a_scan():
    text = shown_code(SECRET, AT).text
    assert keyed(text, 0.004).tail == text
    assert keyed(text, 0.030).find(is_member_code) == text


def test_a_code_is_one_however_slowly_a_busy_process_hears_its_keys():
    text = shown_code(SECRET, AT).text
    assert keyed(text, 2.5).find(is_member_code) == text
    for gap in (0.004, 0.41, 3.0):
        assert product(keyed(RICE, gap)) == RICE
        assert product(keyed(GUM, gap)) == GUM
    assert product(keyed(RICE, 0.01, rest=2.0)) == RICE
    elements = "]d20107891000100103172612311" + "0LOT7"
    assert product(keyed(elements, 0.6)) == elements


def test_a_code_with_pauses_is_read_alone_after_what_was_typed_before_it():
    log, at = KeyLog(), 0.0
    for char in "4.50":
        log.feed(char, at := at + 0.15)
    for place, char in enumerate(RICE):
        at += 0.7 if place in {0, 5} else 0.01
        log.feed(char, at)
    found = log.feed("Enter", at + 0.01)
    assert (product(found), found.before(RICE)) == (RICE, "4.50")


def test_what_a_person_types_is_an_amount():
    for text in ("4.50", "12", "1234567", "7891", "12345678"):
        assert product(keyed(text, 0.2)) == ""
        assert product(keyed(text, 0.001)) == ""


def test_what_is_typed_into_a_field_is_the_fields_unless_it_was_fast():
    assert product(keyed(RICE, 0.5), in_field=True) == ""
    assert product(keyed(RICE, 0.01), in_field=True) == RICE


def test_a_code_misses_no_key_and_has_none_too_many():
    for wrong in (RICE[:-1], RICE[:-1] + "4", RICE + "1"):
        assert product(keyed(wrong, 0.01)) == ""
    assert keyed("ab", 0.2).find(is_member_code) == ""


def test_a_late_enter_ends_no_scan_and_old_keys_are_forgotten():
    assert keyed("KIERTO1234567", 0.005, rest=1.0).tail == ""
    log = KeyLog()
    log.feed("7", 0.0)
    assert log.feed("Enter", 31.0) == Keyed("7", (float("inf"),), 31.0)
    log.feed("7", 40.0)
    log.feed("8", 80.0)
    log.feed("9", 80.1)
    log.feed("Backspace", 80.2)
    log.feed("Shift", 80.3)
    assert log.feed("Enter", 80.4).text == "8"
    log.feed("1", 81.0)
    log.feed("Escape", 81.1)
    assert log.feed("Enter", 81.2).text == ""
