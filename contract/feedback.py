"""How a purchase was: one tap, and a comment for those who have more to say."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from contract.base import Answer, Instant, Message


class FeedbackRequest(Message):
    """`PUT /v1/me/purchases/{id}/feedback`."""

    rating: Annotated[StrictInt, Field(ge=1, le=5, description="1 is bad, 5 is very good.")]
    comment: Annotated[str, Field(max_length=500)] = ""


class Feedback(Answer):
    """What was said of a purchase, and until when that may be changed."""

    purchase_id: str
    rating: int
    comment: str
    given_at: Instant
    open_until: Instant


class ProgrammeFeedback(Answer):
    """What somebody said, for the manager: the receipt, not the person."""

    purchase_id: str
    receipt_number: str
    store_id: str
    store_name: str
    rating: int
    comment: str
    given_at: Instant


class ProgrammeFeedbacks(Answer):
    """`GET /v1/programme/feedback`: newest first."""

    items: list[ProgrammeFeedback]
    next_cursor: str | None
