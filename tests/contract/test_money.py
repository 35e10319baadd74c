"""Money: exact portions, and splits that lose nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contract.money import MAX_AMOUNT, Money, decimals, portion, split, total

amounts = st.integers(min_value=0, max_value=10**12)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("amount", "rate", "gives"),
    [(10_000, 500, 500), (1_250, 500, 62), (1_350, 500, 68), (50, 100, 0), (150, 100, 2), (51, 100, 1), (0, 500, 0)],
)
def test_a_portion_is_rounded_half_to_even(amount: int, rate: int, gives: int) -> None:
    assert portion(amount, rate) == gives


@given(amounts, st.integers(min_value=0, max_value=100_000))
def test_a_portion_is_what_exact_arithmetic_says(amount: int, rate: int) -> None:
    assert portion(amount, rate) == round(Fraction(amount * rate, 10_000))


@given(st.integers(min_value=0, max_value=10**9), weights)
def test_a_split_adds_up(total: int, parts: list[int]) -> None:
    if sum(parts):
        assert sum(split(total, parts)) == total


@given(st.integers(min_value=0, max_value=10**9), weights)
def test_each_part_is_within_a_cent_of_its_exact_share(total: int, parts: list[int]) -> None:
    if sum(parts):
        for part, weight in zip(split(total, parts), parts, strict=True):
            assert abs(part - Fraction(total * weight, sum(parts))) < 1


@given(st.integers(min_value=0, max_value=10**9), weights)
def test_what_weighs_nothing_gets_nothing(total: int, parts: list[int]) -> None:
    if sum(parts):
        assert all(part == 0 for part, weight in zip(split(total, parts), parts, strict=True) if weight == 0)


def test_the_first_of_equals_gets_the_cent_that_is_left_over() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]


def test_nothing_may_be_split_over_nothing() -> None:
    assert split(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="nothing to split over"):
        split(1, [0, 0])


def test_a_sum_may_be_more_than_one_message_carries() -> None:
    most = Money(amount=MAX_AMOUNT, currency="BRL")
    assert (most + most).amount == 2 * MAX_AMOUNT
    assert (most + most) - most == most
    assert total([most] * 3, "BRL").amount == 3 * MAX_AMOUNT
    assert total([], "BRL") == Money(amount=0, currency="BRL")
    with pytest.raises(ValidationError):
        Money(amount=(most + most).amount, currency="BRL")


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        Money(amount=1, currency="BRL") + Money(amount=1, currency="EUR")


def test_amounts_of_one_currency_add_and_subtract() -> None:
    ten, three = Money(amount=10, currency="BRL"), Money(amount=3, currency="BRL")
    assert (ten + three).amount == 13
    assert (three - ten).amount == -7


@pytest.mark.parametrize("amount", [1.0, 1.5, "1", True, 10**12 + 1])
def test_money_is_a_whole_number_within_reason(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": amount, "currency": "BRL"})


def test_currencies_have_the_decimals_of_their_minor_unit() -> None:
    assert [decimals(currency) for currency in ("BRL", "JPY", "KWD", "PTS")] == [2, 0, 3, 0]
