"""The published cases through what an offline till calls: the client's calculator, on terms that came as JSON."""

from __future__ import annotations

import pytest

from contract.basket import Basket
from contract.campaigns import CampaignVersion, MemberFacts, ProgrammeRules
from contract.quotes import Quote
from contract.rules import quote
from contract.till import QuoteRequest
from tests.golden.cases import GoldenCase, all_cases, differences

CASES = all_cases()


def sent(message: Basket | CampaignVersion | MemberFacts | ProgrammeRules | Quote) -> str:
    """A message as it goes over the wire, and into the till's cache."""
    return message.model_dump_json()


def quoted_offline(case: GoldenCase) -> Quote:
    basket = QuoteRequest.model_validate_json(sent(case.basket))
    member = MemberFacts.model_validate_json(sent(case.member))
    versions = [CampaignVersion.model_validate_json(sent(each)) for each in case.campaigns]
    rules = ProgrammeRules.model_validate_json(sent(case.programme))
    return quote(basket, member, versions, basket.at, rules, case.budgets)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.theme}: {case.name}")
def test_a_till_without_a_network_says_the_same(case: GoldenCase) -> None:
    answer = quoted_offline(case)
    assert differences(answer, case.expect) == []
    assert answer == quote(case.basket, case.member, case.campaigns, case.at, case.programme, case.budgets)
    assert Quote.model_validate_json(sent(answer)) == answer


def test_campaigns_come_in_any_order_from_the_cache() -> None:
    for case in CASES:
        backwards = case.campaigns[::-1]
        answer = quote(case.basket, case.member, backwards, case.at, case.programme, case.budgets)
        assert differences(answer, case.expect) == []
