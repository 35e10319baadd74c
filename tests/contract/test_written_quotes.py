"""A quote that is written at once says, to the letter, what the same quote's messages say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from contract.money import STAMPS
from contract.rules import quote, written_quote
from contract.rules.making import word
from tests.contract.baskets import AT, scenes
from tests.golden.cases import GoldenCase, all_cases


def _compare(*scene: Any) -> None:
    answer, written = quote(*scene), written_quote(*scene)
    assert written.text.encode() == to_json(answer, exclude_none=True)
    assert (written.total, written.earned) == (answer.total.amount, answer.earned.amount)
    told = [
        *((r.campaign_id, r.value.currency, r.value.amount, r.available_at, r.expires_at) for r in answer.rewards),
        *((g.campaign_id, STAMPS, g.stamps, g.available_at, g.expires_at) for g in answer.stamps),
    ]
    assert [(g.campaign_id, g.unit, g.value, g.available_at, g.expires_at) for g in written.given] == told


@given(scenes())
def test_a_written_quote_is_the_quote(scene: Any) -> None:
    basket, member, acting, programme, budgets = scene
    _compare(basket, member, acting, AT, programme, budgets)


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.theme}: {case.name}")
def test_a_published_case_is_written_as_it_is_told(case: GoldenCase) -> None:
    _compare(case.basket, case.member, case.campaigns, case.at, case.programme, case.budgets)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_written_as_json_has_it(text: str) -> None:
    assert word(text).encode() == to_json(text)
