"""Real baskets under a rich programme, refunded at random by line: the ledger is clean, a second hand says the same.

    python -m tests.bench.replay --baskets 20000 --seed 1

The product imports the baskets in parts, works out tiers after each, and takes random lines back. What happened is
then told to `tests.bench.recompute`, which knows docs/rules.md and nothing of the product: the totals must agree.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from api.database.embedded import EmbeddedPostgres
from api.database.pool import Database
from api.imports import repository as imports
from api.imports.reader import FileReader
from api.imports.service import Import
from api.jobs.tiers import settle_tiers
from api.ledger.verify import verify
from api.offers import repository as offers
from api.publishing.service import publish_ladder
from contract.campaigns import CampaignVersion
from contract.tiers import LadderDraft
from tests.bench.completejourney import convert
from tests.bench.recompute import Book, recompute
from tests.support import people, postgres, shopping
from tests.support.clock import MovableClock

PARTS = 6
RULES = {"rounding": {"mode": "floor", "unit": 5}, "points_rate": {"points": 10, "minor_units": 1}}
TIERS = (("bronze", 0), ("silver", 4_000), ("gold", 9_000))


def programme_campaigns(start: datetime, now: datetime) -> list[CampaignVersion]:
    """Sixteen campaigns, each of another kind."""
    percent = lambda rate: {"kind": "percent", "rate_bp": rate}  # noqa: E731
    fixed = lambda value, per="receipt": {"kind": "fixed", "value": value, "per": per}  # noqa: E731
    steps = [{"threshold": 1_000, "rate_bp": 300}, {"threshold": 3_000, "rate_bp": 700}]
    terms: dict[str, dict[str, Any]] = {
        "everyday": {"reward": percent(200)},
        "green": {"reward": percent(500), "what": {"only": {"tags": ["organic"]}}, "limits": {"per_receipt": 90}},
        "weekend": {
            "reward": percent(0),
            "when": {"weekdays": ["sat", "sun"]},
            "threshold": {"kind": "steps", "steps": steps},
            "what": {"only": {"categories": ["food"]}, "exclude": {"categories": ["food/fruit"]}},
        },
        "household-steps": {
            "reward": percent(100),
            "threshold": {"kind": "steps", "mode": "marginal", "steps": steps, "of": "matching"},
            "what": {"only": {"categories": ["household"]}},
        },
        "web-order": {
            "reward": fixed(150),
            "where": {"channels": ["web"]},
            "threshold": {"kind": "minimum", "amount": 2_500},
        },
        "bakery-piece": {
            "reward": fixed(7, "unit"),
            "what": {"only": {"categories": ["bakery"]}},
            "limits": {"per_line": 12},
        },
        "jardins-double": {
            "reward": {"kind": "multiplier", "factor_bp": 20_000},
            "stacking": "multiplier",
            "where": {"stores": ["jardins"]},
            "what": {"only": {"categories": ["food"]}},
        },
        "gold-times": {
            "reward": {"kind": "multiplier", "factor_bp": 12_500},
            "stacking": "multiplier",
            "who": [{"kind": "tier", "any_of": ["gold"]}],
            "limits": {"per_receipt": 200},
        },
        "silver-more": {"reward": percent(100), "who": [{"kind": "tier", "any_of": ["silver", "gold"]}]},
        "cosmetics": {
            "reward": percent(2_000),
            "stacking": "exclusive",
            "what": {"only": {"categories": ["household/cosmetics", "electronics"]}},
            "limits": {"per_receipt": 500},
        },
        "birthday": {
            "reward": percent(1_000),
            "who": [{"kind": "birthday", "days_before": 10, "days_after": 10}],
            "limits": {"per_receipt": 300},
        },
        "welcome": {"reward": fixed(300), "who": [{"kind": "first_purchase"}]},
        "every-third": {
            "reward": fixed(120),
            "who": [{"kind": "nth_purchase", "n": 3, "repeat": "every"}],
            "threshold": {"kind": "minimum", "amount": 1_000},
        },
        "fruit-budget": {
            "reward": percent(800),
            "what": {"only": {"categories": ["food/fruit"]}},
            "limits": {"total": 1_500},
        },
        "drinks": {
            "reward": percent(700),
            "needs_activation": True,
            "what": {"only": {"categories": ["drinks"]}, "exclude_discounted": True},
            "limits": {"per_member": 90},
        },
        "evening": {"reward": percent(150), "when": {"hours": [{"start": "17:00", "end": "21:30"}]}},
        "points": {"reward": {"kind": "points", "points": 3, "per": 100}},
    }
    return [
        shopping.campaign(name, **{**more, "when": {"starts_at": start, **more.get("when", {})}})
        for name, more in terms.items()
    ]


@dataclass
class Replay:
    """One replay: the product's side, and the story that it tells."""

    database: Database
    programme: people.TestProgramme
    rng: random.Random
    events: list[list[Any]] = field(default_factory=list)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    pieces: dict[str, list[list[int]]] = field(default_factory=dict)  # by receipt: line, quantity left
    owner: dict[str, str] = field(default_factory=dict)
    refunded: int = 0

    async def join(self, numbers: list[str], start: datetime, now: datetime) -> None:
        """The members, each with a birthday; half of them activate the offer at some instant."""
        born = [date(1990, 1, 1) + timedelta(days=self.rng.randrange(1_200)) for _ in numbers]
        async with self.database.transaction() as connection:
            added = await imports.add_members(
                connection, self.programme.programme_id, dict.fromkeys(numbers, start), start
            )
            self.ids = {number: found.member_id for number, found in added.items()}
            for number, birthday in zip(numbers, born, strict=True):
                member_id, activated = self.ids[number], {}
                await connection.execute("update member set birthday = $2 where member_id = $1", member_id, birthday)
                if self.rng.random() < 0.5:
                    at = start + self.rng.random() * (now - start)
                    await offers.activate(connection, member_id, "drinks", at)
                    activated = {"drinks": at.isoformat()}
                self.members[number] = {"birthday": birthday.isoformat(), "activated": activated}

    async def bring_in(self, path: Path, now: datetime) -> None:
        """Import one part, which works out tiers too."""
        refused: list[Any] = []
        await Import(self.database, self.programme.programme_id, now, refused=refused.append).run(FileReader(path))
        assert refused == []
        for receipt in _receipts(path):
            self.events.append(["buy", receipt])
            self.pieces[receipt["number"]] = [[n["line"], n["quantity"]] for n in receipt["lines"]]
            self.owner[receipt["number"]] = receipt["member"]
        self.events.append(["tiers", now.isoformat()])

    async def take_back(self, share: float, now: datetime) -> None:
        """Random lines, or parts of them, of random receipts come back; then tiers are worked out."""
        numbers = sorted(number for number, pieces in self.pieces.items() if pieces)
        for number in self.rng.sample(numbers, int(len(numbers) * share)):
            pieces, back = self.pieces[number], []
            for piece in self.rng.sample(pieces, self.rng.randint(1, len(pieces))):
                quantity = self.rng.randint(1, piece[1])
                back.append((piece[0], quantity))
                piece[1] -= quantity
            self.pieces[number] = [piece for piece in pieces if piece[1]]
            await self._refund(number, dict(back), now)
            self.events.append(["back", number, back])
            self.refunded += 1
        await settle_tiers(self.database, None, now)
        self.events.append(["tiers", now.isoformat()])

    async def _refund(self, number: str, back: dict[int, int], now: datetime) -> None:
        member_id = self.ids[self.owner[number]]
        purchase_id = await self.database.fetchval(
            "select purchase_id from ledger.purchase where member_id = $1 and receipt_number = $2", member_id, number
        )
        member = people.TestMember(member_id, self.programme.programme_id, self.owner[number], "", "")
        await shopping.give_back(self.database, member, purchase_id, now, back)


async def replay(database: Database, clock: MovableClock, *, baskets: int, seed: int, share: float = 0.05) -> Found:
    """Play it, and compare."""
    start, now = clock.now() - timedelta(days=430), clock.now()
    programme = await people.make_programme(database, clock, slug=f"replay-{seed}", rules=RULES)
    played = Replay(database, programme, random.Random(seed))  # noqa: S311 - the same story each time is what is wanted
    campaigns = programme_campaigns(start, now)
    await shopping.publish(database, programme.programme_id, now, *campaigns)
    tiers = [{"tier": t, "name": {"en": t}, "threshold": n, "keeps": "for_ever"} for t, n in TIERS]
    draft = LadderDraft.model_validate({"starts_at": start, "tiers": tiers, "downgrade": "to_reached"})
    async with database.transaction() as connection:
        await publish_ladder(connection, programme.programme_id, draft, start)
    with tempfile.TemporaryDirectory(prefix="kierto-replay-") as folder:
        whole = Path(folder) / "all.csv"
        await asyncio.to_thread(convert, whole, baskets=baskets, until=now.date() - timedelta(days=1))
        rows = list(csv.DictReader(whole.read_text(encoding="utf-8").splitlines()))
        await played.join(sorted({row["member_number"] for row in rows}), start, now)
        for path, until in _parts(rows, Path(folder), now):
            await played.bring_in(path, until)
            await played.take_back(share, until)
    story = {
        "timezone": "America/Sao_Paulo",
        "rules": {"never_earning": ["delivery", "giftcard"], **RULES},
        "campaigns": [each.model_dump(mode="json") for each in campaigns],
        "tiers": TIERS,
        "members": played.members,
        "events": played.events,
    }
    book = await asyncio.to_thread(recompute, json.loads(json.dumps(story)))
    return await _compare(database, programme.programme_id, played, book)


@dataclass(frozen=True)
class Found:
    """What the two sides say: cents, or points, by campaign; and every receipt on which they differ."""

    product: dict[str, int]
    second_hand: dict[str, int]
    returned: tuple[int, int]
    tiers: tuple[Counter[str], Counter[str]]
    budget: tuple[int, int]
    differing: list[str]
    findings: list[Any]
    refunds: int


async def _compare(database: Database, programme_id: UUID, played: Replay, book: Book) -> Found:
    given = await database.fetch(
        """select l.campaign_id, sum(l.original)::bigint from ledger.lot l join member m using (member_id)
            where m.programme_id = $1 group by 1""",
        programme_id,
    )
    quotes = await database.fetch(
        "select receipt_number, quote -> 'rewards' from ledger.purchase where programme_id = $1", programme_id
    )
    differing = []
    for number, rewards in quotes:
        product = {each["campaign_id"]: each["value"]["amount"] for each in rewards}
        gifts = book.receipts[number]["gifts"]
        other = {c["campaign_id"]: sum(values) for c, _, values in gifts if sum(values)}
        if product != other:
            differing.append(f"{number}: {product} here, {other} there")
    returned = await database.fetchval(
        """select coalesce(sum((e.value ->> 'clawed_back')::bigint), 0)::bigint from ledger.refund r
             join ledger.purchase p using (member_id, purchase_id), jsonb_array_elements(r.lines) e
            where p.programme_id = $1""",
        programme_id,
    )
    tiers = await database.fetch(
        "select coalesce(t.tier, 'bronze') from member m left join member_tier t using (member_id)"
        " where m.programme_id = $1",
        programme_id,
    )
    budget = await database.fetchval(
        "select sum(share - given)::bigint from ledger.budget where programme_id = $1", programme_id
    )
    async with database.connection() as connection:
        findings = (await verify(connection)).findings
    return Found(
        product=dict(sorted((row[0], row[1]) for row in given)),
        second_hand=dict(sorted((key, value) for key, value in book.given.items() if value)),
        returned=(returned, sum(value for key, value in book.back.items() if key != "points")),
        tiers=(
            Counter(row[0] for row in tiers),
            Counter(book.tiers.get(number, "bronze") for number in played.members),
        ),
        budget=(budget, book.left["fruit-budget"]),
        differing=sorted(differing),
        findings=list(findings),
        refunds=played.refunded,
    )


def _parts(rows: list[dict[str, str]], folder: Path, now: datetime) -> list[tuple[Path, datetime]]:
    """The file in parts of whole days, each with the moment after it."""
    days = sorted({row["at"][:10] for row in rows})
    ends = [days[len(days) * n // PARTS - 1] for n in range(1, PARTS)] + [days[-1]]
    parts, begin = [], ""
    for n, end in enumerate(ends):
        path = folder / f"part-{n}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row for row in rows if begin < row["at"][:10] <= end)
        after = datetime.fromisoformat(f"{end}T12:00:00+00:00") + timedelta(days=1)
        parts.append((path, min(after, now)))
        begin = end
    return parts


def _receipts(path: Path) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        head = {name: row[name] for name in ("store", "channel", "at")}
        number = row["receipt_number"]
        receipt = found.setdefault(number, {"number": number, "member": row["member_number"], **head, "lines": []})
        numbers = {name: int(row[name]) for name in ("quantity", "unit_price", "discount")}
        words = {name: row[name] for name in ("sku", "name", "category")}
        tags = [tag for tag in row["tags"].split(";") if tag]
        receipt["lines"].append({"line": len(receipt["lines"]), **words, "tags": tags, **numbers})
    return list(found.values())


async def _main(server: EmbeddedPostgres, baskets: int, seed: int) -> int:
    clock = MovableClock(datetime(2026, 3, 10, 15, 0, tzinfo=UTC))
    async with postgres.fresh_database(server) as connections:
        database = await Database.open(connections, size=4)
        try:
            found = await replay(database, clock, baskets=baskets, seed=seed)
        finally:
            await database.close()
    print(f"{'campaign':<18}{'ledger':>12}{'second hand':>14}")
    for name in sorted({*found.product, *found.second_hand}):
        print(f"{name:<18}{found.product.get(name, 0):>12,}{found.second_hand.get(name, 0):>14,}")
    print(
        f"{found.refunds:,} refunds took back {found.returned[0]:,} and {found.returned[1]:,}; tiers {found.tiers[0]}"
    )
    print(*found.differing[:20], *found.findings, sep="\n")
    same = found.product == found.second_hand and found.returned[0] == found.returned[1]
    return 0 if same and not found.differing and not found.findings else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--baskets", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with postgres.test_server() as running:
        ended = asyncio.run(_main(running, given.baskets, given.seed))
    raise SystemExit(ended)
