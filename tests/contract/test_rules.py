"""What the calculator promises beyond single cases, and mistakes that users of other products report."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from contract.basket import Basket, BasketLine
from contract.campaigns import (
    CampaignVersion,
    FixedReward,
    Limits,
    MemberFacts,
    MultiplierReward,
    PercentReward,
    Products,
    ProgrammeRules,
    Rounding,
    TierCondition,
    What,
    When,
)
from contract.money import Money
from contract.quotes import Quote, ReasonCode
from contract.rules import may_spend, points_worth, quote
from contract.rules.conditions import birthday_in
from contract.rules.dates import add_months

HERE = Path(__file__).parents[2]
AT = datetime(2026, 3, 3, 15, tzinfo=UTC)
SHOP = ProgrammeRules(currency="BRL", timezone="America/Sao_Paulo")


def line(price: int, **fields: object) -> BasketLine:
    return BasketLine.model_validate({"name": "Item", "unit_price": price, **fields})


def basket(*lines: BasketLine, channel: str = "store", at: datetime = AT) -> Basket:
    store = "web" if channel == "web" else "centro"
    return Basket.model_validate(
        {"store_id": store, "channel": channel, "at": at, "receipt_number": "r-1", "lines": list(lines)}
    )


def percent(rate_bp: int, campaign_id: str = "a", **fields: object) -> CampaignVersion:
    return CampaignVersion.model_validate(
        {
            "campaign_id": campaign_id,
            "name": {"en": "Cashback", "pt-BR": "Dinheiro de volta"},
            "when": When(starts_at=datetime(2026, 1, 1, tzinfo=UTC)),
            "reward": PercentReward(rate_bp=rate_bp),
            **fields,
        }
    )


def ask(
    bought: Basket, *campaigns: CampaignVersion, member: MemberFacts | None = None, shop: ProgrammeRules = SHOP
) -> Quote:
    return quote(bought, member or MemberFacts(), campaigns, bought.at, shop)


# mistakes that users of others report


def test_rounding_does_not_differ_between_till_and_web() -> None:
    """Odoo: the till and the webshop round one basket differently."""
    lines = [line(1_250), line(333, quantity=3), line(1_999, discount=50)]
    rules = [percent(500), percent(333, "b")]
    shop = SHOP.model_copy(update={"rounding": Rounding(mode="half_even", unit=5)})
    till = ask(basket(*lines), *rules, shop=shop)
    web = ask(basket(*reversed(lines), channel="web"), *rules, shop=shop)
    assert till.earned == web.earned
    assert [row.earned for row in till.lines] == [row.earned for row in reversed(web.lines)]


def test_rounding_does_not_differ_between_machines() -> None:
    """A set's order differs from process to process; a quote must not."""
    program = (
        "from tests.contract.test_rules import *\n"
        "what = What(only=Products(tags=('organic', 'local', 'new'), categories=('food', 'food/fruit')))\n"
        "bought = basket(line(1_003, tags=['new', 'local', 'organic'], category='food/fruit'), line(1_003))\n"
        "print(ask(bought, percent(333, what=what), percent(777, 'b')).model_dump_json())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, cwd=HERE, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


def test_a_tier_is_a_fact_of_its_own_and_not_worked_out_from_a_balance() -> None:
    """Open Loyalty: members lost their tier by spending."""
    gold = percent(500, who=[TierCondition(any_of=("gold",))])
    assert ask(basket(line(10_000)), gold, member=MemberFacts(tier="gold")).earned.amount == 500
    assert not any("balance" in field or "available" in field for field in MemberFacts.model_fields)


def test_a_line_that_earned_nothing_has_nothing_to_take_back() -> None:
    """Open Loyalty: returning an item that earned nothing cost points; each line carries its own amount."""
    answer = ask(basket(line(9_000, category="giftcard"), line(1_000)), percent(1_000))
    assert [row.earned.amount for row in answer.lines] == [0, 100]


# what is told


def test_names_are_told_in_the_language_of_the_member() -> None:
    bought, rule = basket(line(10_000)), percent(500)
    told = [ask(bought, rule, member=MemberFacts(language=language)) for language in ("pt-BR", "pt", "fi", "en-GB")]
    assert [answer.rewards[0].name for answer in told] == ["Dinheiro de volta", "Cashback", "Cashback", "Cashback"]


def test_a_reason_says_rate_basis_and_what_matched() -> None:
    rule = percent(300, what=What(only=Products(tags=("organic",))))
    why = ask(basket(line(1_000, tags=["organic"])), rule).lines[0].why[0]
    assert (why.code, why.rate_bp, why.match) == (ReasonCode.PERCENT, 300, "organic")
    assert (why.basis, why.value) == (Money(amount=1_000, currency="BRL"), Money(amount=30, currency="BRL"))


def test_a_capped_reason_says_what_it_would_have_given() -> None:
    why = ask(basket(line(10_000)), percent(1_000, limits=Limits(per_receipt=600))).lines[0].why[0]
    assert why.desired_value == Money(amount=1_000, currency="BRL")
    assert why.value.amount == 600
    assert why.capped_by is ReasonCode.CAPPED_RECEIPT


def test_an_offer_that_was_not_activated_says_what_it_would_give() -> None:
    why = ask(basket(line(10_000)), percent(500, needs_activation=True)).lines[0].why[0]
    assert (why.value.amount, why.desired_value) == (0, Money(amount=500, currency="BRL"))


def test_a_multiplied_reason_says_the_factor_and_what_was_multiplied() -> None:
    double = percent(500, "b", reward=MultiplierReward(factor_bp=20_000), stacking="multiplier")
    why = ask(basket(line(10_000)), percent(500), double).lines[0].why[1]
    assert (why.code, why.factor_bp, why.value.amount) == (ReasonCode.MULTIPLIED, 20_000, 500)
    assert why.basis == Money(amount=500, currency="BRL")


def test_a_marginal_reason_says_the_average_rate() -> None:
    two = [{"threshold": 10_000, "rate_bp": 500}, {"threshold": 20_000, "rate_bp": 1_000}]
    graded = {"kind": "steps", "mode": "marginal", "steps": two}
    why = ask(basket(line(25_000)), percent(0, threshold=graded)).lines[0].why[0]
    assert (why.code, why.value.amount, why.rate_bp) == (ReasonCode.STEP, 1_000, 400)


def test_amounts_of_a_basket_may_name_their_currency() -> None:
    bought = basket(line(1, unit_price=Money(amount=10_000, currency="BRL")))
    assert ask(bought, percent(500)).earned == Money(amount=500, currency="BRL")


# moments


def test_one_instant_is_the_same_in_every_zone() -> None:
    rule = percent(500, when=When(starts_at=AT))
    bought = basket(line(10_000))
    for hours in (-11, 0, 13):
        at = AT.astimezone(timezone(timedelta(hours=hours)))
        assert quote(bought, MemberFacts(), [rule], at, SHOP).earned.amount == 500


def test_a_moment_without_a_zone_is_utc_wherever_the_machine_stands() -> None:
    rule = percent(500, when=When(starts_at=AT, ends_at=AT + timedelta(seconds=1)))
    naive = datetime(2026, 3, 3, 15)  # noqa: DTZ001
    assert quote(basket(line(10_000)), MemberFacts(), [rule], naive, SHOP).earned.amount == 500


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_end_where_the_calendar_ends_them(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


def test_a_birthday_of_29_february_has_a_day_in_every_year() -> None:
    assert [birthday_in(date(1992, 2, 29), year) for year in (2026, 2028)] == [date(2026, 2, 28), date(2028, 2, 29)]


# spending


@pytest.mark.parametrize(
    ("terms", "total", "available", "may"),
    [
        ({}, 10_000, 3_000, 3_000),
        ({}, 2_000, 3_000, 2_000),
        ({"redeem_max_share_bp": 5_000}, 4_001, 3_000, 2_000),
        ({"spend_limit": 1_000}, 10_000, 3_000, 1_000),
        ({"redeem_minimum": 500}, 10_000, 499, 0),
        ({"redeem_minimum": 500}, 10_000, 500, 500),
        ({"redeem_max_share_bp": 0}, 10_000, 3_000, 0),
        ({}, 10_000, -200, 0),
        ({}, 0, 200, 0),
    ],
)
def test_what_may_be_spent_is_the_least_of_the_limits(
    terms: dict[str, int], total: int, available: int, may: int
) -> None:
    assert may_spend(total, available, SHOP.model_copy(update=terms)) == may


def test_points_are_worth_what_the_programme_states() -> None:
    shop = ProgrammeRules.model_validate(SHOP.model_dump() | {"points_rate": {"points": 100, "minor_units": 50}})
    assert [points_worth(points, shop) for points in (0, 1, 2, 199)] == [0, 0, 1, 99]


# terms

ONE_STEP = {"kind": "steps", "steps": [{"threshold": 1, "rate_bp": 500}]}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"reward": {"kind": "multiplier", "factor_bp": 20_000}}, "stacks as a multiplier"),
        ({"stacking": "multiplier"}, "stacks as a multiplier"),
        ({"reward": {"kind": "percent", "rate_bp": 0}}, "rate_bp must be above 0"),
        (
            {"reward": FixedReward(value=5), "threshold": {"kind": "steps", "steps": [{"threshold": 1, "rate_bp": 1}]}},
            "go with",
        ),
        ({"threshold": {"kind": "steps", "steps": [{"threshold": 1, "rate_bp": 500}]}}, "must rise"),
        ({"when": {"starts_at": AT, "ends_at": AT}}, "ends_at must be after"),
        ({"colour": "green"}, "Extra inputs"),
        ({"campaign_id": ""}, "at least 1 character"),
        ({"reward": {"kind": "percent", "rate_bp": 2.5}}, "valid integer"),
    ],
)
def test_terms_that_make_no_sense_are_refused(fields: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        percent(500, **fields)


def test_a_programme_needs_a_time_zone_that_exists() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        ProgrammeRules(currency="BRL", timezone="Mars/Olympus")


def test_terms_are_never_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        percent(500).version = 2  # type: ignore[misc]


def test_terms_survive_being_stored_and_read() -> None:
    rule = percent(500, what=What(only=Products(tags=("organic",))), expiry={"kind": "months", "months": 6})
    ask(basket(line(100)), rule)
    again = CampaignVersion.model_validate_json(rule.model_dump_json())
    assert again == rule
    assert again.expires_after == "P6M"
