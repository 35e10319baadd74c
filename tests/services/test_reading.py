"""An answer of a newer API, read by this client."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from contract.errors import ErrorCode
from contract.offers import Offer
from contract.till import BatchAnswer
from contract.wallet import Wallet
from services.reading import read, read_problem
from tests.views.fakes import offer, wallet


def test_fields_that_are_not_known_yet_are_left_out_wherever_they_stand():
    told = json.loads(wallet(4_280, 610).model_dump_json())
    told["mood"] = "good"
    told["available"]["as_of"] = "today"
    assert read(Wallet, json.dumps(told).encode()) == wallet(4_280, 610)
    shown = json.loads(offer(hours=[{"start": "10:00", "end": "12:00"}]).model_dump_json())
    shown["hours"][0]["zone"] = "local"
    shown["steps"] = [{"threshold": {"amount": 100, "currency": "BRL", "tax": 1}, "rate_bp": 1, "more": 2}]
    found = read(Offer, json.dumps(shown).encode())
    assert (len(found.hours), found.steps[0].threshold.amount) == (1, 100)


def test_what_is_no_answer_is_none():
    for content in (b"<html>", b"{}", b"[]", b'{"available": 1, "currency": "BRL"}'):
        with pytest.raises(ValidationError):
            read(Wallet, content)


def test_one_receipt_that_was_refused_in_a_new_way_does_not_spoil_the_others_outcomes():
    problem = {"title": "No", "status": 409, "code": "too_rainy", "detail": "It rains."}
    told = [{"key": "a", "outcome": "refused", "problem": problem}, {"key": "b", "outcome": "replayed"}]
    first, second = read(BatchAnswer, json.dumps({"outcomes": told}).encode()).outcomes
    assert first.problem is not None
    assert (first.problem.code, first.problem.detail, second.key) == (ErrorCode.INVALID_INPUT, "It rains.", "b")


@pytest.mark.parametrize(("status", "code"), [(500, ErrorCode.UNEXPECTED), (409, ErrorCode.INVALID_INPUT)])
def test_a_refusal_that_is_not_known_yet_is_a_refusal(status, code):
    told = {"title": "No", "status": status, "code": "too_rainy", "detail": "It rains."}
    found = read_problem(status, json.dumps(told).encode(), "application/problem+json")
    assert found is not None
    assert found.code is code
    assert read_problem(status, b"<html>", "text/html") is None
