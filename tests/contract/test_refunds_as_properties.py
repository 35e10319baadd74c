"""What holds of every return of goods, in whatever parts and order they come back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.money import split
from contract.refunds import RefundEffect, SoldLine, TooManyReturned, refund_effect

KEYS = [("base", 1), ("green", 3), ("points", 2)]


@st.composite
def sold_lines(draw: st.DrawFn) -> list[SoldLine]:
    """Lines as they were sold; some were given away, some earned nothing, some more than they cost."""
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        earned = {key: draw(st.integers(0, 900)) for key in KEYS[:2] if draw(st.booleans())}
        points = {key: draw(st.integers(0, 900)) for key in KEYS[2:] if draw(st.booleans())}
        lines.append(SoldLine(draw(st.integers(1, 7)), draw(st.just(0) | st.integers(1, 9_999)), earned, points=points))
    return lines


@st.composite
def sales(draw: st.DrawFn) -> tuple[list[SoldLine], int, int, int]:
    """Lines, and what paid for them: cashback, points, and what the points were worth."""
    lines = draw(sold_lines().filter(lambda found: any(line.paid for line in found)))
    total = sum(line.paid for line in lines)
    redeemed = draw(st.integers(0, total))
    worth = draw(st.integers(0, total - redeemed))
    return lines, redeemed, worth * draw(st.integers(1, 3)), worth


def give_back(lines: list[SoldLine], returned: dict[int, int]) -> list[SoldLine]:
    return [replace(line, returned=line.returned + returned.get(n, 0)) for n, line in enumerate(lines)]


def in_parts(data: st.DataObject, lines: list[SoldLine], *tender: int) -> list[RefundEffect]:
    """All of it back, in parts and an order by chance."""
    redeemed, points, worth = tender
    pieces = data.draw(st.permutations([n for n, line in enumerate(lines) for _ in range(line.quantity)]))
    effects = []
    while pieces:
        size = data.draw(st.integers(1, len(pieces)))
        part, pieces = pieces[:size], pieces[size:]
        returned = {n: part.count(n) for n in part}
        effects.append(refund_effect(lines, redeemed, returned, points=points, worth=worth))
        lines = give_back(lines, returned)
    return effects


@given(sales(), st.data())
def test_all_parts_together_are_the_whole_to_the_cent(sale: tuple[list[SoldLine], int, int, int], data) -> None:
    lines, redeemed, points, worth = sale
    effects = in_parts(data, lines, redeemed, points, worth)
    assert sum(each.amount for each in effects) == sum(line.paid for line in lines)
    assert sum(each.restored for each in effects) == redeemed
    assert sum(each.points_restored for each in effects) == points
    assert sum(part.points_worth for each in effects for part in each.lines) == worth
    for key in KEYS:
        given_by = sum(line.earned.get(key, 0) + line.points.get(key, 0) for line in lines)
        assert sum(each.claws.get(key, 0) for each in effects) == given_by


@given(sales(), st.data())
def test_no_part_takes_more_than_its_line_had_and_none_is_negative(
    sale: tuple[list[SoldLine], int, int, int], data
) -> None:
    lines, *tender = sale
    taken = [0] * len(lines)
    for effect in in_parts(data, lines, *tender):
        for part in effect.lines:
            taken[part.line] += part.clawed_back
            assert min(part.amount, part.clawed_back, part.restored, part.points_clawed_back, part.points_restored) >= 0
            assert taken[part.line] <= sum(lines[part.line].earned.values())
        assert all(value > 0 for value in effect.claws.values())
        assert sum(effect.claws.values()) == sum(part.clawed_back + part.points_clawed_back for part in effect.lines)


@given(sales(), st.data())
def test_what_comes_back_of_one_line_touches_no_other(sale: tuple[list[SoldLine], int, int, int], data) -> None:
    lines, redeemed, points, worth = sale
    n = data.draw(st.integers(0, len(lines) - 1))
    quantity = data.draw(st.integers(1, lines[n].quantity))
    (part,) = refund_effect(lines, redeemed, {n: quantity}, points=points, worth=worth).lines
    others = [replace(line, earned={}, points={}, returned=0) if m != n else line for m, line in enumerate(lines)]
    assert refund_effect(others, redeemed, {n: quantity}, points=points, worth=worth).lines == [part]
    assert part.restored <= split(redeemed, [line.paid for line in lines])[n]


@given(sold_lines(), st.data())
def test_more_than_was_kept_is_refused(lines: list[SoldLine], data) -> None:
    n = data.draw(st.integers(0, len(lines) - 1))
    lines = give_back(lines, {n: data.draw(st.integers(0, lines[n].quantity))})
    with pytest.raises(TooManyReturned) as refused:
        refund_effect(lines, 0, {n: lines[n].left + 1})
    assert (refused.value.line, refused.value.left) == (n, lines[n].left)
