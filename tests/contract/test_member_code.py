"""The member code: its one-time digits, its check digit, and what a person may type."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.member_code import (
    PERIOD,
    MalformedCode,
    MemberCode,
    check_digit,
    grouped,
    make,
    parse,
    step_at,
    totp,
)

SECRET = base64.b32encode(b"12345678901234567890").decode()
"""The secret of the vectors in RFC 6238, appendix B (SHA-1)."""
CODE = make("0123456789", SECRET, 1)

digit_rows = st.text("0123456789", min_size=18, max_size=18)


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_digits_are_those_of_rfc_6238(seconds: int, digits: str) -> None:
    assert totp(SECRET, step_at(seconds)) == digits


def test_a_step_lasts_thirty_seconds() -> None:
    assert [step_at(seconds) for seconds in (0, 29.9, 30, 59)] == [0, 0, 1, 1]
    assert PERIOD == 30


def test_a_secret_may_come_without_its_padding() -> None:
    secret = base64.b32encode(b"0123456789abcdef0").decode()
    assert totp(secret.rstrip("="), 7) == totp(secret, 7)


def test_what_is_shown_can_be_read_back() -> None:
    assert parse(CODE.text) == CODE
    assert parse(CODE.digits) == CODE
    assert parse(grouped(CODE.digits)) == CODE


def test_spaces_dashes_and_letter_case_do_not_matter() -> None:
    typed = "-".join((CODE.digits[:4], CODE.digits[4:]))
    assert parse(f"  kierto {typed}\r\n") == CODE


def test_the_grouped_digits_are_all_the_digits() -> None:
    assert grouped(CODE.digits).replace(" ", "") == CODE.digits


@given(digit_rows, st.integers(min_value=0, max_value=18), st.integers(min_value=1, max_value=9))
def test_every_single_wrong_digit_is_caught(body: str, place: int, off: int) -> None:
    digits = body + check_digit(body)
    wrong = digits[:place] + str((int(digits[place]) + off) % 10) + digits[place + 1 :]
    with pytest.raises(MalformedCode):
        parse(wrong)


@given(digit_rows)
def test_every_right_code_is_read(body: str) -> None:
    assert parse("KIERTO" + body + check_digit(body)) == MemberCode(body[:10], body[10:])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KIERTO",
        "123",
        CODE.digits + "0",
        CODE.digits[:-1],
        "X" + CODE.digits[1:],
        "٠" * 19,
        "KIERTOKIERTO" + CODE.digits,
    ],
)
def test_what_is_no_member_code_is_refused(text: str) -> None:
    with pytest.raises(MalformedCode):
        parse(text)


@given(st.text(max_size=40))
def test_whatever_is_scanned_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except MalformedCode:
        return
