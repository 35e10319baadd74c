"""Hypothesis strategies: baskets, campaigns, members and programmes of every kind, small enough to meet each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from hypothesis import strategies as st

from contract.basket import Basket, BasketLine
from contract.campaigns import (
    WEEKDAYS,
    BirthdayCondition,
    CampaignVersion,
    ExpiryAfterMonths,
    FirstPurchaseCondition,
    FixedReward,
    Hours,
    Limits,
    MemberFacts,
    Minimum,
    MultiplierReward,
    NoExpiry,
    NthPurchaseCondition,
    PercentReward,
    PointsReward,
    Products,
    ProgrammeRules,
    Rounding,
    SegmentCondition,
    StampReward,
    Step,
    Steps,
    TierCondition,
    What,
    When,
    Where,
)

AT = datetime(2026, 3, 3, 15, tzinfo=UTC)
SKUS, BRANDS, TAGS = ["milk", "bread", ""], ["Acme", "Bolt", ""], ["organic", "local", "sale"]
CATEGORIES = ["food", "food/fruit", "bakery", "drinks", "giftcard", "delivery", ""]

some = st.sampled_from


@st.composite
def lines(draw: st.DrawFn) -> BasketLine:
    """One line, discounted and taxed or not."""
    quantity, price = draw(st.integers(1, 4)), draw(st.integers(1, 6_000))
    discount = draw(st.just(0) | st.integers(0, quantity * price))
    return BasketLine(
        sku=draw(some(SKUS)),
        name=draw(some(["A", "B"])),
        category=draw(some(CATEGORIES)),
        brand=draw(some(BRANDS)),
        tags=draw(st.lists(some(TAGS), max_size=2)),
        quantity=quantity,
        unit_price=price,
        discount=discount,
        tax=draw(st.integers(0, quantity * price - discount)),
    )


def baskets(max_lines: int = 6) -> st.SearchStrategy[Basket]:
    """Baskets that cost something."""
    several = st.lists(lines(), min_size=1, max_size=max_lines).filter(lambda found: any(line.net for line in found))
    return st.builds(basket_of, several)


def basket_of(found: list[BasketLine]) -> Basket:
    """A basket of these lines."""
    return Basket(store_id="centro", at=AT, receipt_number="r-1", lines=found, payment_means="pix")


def products() -> st.SearchStrategy[Products]:
    """Lists of products, mostly empty."""
    return st.builds(
        Products,
        skus=_few(SKUS),
        categories=_few(CATEGORIES),
        brands=_few(BRANDS),
        tags=_few(TAGS),
    )


def _few(words: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    named = st.lists(some([word for word in words if word]), max_size=2, unique=True).map(tuple)
    return st.just(()) | named


conditions = st.one_of(
    st.just(SegmentCondition(any_of=("students",))),
    st.just(TierCondition(any_of=("gold",))),
    st.just(BirthdayCondition(days_before=5, days_after=5)),
    st.just(FirstPurchaseCondition()),
    st.builds(NthPurchaseCondition, n=st.integers(1, 4), repeat=some(["once", "onwards", "every"])),
)
whens = st.builds(
    When,
    starts_at=some([datetime(2026, 1, 1, tzinfo=UTC), AT]),
    ends_at=some([None, datetime(2027, 1, 1, tzinfo=UTC)]),
    weekdays=st.just(()) | st.lists(some(list(WEEKDAYS)), max_size=6, unique=True).map(tuple),
    hours=st.just(()) | st.just((Hours(start=time(9), end=time(18)),)),
)
wheres = st.just(Where()) | st.just(Where(stores=("centro",))) | st.just(Where(channels=("web",)))
whats = st.just(What()) | st.builds(What, only=products(), exclude=products(), exclude_discounted=st.booleans())
limits = st.just(Limits()) | st.builds(
    Limits,
    per_line=st.none() | st.integers(1, 400),
    per_receipt=st.none() | st.integers(1, 600),
    per_member=st.none() | st.integers(1, 900),
    total=st.none() | st.integers(1, 900),
)
percents = st.builds(PercentReward, rate_bp=st.integers(1, 10_000))
minimums = st.builds(Minimum, amount=st.integers(1, 12_000), of=some(["basket", "matching"]))


@st.composite
def steps(draw: st.DrawFn) -> Steps:
    """Steps whose thresholds and rates rise."""
    count = draw(st.integers(1, 3))
    thresholds = sorted(draw(st.sets(st.integers(1, 15_000), min_size=count, max_size=count)))
    rates = sorted(draw(st.sets(st.integers(1, 10_000), min_size=count, max_size=count)))
    pairs = zip(thresholds, rates, strict=True)
    made = tuple(Step(threshold=threshold, rate_bp=rate) for threshold, rate in pairs)
    return Steps(mode=draw(some(["whole", "marginal"])), of=draw(some(["basket", "matching"])), steps=made)


@st.composite
def campaigns(draw: st.DrawFn) -> CampaignVersion:
    """A campaign of any kind."""
    kind = draw(some(["percent", "steps", "fixed", "multiplier", "points", "stamp"]))
    rewards: dict[str, st.SearchStrategy[Any]] = {
        "percent": percents,
        "steps": st.just(PercentReward(rate_bp=0)),
        "fixed": st.builds(FixedReward, value=st.integers(1, 900), per=some(["receipt", "unit"])),
        "multiplier": st.builds(MultiplierReward, factor_bp=st.integers(10_001, 40_000), unit=some(["cash", "points"])),
        "points": st.builds(PointsReward, points=st.integers(1, 5), per=st.integers(50, 500)),
        "stamp": st.builds(StampReward, stamps=st.integers(1, 3)),
    }
    return CampaignVersion(
        campaign_id=f"c{draw(st.integers(0, 10_000))}",
        name={"en": kind},
        who=draw(st.just(()) | st.lists(conditions, max_size=2).map(tuple)),
        when=draw(whens),
        where=draw(wheres),
        what=draw(whats),
        threshold=draw(steps()) if kind == "steps" else draw(st.none() | minimums),
        reward=draw(rewards[kind]),
        limits=draw(limits),
        pending_days=draw(st.integers(0, 30)),
        expiry=draw(st.just(NoExpiry()) | st.builds(ExpiryAfterMonths, months=st.integers(1, 12))),
        stacking="multiplier" if kind == "multiplier" else draw(some(["base", "base", "exclusive"])),
        needs_activation=draw(st.booleans()),
    )


@st.composite
def many_campaigns(draw: st.DrawFn) -> list[CampaignVersion]:
    """Campaigns with ids of their own, half of which the member activated."""
    return draw(st.lists(campaigns(), max_size=6, unique_by=lambda campaign: campaign.campaign_id))


@st.composite
def members(draw: st.DrawFn, of: list[CampaignVersion]) -> MemberFacts:
    """A member who has activated and earned from some of the campaigns."""
    ids = [campaign.campaign_id for campaign in of]
    return MemberFacts(
        member_id="m-1",
        segments=draw(some([(), ("students",)])),
        tier=draw(some([None, "gold"])),
        birthday=draw(some([None, date(1990, 3, 1), date(1990, 9, 1)])),
        purchase_count=draw(st.integers(0, 5)),
        activated=frozenset(draw(st.lists(some(ids), unique=True))) if ids else frozenset(),
        earned={key: draw(st.integers(0, 1_000)) for key in ids},
        use_history=draw(st.booleans()),
    )


programmes = st.builds(
    ProgrammeRules,
    currency=st.just("BRL"),
    timezone=st.just("America/Sao_Paulo"),
    basis=some(["with_tax", "without_tax"]),
    rounding=st.just(Rounding()) | st.builds(Rounding, mode=some(["floor", "half_even"]), unit=some([5, 10, 100])),
)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Basket, MemberFacts, list[CampaignVersion], ProgrammeRules, dict[str, int]]:
    """All that a quote is made from."""
    acting = draw(many_campaigns())
    budgets = {campaign.campaign_id: draw(st.integers(0, 1_000)) for campaign in acting if draw(st.booleans())}
    return draw(baskets()), draw(members(acting)), acting, draw(programmes), budgets
