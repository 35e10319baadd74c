"""How long a quote takes, and how that grows with lines and campaigns: `python -m tests.contract.quote_speed`.

`live` is a chain's campaigns of all kinds, of which a shopper meets some; `crowded` has products of every campaign in
every basket, so that half of the campaigns give something; `all give` is the worst that there can be.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from contract.basket import Basket, BasketLine
from contract.campaigns import CampaignVersion, MemberFacts, ProgrammeRules
from contract.rules import quote

AT = datetime(2026, 3, 3, 15, tzinfo=UTC)
PROGRAMME = ProgrammeRules(currency="BRL", timezone="America/Sao_Paulo")
MEMBER = MemberFacts(member_id="m-1", segments=("s1", "s2"), tier="gold", purchase_count=11)
CATEGORIES = [f"{top}/{n}" for top in ("food", "bakery", "drinks", "household", "electronics") for n in range(8)]
ROUNDS = 60


def basket(size: int) -> Basket:
    """A basket of so many different lines."""
    chance = random.Random(size)  # noqa: S311
    lines = [
        BasketLine(
            sku=f"p{chance.randrange(5_000)}",
            name=f"Item {n}",
            category=chance.choice(CATEGORIES),
            brand=f"b{chance.randrange(80)}",
            tags=chance.sample(["organic", "local", "new"], chance.randrange(3)),
            quantity=chance.randrange(1, 4),
            unit_price=chance.randrange(100, 5_000),
            discount=chance.choice([0, 0, 50]),
        )
        for n in range(size)
    ]
    return Basket(store_id="centro", at=AT, receipt_number="r-1", lines=lines)


def live(n: int, chance: random.Random) -> dict[str, Any]:
    """A campaign as a chain has many: by product, brand, store, segment, tier, activation; few for all."""
    percent = {"kind": "percent", "rate_bp": chance.randrange(100, 1_000)}
    category, brand = chance.choice(CATEGORIES), f"b{chance.randrange(80)}"
    kinds: list[dict[str, Any]] = [
        {"what": {"only": {"categories": [category]}}},
        {"what": {"only": {"skus": [f"p{chance.randrange(5_000)}" for _ in range(30)]}}},
        {"what": {"only": {"brands": [brand]}}},
        {"what": {"only": {"categories": [category], "tags": ["organic"]}}},
        {"who": [{"kind": "segment", "any_of": [f"s{chance.randrange(20)}"]}]},
        {"where": {"stores": [f"store-{chance.randrange(20)}"]}},
        {"what": {"only": {"categories": [category]}}, "needs_activation": True},
        {"who": [{"kind": "tier", "any_of": ["gold"]}], "what": {"only": {"brands": [brand]}}},
        {"what": {"only": {"categories": [category]}}, "reward": {"kind": "points", "per": 100}},
        {"threshold": {"kind": "minimum", "amount": 500_000}} if n % 20 else {"stacking": "exclusive"},
    ]
    return {"reward": percent, **kinds[n % len(kinds)]}


def crowded(n: int, chance: random.Random) -> dict[str, Any]:
    """A campaign that most baskets meet."""
    wide = {"what": {"only": {"categories": [chance.choice(CATEGORIES)]}}}
    return {"reward": {"kind": "percent", "rate_bp": chance.randrange(100, 1_000)}, **(wide if n % 2 else {})}


def all_give(n: int, chance: random.Random) -> dict[str, Any]:
    """A campaign for everything."""
    return {"reward": {"kind": "percent", "rate_bp": 100 + n}}


def campaigns(count: int, kind: Callable[[int, random.Random], dict[str, Any]]) -> list[CampaignVersion]:
    """So many campaigns of one kind, always the same ones."""
    chance = random.Random(7)  # noqa: S311
    when = {"starts_at": "2026-01-01T00:00:00Z"}
    named = [{"campaign_id": f"c{n}", "name": {"en": f"Campaign {n}"}, "when": when} for n in range(count)]
    return [CampaignVersion.model_validate(name | kind(n, chance)) for n, name in enumerate(named)]


def milliseconds(bought: Basket, acting: list[CampaignVersion]) -> tuple[float, float]:
    """The least and the middle time of many quotes."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        quote(bought, MEMBER, acting, AT, PROGRAMME)
        times.append((time.perf_counter() - began) * 1_000)
    times.sort()
    return times[0], times[len(times) // 2]


def main() -> None:
    """Print the table."""
    print(f"{'campaigns':<16}{'lines':>6}{'gave':>6}{'reasons':>9}{'least ms':>10}{'middle ms':>11}")
    rows = [(kind, count, size) for kind in (live,) for count, size in ((12, 10), (50, 40), (100, 40), (200, 40))]
    rows += [(live, 200, 10), (live, 200, 80), (live, 400, 40), (crowded, 200, 40), (all_give, 200, 40)]
    for kind, count, size in rows:
        bought, acting = basket(size), campaigns(count, kind)
        answer = quote(bought, MEMBER, acting, AT, PROGRAMME)
        least, middle = milliseconds(bought, acting)
        reasons = sum(len(line.why) for line in answer.lines)
        label = f"{count} {kind.__name__.replace('_', ' ')}"
        print(f"{label:<16}{size:>6}{len(answer.rewards):>6}{reasons:>9}{least:>10.2f}{middle:>11.2f}")


if __name__ == "__main__":
    main()
