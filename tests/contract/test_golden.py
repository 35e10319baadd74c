"""The published cases, one by one: what the product promises in a sentence, to the cent."""

from __future__ import annotations

import pytest

from contract.quotes import Quote
from contract.rules import quote
from tests.golden.cases import GoldenCase, all_cases, differences

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.theme}: {case.name}")
def test_case(case: GoldenCase) -> None:
    answer = quote(case.basket, case.member, case.campaigns, case.at, case.programme, case.budgets)
    assert differences(answer, case.expect) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.theme}: {case.name}")
def test_the_answer_is_a_sound_message(case: GoldenCase) -> None:
    answer = quote(case.basket, case.member, case.campaigns, case.at, case.programme, case.budgets)
    assert Quote.model_validate_json(answer.model_dump_json()) == answer
    assert [line.line for line in answer.lines] == list(range(len(case.basket.lines)))


def test_there_are_at_least_150_cases_and_each_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert len(names) >= 150
    assert len(set(names)) == len(names)


def test_a_wrong_expectation_is_told() -> None:
    case = CASES[0]
    answer = quote(case.basket, case.member, case.campaigns, case.at, case.programme, case.budgets)
    told = differences(answer, {"earned": answer.earned.amount + 1, "colour": "green"})
    assert len(told) == 2
