"""Spending above a limit: a till asks, the member answers on her own device, and the purchase uses the answer up."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from contract.base import Answer, Instant, Message, Told
from contract.money import MinorUnits, Money

ConfirmationState = Literal["waiting", "allowed", "refused", "expired", "withdrawn", "used"]


class ConfirmationAsk(Message):
    """`POST /v1/till/confirmations`: may this identification's purchase spend so much, and so many points?"""

    identification: Annotated[str, Field(max_length=64)]
    redeem: Money | MinorUnits = 0
    redeem_points: MinorUnits = 0

    @model_validator(mode="after")
    def _something(self) -> ConfirmationAsk:
        if not self.redeem and not self.redeem_points:
            raise ValueError("give redeem, redeem_points, or both")
        return self


class Confirmation(Answer):
    """What came of a till's request. Good for one purchase of its identification, up to its amounts."""

    confirmation_id: str
    identification: str
    state: Told[ConfirmationState]
    redeem: Money
    redeem_points: int
    amount: Money = Field(description="What both are worth together.")
    asked_at: Instant
    answer_by: Instant
    good_until: Instant = Field(description="Once allowed: the purchase must be posted before.")


class SpendRequest(Answer):
    """A till's request as the member reads it."""

    confirmation_id: str
    store_id: str
    store_name: str
    redeem: Money
    redeem_points: int
    amount: Money = Field(description="What both are worth together.")
    remaining: Money = Field(description="What of the cashback remains, if she allows it.")
    asked_at: Instant
    answer_by: Instant


class SpendRequests(Answer):
    """`GET /v1/me/confirmations`: what waits for her answer, the newest first."""

    items: list[SpendRequest]


class SpendAnswer(Message):
    """`POST /v1/me/confirmations/{id}`: the same again changes nothing."""

    answer: Literal["allow", "refuse"]


class SpendAnswered(Answer):
    """What her answer has made of the request."""

    confirmation_id: str
    state: Told[ConfirmationState]


class SpendLimitChange(Message):
    """`PUT /v1/me/spend-limit`: what tills may spend without asking her: 0 always asks, null is the programme's."""

    limit: MinorUnits | None
