"""What an answer says, also to a client that is older than the API: what it does not know yet is left out."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from contract.errors import ErrorCode, Problem

M = TypeVar("M", bound=BaseModel)
_PROBLEM = TypeAdapter(dict[str, Any])


def read(model: type[M], content: bytes) -> M:
    """Read an answer, without the fields that only a newer client knows. Raises ValidationError where that is not it.

    Answers ignore such fields by themselves; the messages within them, which go both ways, do not.
    """
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        unknown = [fault["loc"] for fault in error.errors(include_url=False) if fault["type"] == "extra_forbidden"]
        if not unknown:
            raise
        return model.model_validate_json(_without(content, unknown))


def read_problem(status: int, content: bytes, content_type: str) -> Problem | None:
    """The problem document of a refusal; None when something else than the API answered."""
    if not content_type.startswith("application/problem+json"):
        return None
    try:
        fields = _PROBLEM.validate_json(content)
        if fields.get("code") not in set(ErrorCode):  # a newer API may know more codes than this client
            fields["code"] = ErrorCode.UNEXPECTED if status >= 500 else ErrorCode.INVALID_INPUT
        return Problem.model_validate(fields)
    except ValidationError:
        return None


def _without(content: bytes, places: list[tuple[int | str, ...]]) -> bytes:
    answer = from_json(content)
    for place in places:
        _leave_out(answer, place)
    return to_json(answer)


def _leave_out(answer: Any, place: tuple[int | str, ...]) -> None:
    """Take out what stands at a place; steps that name a kind of message, not a field, lead nowhere."""
    *way, last = place
    for step in way:
        inside = (isinstance(answer, dict) and step in answer) or (isinstance(answer, list) and isinstance(step, int))
        answer = answer[step] if inside else answer
    if isinstance(answer, dict):
        answer.pop(last, None)
