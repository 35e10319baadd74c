"""The basket: what a till, a webshop or a file says was bought."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from contract.base import Instant, Message, Slug
from contract.money import MAX_AMOUNT, MinorUnits, Money, PositiveMinorUnits

Channel = Literal["store", "web"]

MAX_LINES = 500

Name = Annotated[str, Field(min_length=1, max_length=200)]
Word = Annotated[str, Field(min_length=1, max_length=64)]


class BasketLine(Message):
    """One line of a basket. Prices are ``Money``, or bare minor units in the programme's currency."""

    sku: Annotated[str, Field(max_length=64)] = ""
    name: Name
    category: Annotated[str, Field(max_length=128, description="A path such as `food/fruit`, or one word.")] = ""
    brand: Annotated[str, Field(max_length=64)] = ""
    tags: Annotated[list[Word], Field(max_length=32)] = Field(default_factory=list)
    quantity: Annotated[StrictInt, Field(gt=0, le=100_000)] = 1
    unit_price: Money | PositiveMinorUnits
    discount: Money | MinorUnits = 0
    tax: Annotated[Money | MinorUnits, Field(description="The tax contained in the line's price.")] = 0

    @model_validator(mode="after")
    def _sound(self) -> Self:
        price, discount, tax = minor(self.unit_price), minor(self.discount), minor(self.tax)
        gross = self.quantity * price
        if price <= 0:
            raise ValueError("unit_price must be above 0")
        if not 0 <= discount <= gross:
            raise ValueError("discount must be between 0 and quantity x unit_price")
        if not 0 <= tax <= gross - discount:
            raise ValueError("tax must be between 0 and what the line costs")
        return self

    @property
    def gross(self) -> int:
        """Quantity times price, before discount, in minor units."""
        return self.quantity * minor(self.unit_price)

    @property
    def net(self) -> int:
        """What the shopper pays for this line, in minor units."""
        return self.gross - minor(self.discount)


class Basket(Message):
    """What is about to be bought, or was, at one store at one moment."""

    store_id: Slug
    channel: Channel = "store"
    at: Instant
    receipt_number: Annotated[str, Field(min_length=1, max_length=64)]
    lines: Annotated[list[BasketLine], Field(min_length=1, max_length=MAX_LINES)]
    payment_means: Annotated[str, Field(max_length=32)] = ""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.total <= 0:
            raise ValueError("the basket's total must be above 0")
        if self.total > MAX_AMOUNT:
            raise ValueError(f"the basket's total must be at most {MAX_AMOUNT} minor units")
        if len(self.currencies) > 1:
            raise ValueError("all amounts of a basket must be in one currency")
        return self

    @property
    def total(self) -> int:
        """What the shopper pays, in minor units, before any cashback is spent."""
        return sum([line.quantity * minor(line.unit_price) - minor(line.discount) for line in self.lines])

    @property
    def currencies(self) -> set[str]:
        """The currencies that the amounts name; bare amounts name none."""
        found = set()
        for line in self.lines:
            for amount in (line.unit_price, line.discount, line.tax):
                if not isinstance(amount, int):
                    found.add(amount.currency)
        return found


def minor(amount: Money | int) -> int:
    """The minor units of an amount that may be bare."""
    return amount if isinstance(amount, int) else amount.amount  # a model's isinstance is a slow one
