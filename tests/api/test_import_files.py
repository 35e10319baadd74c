"""A file that cannot be taken is refused whole, with a sentence that says what to do; a bad row says where and why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.imports.baskets import Receipt, Terms, receipts
from api.imports.columns import COLUMNS, FileRefused
from api.imports.reader import FileReader
from api.imports.seen import SeenReceipts
from contract.errors import ErrorCode
from tests.api.import_files import ANA, BRUNO, HEADER, row, write

TERMS = Terms(frozenset({"centro", "jardins", "web"}), datetime(2026, 3, 10, tzinfo=UTC))


def read(path: Path) -> list[Receipt]:
    with SeenReceipts() as seen:
        return list(receipts(FileReader(path).rows(), TERMS, seen))


def refused(tmp_path: Path, content: bytes) -> FileRefused:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as found:
        FileReader(path)
    return found.value


def reasons(tmp_path: Path, *rows: str) -> list[tuple[int, str, str]]:
    found = read(write(tmp_path / "file.csv", rows))
    return [(fault.line, fault.column, fault.reason) for receipt in found for fault in receipt.faults]


def test_a_missing_and_an_unknown_column_are_named(tmp_path):
    wrong = HEADER.replace("unit_price", "price").replace(",tags", "")
    found = refused(tmp_path, f"{wrong}\n".encode())
    assert found.code == ErrorCode.FILE_HEADER_WRONG
    assert "lacks tags, unit_price" in found.sentence
    assert "'price' (did you mean unit_price?)" in found.sentence
    assert [(e.field, e.message) for e in found.errors] == [
        ("tags", "is missing"),
        ("unit_price", "is missing"),
        ("price", "is unknown"),
    ]


def test_a_column_named_twice_is_refused(tmp_path):
    assert "names sku more than once" in refused(tmp_path, f"{HEADER},sku\n".encode()).sentence


def test_an_empty_file_is_told_which_columns_it_must_have(tmp_path):
    assert HEADER in refused(tmp_path, b"").sentence


@pytest.mark.parametrize(("sign", "called"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_delimiter_gets_a_sentence_of_its_own(tmp_path, sign, called):
    found = refused(tmp_path, HEADER.replace(",", sign).encode())
    assert f"separated by {called}" in found.sentence


def test_the_first_byte_that_is_not_utf8_is_named_by_its_line(tmp_path):
    lines = [HEADER, row("R1"), row("R2"), row("R3", name="Pão")]
    found = refused(tmp_path, "\n".join(lines).encode("latin-1"))
    assert found.code == ErrorCode.FILE_ENCODING_WRONG
    assert "line 4 holds the byte 0xE3" in found.sentence


def test_a_wrong_byte_far_into_a_large_file_is_found_before_anything_is_posted(tmp_path):
    good = (row("R1", name="Pão") + "\n").encode()
    lines = 3 * (1 << 20) // len(good)
    found = refused(tmp_path, HEADER.encode() + b"\n" + good * lines + b"\xff\n")
    assert f"line {lines + 2:d} holds the byte 0xFF" in found.sentence


def test_utf16_and_a_file_that_was_cut_off_are_told_apart(tmp_path):
    assert "UTF-16" in refused(tmp_path, HEADER.encode("utf-16")).sentence
    assert "cut off" in refused(tmp_path, f"{HEADER}\nPã".encode()[:-1]).sentence


def test_what_is_no_csv_at_all_is_not_read_into_memory(tmp_path):
    assert "longer than a megabyte" in refused(tmp_path, b"x" * (2 << 20)).sentence


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_the_line_ends_of_windows_are_fine(tmp_path, mark, end):
    path = tmp_path / "file.csv"
    path.write_bytes(mark + end.join([HEADER, row("R1"), "", row("R2")]).encode())
    assert [(r.number, r.lines) for r in read(path)] == [("R1", (2,)), ("R2", (4,))]


def test_columns_may_stand_in_any_order(tmp_path):
    cells = row("R1", name='"Arroz, integral"').replace('"Arroz, integral"', "NAME").split(",")
    backwards = ",".join(reversed(cells)).replace("NAME", '"Arroz, integral"')
    (receipt,) = read(write(tmp_path / "file.csv", [backwards], ",".join(reversed(COLUMNS))))
    assert receipt.basket is not None
    assert receipt.basket.lines[0].name == "Arroz, integral"


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"quantity": 0}, "quantity", "1 or more"),
        ({"quantity": -1}, "quantity", "whole number"),
        ({"quantity": "1.5"}, "quantity", "whole number"),
        ({"quantity": 100_001}, "quantity", "100000"),
        ({"unit_price": 0}, "unit_price", "1 or more"),
        ({"unit_price": "R$ 5"}, "unit_price", "minor units"),
        ({"unit_price": "９"}, "unit_price", "minor units"),
        ({"unit_price": 10**13}, "unit_price", "1000000000000"),
        ({"discount": 99_999}, "discount", "between 0 and"),
        ({"discount": 2580}, "", "total must be above 0"),
        ({"member": "123"}, "member_number", "10 digits"),
        ({"store": "mars"}, "store", "centro, jardins, web"),
        ({"channel": "phone"}, "channel", "store or web"),
        ({"at": "yesterday"}, "at", "ISO 8601"),
        ({"at": "2026-02-14T18:05:00"}, "at", "time zone"),
        ({"at": "2027-02-14T18:05:00Z"}, "at", "in the future"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at", "before 1970"),
        ({"name": ""}, "name", "at least 1 character"),
        ({"name": "a\x00b"}, "name", "control character"),
        ({"receipt": ""}, "receipt_number", "is empty"),
        ({"receipt": "9" * 65}, "receipt_number", "at most 64"),
        ({"sku": "9" * 65}, "sku", "at most 64"),
    ],
)
def test_each_bad_cell_is_named_with_its_line_column_and_reason(tmp_path, cells, column, said):
    found = reasons(tmp_path, row("R0", BRUNO), row(**cells))
    assert [(line, name) for line, name, _ in found] == [(3, column)]
    assert said in found[0][2]


def test_rows_of_one_receipt_must_agree(tmp_path):
    found = reasons(tmp_path, row("R1"), row("R1", BRUNO))
    assert found == [
        (2, "", "refused with its receipt, for line 3"),
        (3, "member_number", "differs from line 2 of the same receipt"),
    ]


def test_a_receipt_that_comes_again_later_is_refused_where_it_comes_again(tmp_path):
    found = read(write(tmp_path / "file.csv", [row("R1"), row("R2"), row("R1")]))
    assert [r.basket is not None for r in found] == [True, True, False]
    assert found[2].faults[0].line == 4
    assert "stood before on line 2" in found[2].faults[0].reason


def test_the_same_number_at_another_store_is_another_receipt(tmp_path):
    later = "2026-02-15T09:00:00-03:00"
    found = read(write(tmp_path / "file.csv", [row("R1"), row("R1", BRUNO, "jardins", at=later)]))
    assert [r.basket is not None for r in found] == [True, True]


@pytest.mark.parametrize(
    "bad",
    [
        row("R1").rsplit(",", 1)[0],
        row("R1", name='"Arroz'),
        row("R1", name='"Arr"oz'),
        row("", ANA),
        row("R1", store="jardins"),
    ],
)
def test_a_spoilt_row_never_lets_half_of_its_receipt_through(tmp_path, bad):
    found = read(write(tmp_path / "file.csv", [row("R0"), row("R1"), bad, row("R1"), row("R2")]))
    assert [r.number for r in found if r.basket is not None] == ["R0", "R2"]
    assert {fault.line for r in found for fault in r.faults} == {3, 4, 5}


def test_a_quotation_mark_that_is_never_closed_spoils_one_row_only(tmp_path):
    found = read(write(tmp_path / "file.csv", [row("R1", name='"Arroz'), *(row(f"S{i}") for i in range(50))]))
    assert [r.number for r in found if r.basket is None] == ["R1"]


def test_a_receipt_without_end_is_refused_and_not_collected(tmp_path):
    found = read(write(tmp_path / "file.csv", [*(row("R1") for _ in range(501)), row("R2")]))
    assert [(r.number, r.basket is not None) for r in found] == [("R1", False), ("R2", True)]
    assert "more than 500 rows" in found[0].faults[0].reason
