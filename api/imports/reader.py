"""Reads an import file row by row, in constant memory; first checks that it can be read to its end."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.imports.columns import COLUMNS, FileRefused, column_order
from contract.errors import ErrorCode

_BLOCK = 1 << 20
_INDEX = {name: i for i, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, its cells in the order of `COLUMNS`, and what is wrong with its form."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells[_INDEX[column]]


class FileReader:
    """The rows of one file. `position` is how many bytes were read of `size`."""

    def __init__(self, path: Path) -> None:
        """Check the whole file's encoding, and its header. Raises FileRefused, or OSError where it cannot be opened."""
        self.path = path
        self.size = _check_encoding(path)
        self.position = 0
        with path.open("rb") as raw, _text(raw) as text:
            header, fault = _cells(next(text, ""))
        if fault:
            raise FileRefused(ErrorCode.FILE_HEADER_WRONG, f"The first line cannot be read as column names: {fault}.")
        self._order = column_order(header)

    def rows(self) -> Iterator[Row]:
        """The rows below the header; lines with nothing in them are left out."""
        with self.path.open("rb") as raw, _text(raw) as text:
            for number, line in enumerate(text, start=1):
                if number > 1 and not line.isspace():
                    yield self._row(number, line)
                self.position = raw.tell()
        self.position = self.size

    def _row(self, number: int, line: str) -> Row:
        cells, fault = _cells(line)
        if not fault and len(cells) == len(COLUMNS):
            return Row(number, tuple([cells[i].strip() for i in self._order]))
        if not fault:
            fault = f"the row has {len(cells)} cells instead of {len(COLUMNS)}"
        padded = [*cells, *[""] * len(COLUMNS)]
        return Row(number, tuple([padded[i].strip() for i in self._order]), fault)


def _text(raw: io.BufferedReader) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def _cells(line: str) -> tuple[list[str], str]:
    """The cells of one line, or what can be guessed of them and why.

    Each line is parsed by itself, so that a quotation mark that is never closed spoils one row and not all that follow.
    """
    try:
        return next(csv.reader((line,), strict=True), []), ""
    except csv.Error as error:
        guessed = [cell.strip('" ') for cell in line.rstrip("\r\n").split(",")]
        if "unexpected end" in str(error):
            return guessed, "a quotation mark is opened and not closed; a row must stand on one line"
        return guessed, f"the row is not well-formed CSV ({error})"


def _check_encoding(path: Path) -> int:
    """Decode the whole file once, so that a wrong byte at its end stops it before anything is written. Its size."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size, line, carried = 0, 1, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if size == 0 and block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise _not_utf8("The file is UTF-16, not UTF-8.")
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                at = max(error.start - carried, 0)  # the decoder may hold the first bytes of a letter from before
                raise _not_utf8(_first_wrong(line + _lines(block[:at]), error.object[error.start])) from None
            if b"\n" not in block and b"\r" not in block and len(block) == _BLOCK:
                raise FileRefused(
                    ErrorCode.FILE_HEADER_WRONG, f"Line {line} is longer than a megabyte: this is no CSV file."
                )
            size += len(block)
            line += _lines(block)
            carried = len(decoder.getstate()[0])
    if carried:
        raise _not_utf8(f"The file ends in the middle of a letter, on line {line}: it may have been cut off.")
    return size


def _lines(block: bytes) -> int:
    return block.count(b"\n") or block.count(b"\r")


def _first_wrong(line: int, byte: int) -> str:
    return f"The file is not UTF-8: line {line} holds the byte 0x{byte:02X}."


def _not_utf8(sentence: str) -> FileRefused:
    return FileRefused(ErrorCode.FILE_ENCODING_WRONG, f"{sentence} Save it as 'CSV UTF-8' and try again.")
