"""What a basket may hold."""

from __future__ import annotations

import pytest

from contract.basket import Basket
from contract.money import MAX_AMOUNT


def basket(*lines: dict[str, object]) -> Basket:
    common = {"store_id": "centro", "at": "2026-03-03T15:00:00Z", "receipt_number": "r-1"}
    return Basket.model_validate({**common, "lines": [{"name": "Thing", **each} for each in lines]}, strict=False)


def test_a_basket_costs_no_more_than_any_message_can_say() -> None:
    most = {"unit_price": {"amount": MAX_AMOUNT // 1_000, "currency": "IDR"}, "quantity": 1_000}
    assert basket(most).total == MAX_AMOUNT
    with pytest.raises(ValueError, match="must be at most"):
        basket(most, {"unit_price": 1})
    with pytest.raises(ValueError, match="must be at most"):
        basket(*[{"unit_price": most["unit_price"], "quantity": 100_000}] * 500)


def test_a_price_in_a_currency_of_small_units_is_no_mistake() -> None:
    telephone = 15_000_000 * 100
    assert basket({"unit_price": telephone}).total == telephone, "15 million rupiah"
