"""Tiers by hand: reached at once, kept, renewed, left only after a notice; and what must hold whatever is bought."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contract.tiers import FOR_EVER, Held, Ladder, Notice, Standing, Tier, stand

START = datetime(2020, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def ladder(**more) -> Ladder:
    tiers = [("bronze", 0), ("silver", 1_000), ("gold", 5_000)]
    keeps = more.pop("keeps", "next_period")
    made = [Tier(tier=name, name={"en": name.title()}, threshold=at, keeps=keeps) for name, at in tiers]
    return Ladder(**{"starts_at": START, "tiers": made, **more})


def day(text: str) -> date:
    return date.fromisoformat(text)


def on(text: str, held: Held | None = None, days: dict[str, int] | None = None, **terms) -> Standing:
    return stand(ladder(**terms), {day(d): n for d, n in (days or {}).items()}, held, day(text))


def follow(rules: Ladder, days: dict[date, int], looks) -> list[tuple[date, Standing]]:
    """Standings by a job that looks on these days, each time knowing what was bought by then."""
    held, seen = None, []
    for today in looks:
        found = stand(rules, {d: n for d, n in days.items() if d <= today}, held, today)
        seen.append((today, found))
        held = found.held
    return seen


# by hand


def test_everyone_begins_in_the_tier_that_costs_nothing() -> None:
    found = on("2026-03-10")
    assert (found.held.tier, found.counted, found.look_on) == ("bronze", 0, None)
    assert found.holds_until == FOR_EVER


def test_a_tier_is_reached_on_the_day_that_reaches_it_to_the_cent() -> None:
    assert on("2026-03-10", days={"2026-01-01": 400, "2026-03-10": 599}).held.tier == "bronze"
    assert on("2026-03-10", days={"2026-01-01": 400, "2026-03-10": 600}).held.tier == "silver"


def test_one_large_purchase_may_pass_over_a_tier() -> None:
    assert on("2026-03-10", days={"2026-03-10": 5_000}).held.tier == "gold"


def test_in_a_rolling_year_a_purchase_counts_until_its_day_comes_again() -> None:
    days = {"2025-03-10": 700}
    assert on("2026-03-09", days=days).counted == 700
    assert on("2026-03-10", days=days).counted == 0
    assert on("2026-03-09", days=days).look_on == day("2026-03-10")


def test_what_was_bought_on_29_february_counts_until_28_february() -> None:
    assert on("2025-02-27", days={"2024-02-29": 700}).counted == 700
    assert on("2025-02-28", days={"2024-02-29": 700}).counted == 0


def test_a_calendar_year_begins_anew() -> None:
    days = {"2025-12-31": 900, "2026-01-01": 900}
    assert on("2026-01-01", days=days, period="calendar_year").held.tier == "bronze"
    assert on("2026-01-01", days=days, period="rolling_year").held.tier == "silver"


def test_a_tier_of_a_calendar_year_holds_to_the_end_of_the_next() -> None:
    held = Held("silver")
    days = {"2025-06-01": 1_000}
    assert on("2025-06-01", days=days, period="calendar_year").holds_until == day("2027-01-01")
    assert on("2026-12-01", held, days, period="calendar_year").held == held
    told = on("2026-12-02", held, days, period="calendar_year")
    assert told.held.notice == Notice(day("2026-12-02"), day("2027-01-01"), "silver", 1_000)
    assert on("2026-12-31", told.held, days, period="calendar_year").held.tier == "silver"
    left = on("2027-01-01", told.held, days, period="calendar_year")
    assert (left.held.tier, left.left_on, left.held.notice) == ("bronze", day("2027-01-01"), None)


def test_you_will_leave_gold_on_1_march_unless_you_spend_120_more() -> None:
    days = {"2025-03-01": 5_000, "2025-06-01": 4_880}
    told = on("2026-05-02", Held("gold"), days, keeps="period")
    assert told.held.notice is not None
    assert (told.held.notice.leaves_on, told.held.notice.missing) == (day("2026-06-01"), 120)
    kept = on("2026-05-20", told.held, {**days, "2026-05-20": 120}, keeps="period")
    assert (kept.held, kept.holds_until) == (Held("gold"), day("2027-05-20"))
    almost = on("2026-05-20", told.held, {**days, "2026-05-20": 119}, keeps="period")
    assert almost.held.notice == Notice(day("2026-05-02"), day("2026-06-01"), "gold", 1)


def test_where_the_year_is_over_whatever_is_bought_the_notice_says_no_amount() -> None:
    told = on("2026-12-02", Held("gold"), {"2026-02-01": 6_000}, period="calendar_year", keeps="period")
    assert told.held.notice == Notice(day("2026-12-02"), day("2027-01-01"), "gold", None)


def test_one_step_down_holds_as_if_it_had_been_reached_that_day() -> None:
    gold = Held("gold", notice=Notice(day("2026-12-02"), day("2027-01-01"), "gold", 5_000))
    left = on("2027-01-01", gold, {"2025-06-01": 5_000}, period="calendar_year")
    assert (left.held, left.holds_until) == (Held("silver", day("2029-01-01")), day("2029-01-01"))


def test_down_to_what_is_reached_may_be_several_steps() -> None:
    gold = Held("gold", notice=Notice(day("2026-12-02"), day("2027-01-01"), "gold", 5_000))
    left = on("2027-01-01", gold, {"2025-06-01": 5_000}, period="calendar_year", downgrade="to_reached")
    assert left.held == Held("bronze")
    kept = {"2025-06-01": 5_000, "2026-06-01": 1_200}
    assert on("2027-01-01", gold, kept, period="calendar_year", downgrade="to_reached").held == Held("silver")


def test_a_late_job_gives_notice_first_and_all_its_days() -> None:
    late = on("2027-02-10", Held("gold"), {"2025-06-01": 5_000}, period="calendar_year", notice_days=14)
    assert late.held.tier == "gold"
    assert late.held.notice == Notice(day("2027-02-10"), day("2027-02-24"), "gold", 5_000)
    assert on("2027-02-23", late.held, period="calendar_year", notice_days=14).held.tier == "gold"
    assert on("2027-02-24", late.held, period="calendar_year", notice_days=14).held.tier == "silver"


def test_goods_that_came_back_lower_what_counts_and_still_there_is_notice() -> None:
    assert on("2026-03-10", days={"2026-03-10": 5_000}).held.tier == "gold"
    back = on("2026-03-20", Held("gold"), {"2026-03-10": 400})
    assert (back.held.tier, back.counted) == ("gold", 400)
    assert back.held.notice == Notice(day("2026-03-20"), day("2026-04-19"), "gold", 4_600)
    assert on("2026-04-19", back.held, {"2026-03-10": 400}, downgrade="to_reached").held == Held("bronze")


def test_a_purchase_that_came_back_whole_renews_nothing() -> None:
    days = {"2025-03-01": 5_000, "2026-01-30": 0}
    assert on("2026-01-30", Held("gold"), days, keeps="period").holds_until == day("2026-03-01")


def test_a_tier_for_ever_stays_while_nothing_comes_back() -> None:
    days = {"2016-03-10": 5_000}
    assert on("2026-03-10", Held("gold"), days, keeps="for_ever").held == Held("gold")
    assert on("2026-03-10", Held("gold"), days, period="ever").holds_until == FOR_EVER
    assert on("2026-03-10", Held("gold"), {}, period="ever").held.notice is not None


def test_a_ladder_without_a_free_tier_begins_with_none() -> None:
    tiers = [Tier(tier="vip", name={"en": "VIP"}, threshold=1_000)]
    rules = Ladder(starts_at=START, tiers=tiers)
    assert stand(rules, {}, None, day("2026-03-10")).held == Held(None)
    assert stand(rules, {day("2026-03-10"): 1_000}, None, day("2026-03-10")).held == Held("vip")
    vip = Held("vip", notice=Notice(day("2026-01-01"), day("2026-02-01"), "vip", 1))
    assert stand(rules, {}, vip, day("2026-03-10")).held == Held(None)


def test_higher_thresholds_take_no_tier_without_notice() -> None:
    tiers = [Tier(tier=name, name={"en": name}, threshold=at) for name, at in (("bronze", 0), ("silver", 9_000))]
    found = stand(Ladder(starts_at=START, tiers=tiers), {day("2026-03-01"): 1_000}, Held("silver"), day("2026-03-10"))
    assert (found.held.tier, found.held.notice is not None) == ("silver", True)


@pytest.mark.parametrize("thresholds", [(0, 0), (5, 3), (100, 100)])
def test_thresholds_must_rise(thresholds) -> None:
    tiers = [{"tier": f"t{n}", "name": {"en": "T"}, "threshold": at} for n, at in enumerate(thresholds)]
    with pytest.raises(ValidationError, match="must rise"):
        Ladder.model_validate({"starts_at": START, "tiers": tiers})


# whatever is bought

FIRST = date(2024, 1, 1)
ladders = st.builds(
    ladder,
    period=st.sampled_from(["rolling_year", "calendar_year", "ever"]),
    keeps=st.sampled_from(["period", "next_period", "for_ever"]),
    downgrade=st.sampled_from(["one_step", "to_reached"]),
    notice_days=st.integers(1, 90),
)
purchases = st.dictionaries(st.integers(0, 900).map(lambda n: FIRST + n * DAY), st.integers(1, 4_000), max_size=12)
OFTEN = [FIRST + n * DAY for n in range(0, 2_200, 15)]


@given(ladders, purchases, purchases)
def test_more_spent_never_lowers_a_tier(rules, days, more) -> None:
    both = {d: days.get(d, 0) + more.get(d, 0) for d in days.keys() | more.keys()}
    for (_, less), (today, most) in zip(follow(rules, days, OFTEN), follow(rules, both, OFTEN), strict=True):
        if less.held.notice is None:  # a notice that came later may be out later, too
            assert rules.rank(most.held.tier) >= rules.rank(less.held.tier), today


@given(ladders, purchases, purchases, st.integers(0, 2_200))
def test_more_spent_never_reaches_less(rules, days, more, look) -> None:
    today = FIRST + look * DAY
    both = {d: days.get(d, 0) + more.get(d, 0) for d in days.keys() | more.keys()}
    ranks = [rules.rank(stand(rules, each, None, today).held.tier) for each in (days, both)]
    assert ranks == sorted(ranks)


def test_who_reached_a_tier_too_late_for_its_notice_keeps_it_until_that_is_out() -> None:
    rules = ladder(period="calendar_year", keeps="period", notice_days=60)
    looks = [day(text) for text in ("2026-03-01", "2026-11-02", "2026-12-20", "2027-01-10", "2027-02-18")]
    early, late = ({day(bought): 1_000} for bought in ("2026-03-01", "2026-12-20"))
    assert [found.held.tier for _, found in follow(rules, early, looks)] == ["silver"] * 3 + ["bronze"] * 2
    assert [found.held.tier for _, found in follow(rules, late, looks)] == ["bronze"] * 2 + ["silver"] * 2 + ["bronze"]


@given(ladders, purchases, st.lists(st.integers(0, 2_200), max_size=30))
def test_a_tier_is_never_left_without_a_notice_before_it(rules, days, looks) -> None:
    looks = [FIRST + n * DAY for n in sorted(set(looks))]
    for (_, before), (today, after) in pairwise(follow(rules, days, looks)):
        if rules.rank(after.held.tier) < rules.rank(before.held.tier):
            notice = before.held.notice
            assert notice is not None
            assert notice.tier == before.held.tier
            assert notice.told_on + rules.notice_days * DAY <= after.left_on <= today


@given(ladders, purchases, st.sets(st.integers(0, 2_200), max_size=20))
def test_what_becomes_of_a_tier_does_not_hang_on_when_the_job_runs(rules, days, others) -> None:
    """One that runs when something is bought and on the days that it named comes to the same as one that runs more."""
    held, found, named = None, {}, []
    bought, today, last = sorted(days), FIRST, FIRST + 2_200 * DAY
    while today <= last:
        standing = stand(rules, {d: n for d, n in days.items() if d <= today}, held, today)
        held, found[today] = standing.held, standing
        named.append(today)
        nexts = [d for d in (standing.look_on, *bought) if d is not None and d > today]
        today = min(nexts, default=last + DAY)
    more = sorted({*named, *(FIRST + n * DAY for n in others)})
    for today, standing in follow(rules, days, more):
        if today in found:
            assert standing == found[today]


@given(ladders, purchases, st.integers(0, 2_200))
def test_asking_again_on_the_same_day_changes_nothing(rules, days, n) -> None:
    today = FIRST + n * DAY
    seen = [standing for _, standing in follow(rules, days, [*OFTEN[: n // 15], today, today])]
    assert seen[-1].held == seen[-2].held


@given(ladders, purchases)
def test_what_a_notice_asks_for_keeps_the_tier(rules, days) -> None:
    for today, standing in follow(rules, days, OFTEN):
        notice = standing.held.notice
        if notice is not None and notice.missing is not None and today < notice.leaves_on:
            more = {d: n for d, n in days.items() if d <= today}
            more[today] = more.get(today, 0) + notice.missing
            kept = stand(rules, more, standing.held, today)
            assert rules.rank(kept.held.tier) >= rules.rank(standing.held.tier)
            assert kept.held.notice is None
