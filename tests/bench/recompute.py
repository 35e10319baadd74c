"""What a programme gave, worked out a second time from docs/rules.md alone: nothing of the product is imported here.

    python -m tests.bench.recompute story.json

The story holds the campaigns, the members, and in their order what happened: receipts, goods that came back, and the
ends of days on which tiers were worked out. Amounts are whole cents; every rounding is on exact fractions.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import prod
from pathlib import Path
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def share_out(total, weights):
    """By largest remainder; a tie goes to the earlier one."""
    parts = [Fraction(total * w, sum(weights)) if total else Fraction(0) for w in weights]
    whole = [int(p) for p in parts]
    for i in sorted(range(len(parts)), key=lambda i: (whole[i] - parts[i], i))[: total - sum(whole)]:
        whole[i] += 1
    return whole


def within(category, names):
    return any(category == name or category.startswith(name + "/") for name in names)


def in_any(line, lists):
    """For each list that names anything, whether the line is in it."""
    tests = {
        "skus": lambda names: line["sku"] in names,
        "categories": lambda names: within(line["category"], names),
        "brands": lambda names: line.get("brand", "") in names,
        "tags": lambda names: any(tag in names for tag in line["tags"]),
    }
    return [tests[kind](names) for kind, names in lists.items() if names]


class Book:
    """What has happened so far."""

    def __init__(self, story):
        self.story, self.zone = story, ZoneInfo(story["timezone"])
        self.rules, self.members = story["rules"], story["members"]
        self.campaigns = sorted(story["campaigns"], key=lambda c: c["campaign_id"])
        self.receipts, self.order = {}, defaultdict(list)
        self.given, self.back = Counter(), Counter()
        self.net = Counter()  # by campaign and member, less what came back
        self.left = {c["campaign_id"]: c["limits"]["total"] for c in self.campaigns if c["limits"].get("total")}
        self.tiers, self.told = {}, {}

    # conditions

    def holds(self, campaign, receipt):
        at = datetime.fromisoformat(receipt["at"])
        local, when, where = at.astimezone(self.zone), campaign["when"], campaign["where"]
        if at < datetime.fromisoformat(when["starts_at"]):
            return False
        if when["ends_at"] and at >= datetime.fromisoformat(when["ends_at"]):
            return False
        if when["weekdays"] and DAYS[local.weekday()] not in when["weekdays"]:
            return False
        spans = [(time.fromisoformat(h["start"]), time.fromisoformat(h["end"])) for h in when["hours"]]
        if spans and not any(a <= local.time() < b for a, b in spans):
            return False
        if where["stores"] and receipt["store"] not in where["stores"]:
            return False
        if where["channels"] and receipt["channel"] not in where["channels"]:
            return False
        activated = self.members[receipt["member"]]["activated"].get(campaign["campaign_id"])
        if campaign["needs_activation"] and not (activated and datetime.fromisoformat(activated) <= at):
            return False
        return all(self.is_for(who, receipt["member"], local.date()) for who in campaign["who"])

    def is_for(self, who, member, today):
        if who["kind"] == "tier":
            return self.tiers.get(member, "bronze") in who["any_of"]
        if who["kind"] == "birthday":
            born = date.fromisoformat(self.members[member]["birthday"])
            for year in (today.year - 1, today.year, today.year + 1):
                leap = year % 4 == 0 and (year % 100 or not year % 400)
                day = date(year, 2, 28) if (born.month, born.day) == (2, 29) and not leap else born.replace(year=year)
                if -who["days_before"] <= (today - day).days <= who["days_after"]:
                    return True
            return False
        kept = [r for r in self.order[member] if any(n["quantity"] > n["back"] for n in r["lines"])]
        number = len(kept) + 1
        if who["kind"] == "first_purchase":
            return number == 1
        return number % who["n"] == 0 if who["repeat"] == "every" else number == who["n"]

    # what a campaign gives, by line

    def gift(self, campaign, receipt):
        lines, what, reward = receipt["lines"], campaign["what"], campaign["reward"]
        mine = [
            n
            for n, line in enumerate(lines)
            if all(in_any(line, what["only"]))
            and not any(in_any(line, what["exclude"]))
            and not (what["exclude_discounted"] and line["discount"])
            and not within(line["category"], self.rules["never_earning"])
        ]
        if not mine or not self.holds(campaign, receipt):
            return None
        basis = [lines[n]["basis"] for n in mine]
        limit = campaign["threshold"]
        amount = sum(basis) if limit and limit["of"] == "matching" else sum(line["basis"] for line in lines)
        if limit and limit["kind"] == "minimum" and amount < limit["amount"]:
            return None
        if reward["kind"] == "multiplier":
            return mine, [0] * len(mine)
        if reward["kind"] == "percent":
            values = self.percent(reward["rate_bp"], limit, basis, amount)
        elif reward["kind"] == "points":
            values = share_out(sum(basis) // reward["per"] * reward["points"], basis)
        elif reward["per"] == "receipt":
            values = share_out(reward["value"], basis)
        else:
            values = [reward["value"] * lines[n]["quantity"] if lines[n]["basis"] else 0 for n in mine]
        return (mine, self.capped(campaign, receipt, values)) if any(values) else None

    def percent(self, rate, limit, basis, amount):
        if not limit or limit["kind"] != "steps":
            return [round(Fraction(each * rate, 10_000)) for each in basis]
        steps = [(0, rate), *((s["threshold"], s["rate_bp"]) for s in limit["steps"])]
        if limit["mode"] == "whole":
            rate = max(r for threshold, r in steps if amount >= threshold)
            return [round(Fraction(each * rate, 10_000)) for each in basis]
        ends = [threshold for threshold, _ in steps[1:]] + [amount]
        whole = sum(max(0, min(amount, e) - t) * r for (t, r), e in zip(steps, ends, strict=True))
        return share_out(round(Fraction(whole * sum(basis), 10_000 * amount)), basis) if amount else [0] * len(basis)

    def capped(self, campaign, receipt, values):
        caps, key = campaign["limits"], campaign["campaign_id"]
        if caps.get("per_line"):
            values = [min(v, caps["per_line"]) for v in values]
        most = [caps["per_receipt"]] if caps.get("per_receipt") else []
        if caps.get("per_member"):
            most.append(max(0, caps["per_member"] - self.net[key, receipt["member"]]))
        if key in self.left:
            most.append(self.left[key])
        return share_out(min(most), values) if most and sum(values) > min(most) else values

    # the receipt

    def buy(self, receipt):
        receipt["lines"].sort(key=lambda n: (n["sku"], n["name"], n["category"], "", sorted(n["tags"]),
                                             (n["quantity"], n["unit_price"], n["discount"], 0)))  # fmt: skip
        for line in receipt["lines"]:
            line["back"], line["paid"] = 0, line["quantity"] * line["unit_price"] - line["discount"]
            line["basis"] = 0 if within(line["category"], self.rules["never_earning"]) else line["paid"]
        sides = {"base": [], "multiplier": [], "exclusive": []}
        for campaign in self.campaigns:
            found = self.gift(campaign, receipt)
            if found:
                sides[campaign["stacking"]].append((campaign, *found))
        choices = [sides["base"] + self.multiplied(sides, receipt)] if sides["base"] else []
        choices = [self.rounded(each) for each in [*choices, *([e] for e in sides["exclusive"])]]
        receipt["gifts"] = max(choices, key=self.worth, default=[])
        for campaign, _, values in receipt["gifts"]:
            key = campaign["campaign_id"]
            self.given[key] += sum(values)
            self.net[key, receipt["member"]] += sum(values)
            if key in self.left:
                self.left[key] -= sum(values)
        self.receipts[receipt["number"]] = receipt
        self.order[receipt["member"]].append(receipt)

    def multiplied(self, sides, receipt):
        """Base amounts of money on each line, times all factors at once; what is added is shared among the factors."""
        sums = Counter()
        for campaign, mine, values in sides["base"]:
            if campaign["reward"]["kind"] != "points":
                sums.update(dict(zip(mine, values, strict=True)))
        added = {c["campaign_id"]: [0] * len(mine) for c, mine, _ in sides["multiplier"]}
        for n in range(len(receipt["lines"])):
            here = [(c, mine.index(n)) for c, mine, _ in sides["multiplier"] if n in mine]
            if here and sums[n]:
                factors = [Fraction(c["reward"]["factor_bp"], 10_000) for c, _ in here]
                more = share_out(round(sums[n] * prod(factors)) - sums[n], [f - 1 for f in factors])
                for (c, i), value in zip(here, more, strict=True):
                    added[c["campaign_id"]][i] = value
        return [(c, mine, self.capped(c, receipt, added[c["campaign_id"]])) for c, mine, _ in sides["multiplier"]]

    def rounded(self, gifts):
        unit, money = self.rules["rounding"]["unit"], [g for g in gifts if g[0]["reward"]["kind"] != "points"]
        flat = [v for _, _, values in money for v in values]
        parts = iter(share_out(sum(flat) // unit * unit, flat) if any(flat) else flat)
        return [(c, m, v if c["reward"]["kind"] == "points" else [next(parts) for _ in v]) for c, m, v in gifts]

    def worth(self, gifts):
        rate = Fraction(self.rules["points_rate"]["minor_units"], self.rules["points_rate"]["points"])
        return sum(sum(v) * (rate if c["reward"]["kind"] == "points" else 1) for c, _, v in gifts)

    # what comes back, and tiers

    def give_back(self, number, lines):
        receipt = self.receipts[number]
        for sku_line, quantity in lines:
            n = next(i for i, line in enumerate(receipt["lines"]) if line["line"] == sku_line)
            line = receipt["lines"][n]
            for campaign, mine, values in receipt["gifts"]:
                if n in mine:
                    value, key = values[mine.index(n)], campaign["campaign_id"]
                    claw = (
                        value * (line["back"] + quantity) // line["quantity"] - value * line["back"] // line["quantity"]
                    )
                    self.back[key] += claw
                    self.net[key, receipt["member"]] -= claw
                    if key in self.left:
                        self.left[key] += claw
            line["back"] += quantity

    def work_out_tiers(self, at):
        """The highest that twelve months reached on any day so far; lower only after 30 days' notice."""
        today = datetime.fromisoformat(at).astimezone(self.zone).date()
        ladder = self.story["tiers"]  # name and threshold, the lowest first
        for member, bought in self.order.items():
            days = Counter()
            for r in bought:
                day = datetime.fromisoformat(r["at"]).astimezone(self.zone).date()
                days[day] += sum(n["basis"] - n["basis"] * n["back"] // n["quantity"] for n in r["lines"])
            best = max(
                (sum(v for d, v in days.items() if d <= day and not a_year_on(d, day)) for day in days), default=0
            )
            names = [name for name, _ in ladder]
            reached = max(n for n, (_, threshold) in enumerate(ladder) if best >= threshold)
            held = names.index(self.tiers.get(member, names[0]))
            if reached >= held:
                self.told.pop(member, None)
                self.tiers[member] = names[reached]
            elif today >= self.told.setdefault(member, today) + timedelta(days=30):
                del self.told[member]
                self.tiers[member] = names[reached]


def a_year_on(bought, day):
    """Whether the same day of the next year has come."""
    return (day.year, day.month, day.day) >= (bought.year + 1, bought.month, bought.day)


def recompute(story):
    """Play the story; the book after it."""
    book = Book(story)
    for kind, *what in story["events"]:
        {"buy": book.buy, "back": book.give_back, "tiers": book.work_out_tiers}[kind](*what)
    return book


if __name__ == "__main__":
    done = recompute(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    for name in sorted(done.given):
        print(f"{name:<20}{done.given[name]:>12,}{done.back[name]:>12,}")
