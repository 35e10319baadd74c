"""Validation errors as a person would say them, with the path of the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contract.errors import FieldError

_SENTENCES = {
    "missing": "is required",
    "extra_forbidden": "is not known here",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be text",
    "string_pattern_mismatch": "does not have the right form",
    "string_unicode": "is not valid text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "union_tag_not_found": "does not say which kind it is",
    "uuid_parsing": "is not an id",
    "uuid_type": "is not an id",
    "datetime_type": "must be a moment, such as 2026-03-01T12:00:00Z",
    "datetime_parsing": "must be a moment, such as 2026-03-01T12:00:00Z",
    "datetime_from_date_parsing": "must be a moment, such as 2026-03-01T12:00:00Z",
    "timezone_aware": "must name its time zone, such as 2026-03-01T12:00:00Z",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "string_too_short": "must have {min_length} characters or more",
    "string_too_long": "must have {max_length} characters or fewer",
    "too_short": "must have {min_length} entries or more",
    "too_long": "must have {max_length} entries or fewer",
    "int_parsing_size": "is too large",
}


def field_errors(errors: Sequence[Mapping[str, Any]], body: object) -> list[FieldError]:
    """What pydantic found, as fields and plain messages; never with what was sent."""
    return [FieldError(field=_path(error, body), message=_sentence(error)) for error in errors]


def _sentence(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    context = error.get("ctx") or {}
    if kind == "json_invalid":
        return f"is not valid JSON: {context.get('error', 'cannot be read')}"
    if kind in _SENTENCES:
        return _SENTENCES[kind].format_map(context)
    if kind in {"literal_error", "enum"}:
        return f"must be {context.get('expected')}"
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return message[:1].lower() + message[1:]


def _path(error: Mapping[str, Any], body: object) -> str:
    where, *rest = error["loc"] or ("body",)
    if error["type"] == "json_invalid":
        return "body"
    if where != "body":
        return ".".join(str(part) for part in rest) or str(where)
    return ".".join(_without_tags(rest, body)) or "body"


def _without_tags(parts: Sequence[str | int], value: object) -> list[str]:
    """Drop the names of union members, which pydantic puts between the fields that the sender knows."""
    path: list[str] = []
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        if isinstance(value, Mapping):
            if part not in value and not last:
                continue
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        elif not last:
            continue
        path.append(str(part))
    return path
