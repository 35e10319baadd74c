"""A browser that outlives a restart never meets a control id twice."""

from __future__ import annotations

from flet.controls.id_counter import ControlId

from views.host.control_ids import begin_apart


def test_two_starts_count_in_different_places_and_stay_within_a_browsers_integers() -> None:
    ControlId.next()  # the first may be what a start in the same moment begins with again
    before = ControlId.next()
    try:
        starts = [begin_apart(1_800_000_000.0 + seconds) for seconds in (0, 1, 60, 86_400)]
        assert len(set(starts)) == 4
        assert min(abs(a - b) for a in starts for b in starts if a is not b) >= 2_000
        assert ControlId.next() == starts[-1]
        assert max(starts) < 2**31
    finally:
        begin_apart()
    assert ControlId.next() != before
