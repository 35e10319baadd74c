"""Products from a CSV file: which rows can be taken, and why the others cannot."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from api.problems import Refusal
from contract import gs1
from contract.catalogue import COLUMNS, REQUIRED
from contract.errors import ErrorCode, FieldError
from contract.imports import RefusedRow
from contract.money import MAX_AMOUNT

MAX_ROWS = 200_000
_LONGEST = {"name": 200, "category": 128, "brand": 64, "tags": 400}

Row = tuple[str, str, str, str, str, int | None]
"""gtin, name, category, brand, tags (with semicolons), price."""


@dataclass(slots=True)
class Read:
    """What a file holds."""

    rows: dict[str, Row] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    count: int = 0


def read(content: bytes) -> Read:
    """Read a file. Raises Refusal when its encoding or its header is wrong; a bad row refuses itself alone."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            422, ErrorCode.FILE_ENCODING_WRONG, "The file is not UTF-8. Save it as UTF-8 and send it again."
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found = Read()
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header)
        lines: dict[str, int] = {}
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.count += 1
                _take(found, lines, header, cells, reader.line_num)
            if found.count > MAX_ROWS:
                raise _header(f"A file may have {MAX_ROWS} rows at most. Split it.")
    except csv.Error as error:
        raise _header(f"Line {reader.line_num} cannot be read: {error}.") from error
    return found


def _take(found: Read, lines: dict[str, int], header: list[str], cells: list[str], line: int) -> None:
    def refuse(column: str, reason: str) -> None:
        code = values.get("code", "")
        found.refused.append(RefusedRow(line=line, receipt_number=code[:64], column=column, reason=reason))

    values = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    if len(cells) != len(header):
        return refuse("", f"has {len(cells)} cells; the header has {len(header)}")
    try:
        number = gs1.gtin(values["code"])
    except gs1.NoProductCode as error:
        return refuse("code", str(error))
    if number in lines:
        return refuse("code", f"stands in line {lines[number]} already")
    if not values["name"]:
        return refuse("name", "is empty")
    for column, longest in _LONGEST.items():
        if len(values.get(column, "")) > longest:
            return refuse(column, f"is longer than {longest} characters")
    price = values.get("price", "")
    if price and not (price.isascii() and price.isdigit() and 0 < int(price) <= MAX_AMOUNT):
        return refuse("price", "must be minor units above 0, such as 1290 for 12.90; or empty")
    tags = ";".join(dict.fromkeys(tag.strip() for tag in values.get("tags", "").split(";") if tag.strip()))
    lines[number] = line
    found.rows[number] = (
        number,
        values["name"],
        values.get("category", ""),
        values.get("brand", ""),
        tags,
        int(price) if price else None,
    )
    return None


def _check_header(header: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    if missing or unknown or len(set(header)) != len(header):
        raise _header(f"The columns are {', '.join(COLUMNS)}; {' and '.join(REQUIRED)} are needed, each once.")


def _header(sentence: str) -> Refusal:
    return Refusal(422, ErrorCode.FILE_HEADER_WRONG, sentence, errors=[FieldError(field="file", message=sentence)])
