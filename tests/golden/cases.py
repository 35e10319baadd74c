"""Read the golden cases, fill in what they leave out, and compare a quote with what a case expects.

A case is JSON. Amounts are minor units; lines, campaigns and members say only what matters:

- a line: `price`, and any of `quantity`, `discount`, `tax`, `category`, `sku`, `brand`, `tags`; named A, B, C in turn;
- a campaign: ids a, b, c by position; `percent`, `fixed`, `fixed_per_unit`, `times`, `points_per`, `stamps` stand for a
  reward, `minimum` and `steps` (pairs of threshold and rate) for a threshold, `only` and `exclude` for products;
  every other field is that of `CampaignVersion`;
- `expect`: `earned`, `lines`, `basis`, `points`, `points_lines`, `stamps`, `rewards` by campaign, `codes` by line (as
  `campaign:code`, in any order), `matches` by line, `notes` and `missing` by campaign, `capped` by campaign (`[value,
  desired_value, capped_by]`), `hints` (all of them, in order), `available_at` and `expires_at` by campaign. What is not
  named is not looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from contract.basket import Basket
from contract.campaigns import CampaignVersion, MemberFacts, ProgrammeRules
from contract.quotes import Quote, Reason

FOLDER = Path(__file__).parent
AT = "2026-03-03T15:00:00Z"
"""A Tuesday, at noon in Sao Paulo."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One case: what goes into the calculator, and what must come out."""

    theme: str
    name: str
    basket: Basket
    member: MemberFacts
    campaigns: tuple[CampaignVersion, ...]
    programme: ProgrammeRules
    budgets: dict[str, int]
    expect: dict[str, Any]

    @property
    def at(self) -> datetime:
        """The moment of the purchase."""
        return self.basket.at


def all_cases() -> list[GoldenCase]:
    """Every case of every file, in the order of the files' names."""
    return [case for path in sorted(FOLDER.glob("*.json")) for case in _read(path)]


def differences(quote: Quote, expect: dict[str, Any]) -> list[str]:
    """What a quote says otherwise than expected: one sentence each."""
    said = _said(quote)
    unknown = [f"no such expectation: {key}" for key in expect if key not in said]
    return unknown + [
        f"{key}: expected {want}, got {said[key]}" for key, want in expect.items() if key in said and said[key] != want
    ]


def _said(quote: Quote) -> dict[str, Any]:
    rewards = quote.rewards
    return {
        "earned": quote.earned.amount,
        "basis": quote.basis.amount,
        "lines": [line.earned.amount for line in quote.lines],
        "points": quote.points.amount if quote.points else 0,
        "points_lines": [line.points.amount if line.points else 0 for line in quote.lines],
        "stamps": {gift.campaign_id: gift.stamps for gift in quote.stamps},
        "rewards": {reward.campaign_id: reward.value.amount for reward in rewards},
        "codes": [sorted(f"{why.campaign_id}:{why.code}" for why in line.why) for line in quote.lines],
        "matches": [sorted(why.match for why in line.why if why.match) for line in quote.lines],
        "notes": {note.campaign_id: str(note.code) for note in quote.notes},
        "missing": {note.campaign_id: note.missing.amount for note in quote.notes if note.missing},
        "capped": _capped(quote),
        "hints": [hint.model_dump(exclude_none=True, exclude={"name"}) | _bare(hint) for hint in quote.hints],
        "available_at": {reward.campaign_id: _stamp(reward.available_at) for reward in rewards},
        "expires_at": {reward.campaign_id: _stamp(reward.expires_at) for reward in rewards},
    }


def _capped(quote: Quote) -> dict[str, list[Any]]:
    """Capped campaigns by id: what they give, what they would have given, and the cap that cut."""
    cut: dict[str, Reason] = {why.campaign_id: why for line in quote.lines for why in line.why if why.capped_by}
    given = {reward.campaign_id: reward for reward in quote.rewards}
    return {
        key: [given[key].value.amount, given[key].desired_value.amount, str(why.capped_by)]
        for key, why in cut.items()
        if key in given
    }


def _bare(hint: Any) -> dict[str, int]:
    amounts = {"missing": hint.missing, "value": hint.value}
    return {key: amount.amount for key, amount in amounts.items() if amount is not None}


def _stamp(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _read(path: Path) -> Iterator[GoldenCase]:
    for raw in json.loads(path.read_text(encoding="utf-8")):
        yield GoldenCase(
            theme=path.stem,
            name=raw["name"],
            basket=_basket(raw),
            member=MemberFacts.model_validate({"member_id": "m-1", **raw.get("member", {})}),
            campaigns=tuple(_campaign(given, n) for n, given in enumerate(raw["campaigns"])),
            programme=ProgrammeRules.model_validate(
                {"currency": "BRL", "timezone": "America/Sao_Paulo", **raw.get("programme", {})}
            ),
            budgets=raw.get("budgets", {}),
            expect={**raw["expect"], **_sorted_codes(raw["expect"])},
        )


def _sorted_codes(expect: dict[str, Any]) -> dict[str, Any]:
    return {key: [sorted(words) for words in expect[key]] for key in ("codes", "matches") if key in expect}


def _basket(raw: dict[str, Any]) -> Basket:
    lines = [_line(given, n) for n, given in enumerate(raw["lines"])]
    given = {key: raw[key] for key in ("store_id", "channel", "payment_means") if key in raw}
    at = raw.get("at", AT)
    return Basket.model_validate({"store_id": "centro", "receipt_number": "r-1", "at": at, "lines": lines, **given})


def _line(given: dict[str, Any] | int, n: int) -> dict[str, Any]:
    fields = {"price": given} if isinstance(given, int) else dict(given)
    return {"name": f"Item {LETTERS[n % 26].upper()}", "unit_price": fields.pop("price"), **fields}


def _campaign(given: dict[str, Any], n: int) -> CampaignVersion:
    fields = dict(given)
    key = fields.pop("id", LETTERS[n])
    what = fields.pop("what", {}) | {name: fields.pop(name) for name in ("only", "exclude") if name in fields}
    filled = {
        "campaign_id": key,
        "name": {"en": key},
        "when": {"starts_at": "2026-01-01T00:00:00Z", **fields.pop("when", {})},
        "what": what,
        **_reward(fields),
        **_threshold(fields),
    }
    return CampaignVersion.model_validate({**filled, **fields})


def _reward(fields: dict[str, Any]) -> dict[str, Any]:
    if "times" in fields:
        unit = fields.pop("unit", "cash")
        reward = {"kind": "multiplier", "factor_bp": fields.pop("times"), "unit": unit}
        return {"reward": reward, "stacking": "multiplier"}
    kinds: dict[str, dict[str, Any]] = {
        "percent": {"kind": "percent", "": "rate_bp"},
        "fixed": {"kind": "fixed", "": "value"},
        "fixed_per_unit": {"kind": "fixed", "": "value", "per": "unit"},
        "points_per": {"kind": "points", "": "per"},
        "stamps": {"kind": "stamp", "": "stamps"},
    }
    for short, reward in kinds.items():
        if short in fields:
            named = {reward.pop(""): fields.pop(short)}
            if short == "points_per" and "points" in fields:
                named["points"] = fields.pop("points")
            return {"reward": reward | named}
    return {}


def _threshold(fields: dict[str, Any]) -> dict[str, Any]:
    of = {"of": fields.pop("of")} if "of" in fields else {}
    if "minimum" in fields:
        return {"threshold": {"kind": "minimum", "amount": fields.pop("minimum"), **of}}
    if "steps" in fields:
        steps = [{"threshold": threshold, "rate_bp": rate} for threshold, rate in fields.pop("steps")]
        return {"threshold": {"kind": "steps", "steps": steps, "mode": fields.pop("mode", "whole"), **of}}
    return {}
