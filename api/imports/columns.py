"""The columns of an import file, and the check of its header."""

from __future__ import annotations

import difflib

from contract.errors import ErrorCode, FieldError

COLUMNS = (
    "receipt_number",
    "member_number",
    "store",
    "channel",
    "at",
    "sku",
    "name",
    "category",
    "tags",
    "quantity",
    "unit_price",
    "discount",
)


class FileRefused(Exception):
    """The file as a whole cannot be taken; nothing of it was written."""

    def __init__(self, code: ErrorCode, sentence: str, errors: list[FieldError] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.errors = errors or []


def column_order(header: list[str]) -> list[int]:
    """Where each of `COLUMNS` stands in the header; any order will do. Raises FileRefused."""
    names = [name.strip() for name in header]
    if not any(names):
        raise _wrong("The file has no header. Its first line must name the columns: " + ",".join(COLUMNS))
    if len(names) == 1:
        _refuse_other_delimiter(names[0])
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    twice = sorted({name for name in names if names.count(name) > 1 and name in COLUMNS})
    if missing or unknown or twice:
        raise _wrong(_sentence(missing, unknown, twice), _field_errors(missing, unknown, twice))
    return [names.index(name) for name in COLUMNS]


def _refuse_other_delimiter(line: str) -> None:
    for sign, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if line.count(sign) >= 3:
            raise _wrong(f"The columns are separated by {called}. Save the file with commas between the columns.")


def _sentence(missing: list[str], unknown: list[str], twice: list[str]) -> str:
    parts = []
    if missing:
        parts.append(f"the header lacks {', '.join(missing)}")
    if unknown:
        parts.append(f"it has the unknown {', '.join(map(_named, unknown))}")
    if twice:
        parts.append(f"it names {', '.join(twice)} more than once")
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}. The columns are: {','.join(COLUMNS)}"


def _named(unknown: str) -> str:
    near = difflib.get_close_matches(unknown.lower().replace(" ", "_"), COLUMNS, n=1)
    shown = repr(unknown[:40])
    return f"{shown} (did you mean {near[0]}?)" if near else shown


def _field_errors(missing: list[str], unknown: list[str], twice: list[str]) -> list[FieldError]:
    return [
        *(FieldError(field=name, message="is missing") for name in missing),
        *(FieldError(field=name[:64], message="is unknown") for name in unknown),
        *(FieldError(field=name, message="stands there more than once") for name in twice),
    ]


def _wrong(sentence: str, errors: list[FieldError] | None = None) -> FileRefused:
    return FileRefused(ErrorCode.FILE_HEADER_WRONG, sentence, errors)
