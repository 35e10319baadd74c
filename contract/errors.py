"""The codes of every refusal, and the problem document (RFC 9457) that carries one."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo

from contract.base import Answer


class ErrorCode(StrEnum):
    """Why something was refused. Stable: a client turns each into a sentence in its reader's language."""

    # the request itself
    INVALID_INPUT = "invalid_input"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    IDEMPOTENCY_KEY_MISSING = "idempotency_key_missing"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    TOO_MANY_REQUESTS = "too_many_requests"
    UNAVAILABLE = "unavailable"
    UNEXPECTED = "unexpected"
    # who is asking
    NOT_SIGNED_IN = "not_signed_in"
    NOT_ALLOWED = "not_allowed"
    SIGN_IN_CODE_WRONG = "sign_in_code_wrong"
    PIN_WRONG = "pin_wrong"
    PIN_LOCKED = "pin_locked"
    SESSION_ENDED = "session_ended"
    # the member's code
    CODE_MALFORMED = "code_malformed"
    CODE_UNKNOWN = "code_unknown"
    CODE_OTHER_PROGRAMME = "code_other_programme"
    CODE_OLD = "code_old"
    CODE_USED = "code_used"
    DEVICE_SIGNED_OUT = "device_signed_out"
    IDENTIFICATION_EXPIRED = "identification_expired"
    # a receipt that a till queued without a network
    SIGNATURE_WRONG = "signature_wrong"
    # the basket and its money
    STORE_UNKNOWN = "store_unknown"
    AT_IN_FUTURE = "at_in_future"
    AT_TOO_OLD = "at_too_old"
    CURRENCY_WRONG = "currency_wrong"
    RECEIPT_ALREADY_POSTED = "receipt_already_posted"
    REDEEM_OVER_BALANCE = "redeem_over_balance"
    REDEEM_OVER_CAP = "redeem_over_cap"
    REDEEM_NOT_ALLOWED = "redeem_not_allowed"
    CONFIRMATION_NEEDED = "confirmation_needed"
    CONFIRMATION_OVER = "confirmation_over"
    BUDGET_USED_UP = "budget_used_up"
    ALREADY_REFUNDED = "already_refunded"
    REFUND_OVER_PURCHASE = "refund_over_purchase"
    # the people at a till
    OWN_ACCOUNT = "own_account"
    APPROVAL_NEEDED = "approval_needed"
    APPROVAL_WRONG = "approval_wrong"
    SPEND_NEW_DEVICE = "spend_new_device"
    MEMBER_UNKNOWN = "member_unknown"
    MEMBER_EXISTS = "member_exists"
    STAFF_NUMBER_TAKEN = "staff_number_taken"
    SETTINGS_CHANGED = "settings_changed"
    ALREADY_DECIDED = "already_decided"
    SHIFT_OPEN = "shift_open"
    SHIFT_CLOSED = "shift_closed"
    NO_EMAIL = "no_email"
    # a member's own account
    TERMS_REQUIRED = "terms_required"
    BIRTHDAY_SET = "birthday_set"
    CLAIM_TOO_LATE = "claim_too_late"
    CLAIM_MADE = "claim_made"
    FEEDBACK_CLOSED = "feedback_closed"
    EXPORT_UNFINISHED = "export_unfinished"
    # offers
    OFFER_ENDED = "offer_ended"
    # what a manager publishes
    VERSION_NOT_NEXT = "version_not_next"
    STATE_NOT_ALLOWED = "state_not_allowed"
    # a file
    FILE_HEADER_WRONG = "file_header_wrong"
    FILE_ENCODING_WRONG = "file_encoding_wrong"
    # said by the client itself, when no answer came
    OFFLINE = "offline"
    KIT_TOO_OLD = "kit_too_old"
    QUEUE_FULL = "queue_full"


_KNOWN = frozenset(ErrorCode)


def _refusal(code: Any, info: ValidationInfo) -> Any:
    """A code that came after this client is a refusal all the same."""
    later = info.mode == "json" and isinstance(code, str) and code not in _KNOWN
    return ErrorCode.INVALID_INPUT if later else code


class FieldError(Answer):
    """One field that could not be taken, as a path such as ``lines.0.unit_price``."""

    field: str
    message: str


class Problem(Answer):
    """A refusal: what, why, and the way out (``application/problem+json``)."""

    type: str = "about:blank"
    title: str
    status: int
    code: Annotated[ErrorCode, BeforeValidator(_refusal)]
    detail: str
    instance: str | None = None
    errors: list[FieldError] = Field(default_factory=list)
    params: dict[str, str | int] = Field(
        default_factory=dict, description="Figures that a sentence about this refusal names."
    )
