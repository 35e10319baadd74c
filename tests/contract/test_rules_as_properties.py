"""What holds for every basket, every member and every set of campaigns."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contract.basket import Basket, BasketLine
from contract.campaigns import CampaignVersion, MemberFacts, Minimum, PercentReward, ProgrammeRules, Steps, When
from contract.money import POINTS
from contract.quotes import Quote
from contract.rules import may_spend, may_spend_points, points_worth, quote
from contract.till_kit import sure
from tests.contract.baskets import AT, basket_of, baskets, campaigns, lines, minimums, percents, scenes, steps, whats

Scene = tuple[Basket, MemberFacts, list[CampaignVersion], ProgrammeRules, dict[str, int]]

PLAIN = ProgrammeRules(currency="BRL", timezone="America/Sao_Paulo")


def quoted(scene: Scene) -> Quote:
    basket, member, acting, programme, budgets = scene
    return quote(basket, member, acting, AT, programme, budgets)


@given(scenes())
def test_nothing_is_ever_negative_and_reasons_lines_and_rewards_add_up_to_the_total(scene: Scene) -> None:
    answer = quoted(scene)
    points = answer.points.amount if answer.points else 0
    cash = [reward.value.amount for reward in answer.rewards if reward.value.currency == "BRL"]
    scores = [reward.value.amount for reward in answer.rewards if reward.value.currency == POINTS]
    assert sum(line.earned.amount for line in answer.lines) == sum(cash) == answer.earned.amount
    assert sum(line.points.amount for line in answer.lines if line.points) == sum(scores) == points
    for line in answer.lines:
        assert all(why.value.amount >= 0 for why in line.why)
        assert min(line.earned.amount, line.basis.amount) >= 0
        assert sum(why.value.amount for why in line.why if why.value.currency == "BRL") == line.earned.amount
    for reward in answer.rewards:
        assert reward.value.amount > 0
        assert sum(_told(answer, reward.campaign_id)) == reward.value.amount
        assert reward.value.amount <= reward.desired_value.amount or scene[3].rounding.mode == "half_even"


@given(scenes())
def test_no_cap_is_ever_broken(scene: Scene) -> None:
    _, member, acting, _, budgets = scene
    answer = quoted(scene)
    given_by = {reward.campaign_id: reward.value.amount for reward in answer.rewards}
    for campaign in acting:
        value, caps = given_by.get(campaign.campaign_id, 0), campaign.limits
        assert caps.per_receipt is None or value <= caps.per_receipt
        had = member.earned.get(campaign.campaign_id, 0)
        assert caps.per_member is None or value <= max(0, caps.per_member - had)
        assert caps.total is None or value <= budgets.get(campaign.campaign_id, caps.total)
        told = [
            why.value.amount for line in answer.lines for why in line.why if why.campaign_id == campaign.campaign_id
        ]
        assert caps.per_line is None or all(amount <= caps.per_line for amount in told)


@given(baskets(), percents, whats)
def test_a_percent_never_gives_more_than_the_basis(basket: Basket, reward: PercentReward, what: Any) -> None:
    answer = quote(basket, MemberFacts(), [_base(reward, what=what)], AT, PLAIN)
    assert all(line.earned.amount <= line.basis.amount for line in answer.lines)


@given(baskets(), percents, st.sampled_from([2, 5, 10, 50, 100]), st.sampled_from(["floor", "half_even"]))
def test_rounding_never_gives_more_than_the_basis(basket: Basket, reward: PercentReward, unit: int, mode: str) -> None:
    programme = PLAIN.model_validate(PLAIN.model_dump() | {"rounding": {"mode": mode, "unit": unit}})
    answer = quote(basket, MemberFacts(), [_base(reward)], AT, programme)
    assert answer.earned.amount <= answer.basis.amount
    assert answer.earned.amount % unit == 0


@given(scenes(), st.randoms())
def test_the_order_of_campaigns_does_not_matter(scene: Scene, chance: Any) -> None:
    basket, member, acting, programme, budgets = scene
    shuffled = list(acting)
    chance.shuffle(shuffled)
    assert quoted((basket, member, shuffled, programme, budgets)) == quoted(scene)


@given(scenes(), st.randoms())
def test_each_line_earns_the_same_wherever_it_stands(scene: Scene, chance: Any) -> None:
    basket, *rest = scene
    places = list(range(len(basket.lines)))
    chance.shuffle(places)
    moved = basket_of([basket.lines[place] for place in places])
    before, after = quoted(scene), quoted((moved, *rest))
    assert after.earned == before.earned
    assert after.rewards == before.rewards
    assert after.hints == before.hints
    assert _by_content(moved, after) == _by_content(basket, before)


@given(scenes())
def test_a_quote_survives_being_stored_and_read(scene: Scene) -> None:
    answer = quoted(scene)
    assert Quote.model_validate_json(answer.model_dump_json()) == answer
    assert Quote.model_validate(answer.model_dump()) == answer


@given(scenes())
def test_every_campaign_is_told_on_every_line_or_in_the_notes(scene: Scene) -> None:
    answer = quoted(scene)
    noted = {note.campaign_id for note in answer.notes}
    for campaign in scene[2]:
        telling = [sum(why.campaign_id == campaign.campaign_id for why in line.why) for line in answer.lines]
        assert set(telling) == {1} or (set(telling) == {0} and campaign.campaign_id in noted)


@given(scenes())
def test_no_lawful_combination_gives_more(scene: Scene) -> None:
    """All base rules with all multipliers, or one exclusive alone: the answer is worth what the best of them is."""
    basket, member, acting, programme, budgets = scene
    together = [each for each in acting if each.stacking != "exclusive"]
    alone = [[each] for each in acting if each.stacking == "exclusive"]
    each_worth = [worth(quoted((basket, member, some, programme, budgets))) for some in [together, *alone]]
    assert worth(quoted(scene)) == max(each_worth)


def worth(answer: Quote) -> tuple[int, int]:
    """Cash and points at a point for a cent; stamps decide between equals."""
    points = answer.points.amount if answer.points else 0
    return answer.earned.amount + points, sum(gift.stamps for gift in answer.stamps)


@given(baskets(), steps() | minimums, st.integers(1, 3_000))
def test_what_a_hint_asks_for_brings_what_it_says(basket: Basket, threshold: Steps | Minimum, rate: int) -> None:
    reward = PercentReward(rate_bp=0 if isinstance(threshold, Steps) else rate)
    rule = [_base(reward, threshold=threshold)]
    before = quote(basket, MemberFacts(), rule, AT, PLAIN)
    for step in before.hints:
        more = basket_of([*basket.lines, BasketLine(name="More", unit_price=step.missing.amount)])
        after = quote(more, MemberFacts(), rule, AT, PLAIN)
        short = basket_of([*basket.lines, BasketLine(name="More", unit_price=max(1, step.missing.amount - 1))])
        assert rates(after) >= {step.rate_bp} or (isinstance(threshold, Steps) and threshold.mode == "marginal")
        assert not [hint for hint in after.hints if hint.missing.amount <= 0]
        assert after.earned.amount >= quote(short, MemberFacts(), rule, AT, PLAIN).earned.amount
        if step.missing.amount > 1:
            assert quote(short, MemberFacts(), rule, AT, PLAIN).hints[0].missing.amount == 1


def rates(answer: Quote) -> set[int | None]:
    return {why.rate_bp for line in answer.lines for why in line.why}


@given(scenes())
def test_hints_are_few_near_first_and_always_something_to_add(scene: Scene) -> None:
    missing = [hint.missing.amount for hint in quoted(scene).hints]
    assert missing == sorted(missing)
    assert len(missing) <= 3
    assert all(amount > 0 for amount in missing)


@given(baskets(), lines(), percents, whats, st.none() | minimums)
def test_one_more_line_never_lowers_a_percent_rule(
    basket: Basket, line: BasketLine, reward: PercentReward, what: Any, threshold: Any
) -> None:
    rule = [_base(reward, what=what, threshold=threshold)]
    _never_less(basket, line, rule)


@given(baskets(), lines(), steps(), whats)
def test_one_more_line_never_lowers_a_rule_with_steps(
    basket: Basket, line: BasketLine, threshold: Steps, what: Any
) -> None:
    _never_less(basket, line, [_base(PercentReward(rate_bp=0), what=what, threshold=threshold)])


@given(baskets(), lines(), st.lists(campaigns(), max_size=4, unique_by=lambda campaign: campaign.campaign_id))
def test_one_more_line_never_lowers_base_rules_together(
    basket: Basket, line: BasketLine, acting: list[CampaignVersion]
) -> None:
    _never_less(basket, line, [campaign for campaign in acting if campaign.stacking == "base"])


@given(st.integers(-100, 10**9), st.integers(-100, 10**9), st.integers(0, 10_000), st.none() | st.integers(0, 10**6))
def test_what_may_be_spent_is_within_every_limit(total: int, available: int, share: int, limit: int | None) -> None:
    programme = PLAIN.model_copy(update={"redeem_max_share_bp": share, "spend_limit": limit, "redeem_minimum": 100})
    most = may_spend(total, available, programme)
    assert most == 0 or 100 <= most <= min(available, total)
    assert most * 10_000 <= max(0, total) * share
    assert limit is None or most <= limit


@given(st.integers(-5, 10**9))
def test_points_are_never_worth_less_than_nothing(points: int) -> None:
    programme = PLAIN.model_validate(PLAIN.model_dump() | {"points_rate": {"points": 10, "minor_units": 3}})
    assert 0 <= points_worth(points, programme) <= max(0, points) * 3 // 10


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**7), st.integers(1, 200), st.integers(1, 200))
def test_the_most_points_are_within_the_caps_and_one_more_is_not(
    total: int, available: int, points: int, rate: int, worth_of_it: int
) -> None:
    stated = {"points_rate": {"points": rate, "minor_units": worth_of_it}, "redeem_max_share_bp": 5_000}
    programme = PLAIN.model_validate(PLAIN.model_dump() | stated)
    most = may_spend_points(total, available, points, programme)
    cap = may_spend(total, available + points_worth(points, programme), programme)
    assert 0 <= most <= points
    assert points_worth(most, programme) <= cap
    assert most == points or not cap or points_worth(most + 1, programme) > cap


def _told(answer: Quote, campaign_id: str) -> list[int]:
    """What a campaign gave to each line."""
    return [why.value.amount for line in answer.lines for why in line.why if why.campaign_id == campaign_id]


def _base(reward: PercentReward, **fields: Any) -> CampaignVersion:
    given = {key: value for key, value in fields.items() if value is not None}
    return CampaignVersion(campaign_id="a", name={"en": "a"}, when=When(starts_at=AT), reward=reward, **given)


def _never_less(basket: Basket, line: BasketLine, acting: list[CampaignVersion]) -> None:
    before = quote(basket, MemberFacts(), acting, AT, PLAIN)
    after = quote(basket_of([*basket.lines, line]), MemberFacts(), acting, AT, PLAIN)
    assert after.earned.amount >= before.earned.amount


def _by_content(basket: Basket, answer: Quote) -> list[tuple[str, int, int, list[str]]]:
    """What each line earns and why, known by what the line is; tags count as a set."""
    told = zip(basket.lines, answer.lines, strict=True)
    return sorted(
        (
            line.model_copy(update={"tags": sorted(line.tags)}).model_dump_json(),
            answered.earned.amount,
            answered.points.amount if answered.points else 0,
            [why.model_dump_json() for why in answered.why],
        )
        for line, answered in told
    )


@given(scenes())
def test_what_a_till_tells_of_a_member_whom_it_does_not_know_is_never_more_than_she_gets(scene: Scene) -> None:
    basket, member, acting, programme, budgets = scene
    told = quote(basket, MemberFacts(), sure(acting), AT, programme)
    total = {each.campaign_id for each in acting if each.limits.total is not None}  # only these have a budget
    left = {campaign: amount for campaign, amount in budgets.items() if campaign in total}
    assert told.earned.amount <= quote(basket, member, acting, AT, programme, left).earned.amount
