"""The table says of each figure whether it holds, and the file keeps what was promised."""

from __future__ import annotations

import pytest

from tests.bench.figures import Figure
from tests.bench.pairs import Pair, Sample


@pytest.mark.parametrize(
    ("value", "better", "holds"), [(1.0, "more", True), (0.9, "more", False), (1.0, "less", True), (1.1, "less", False)]
)
def test_a_figure_holds_at_its_floor_and_on_its_better_side(value, better, holds):
    assert Figure("receipts", value, "x", 1.0, better=better).holds is holds


def test_a_figure_without_a_floor_only_explains():
    assert Figure("receipts", 1.0, "x").holds is None


def test_a_record_holds_what_the_results_file_promises():
    record = Figure("receipts", 0.5, "x TPC-B", 0.35, 0.5, note="not kept").record
    assert record == {
        "name": "receipts",
        "value": 0.5,
        "unit": "x TPC-B",
        "floor": 0.35,
        "aim": 0.5,
        "better": "more",
    }


def test_each_turn_is_compared_with_its_neighbour_so_that_a_slow_spell_falls_on_both():
    fast, slow = Sample(100, 1.0, 0.5), Sample(10, 1.0, 0.05)
    pair = Pair([fast, slow, fast], [Sample(200, 1.0, 0.5), Sample(20, 1.0, 0.05), Sample(200, 1.0, 0.5)])
    assert (pair.rate, pair.cpu) == (0.5, 0.5)
