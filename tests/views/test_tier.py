"""The card of a tier: where one stands, how much more, and what would be lost when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import flet as ft
import pytest

from contract.tiers import TierNotice, TierStanding
from services.texts import Texts
from tests.views.fakes import PROFILE, brl
from views.ui.tier import tier_card

TEXTS = Texts("en", "America/Sao_Paulo")
SILVER = TierStanding(
    tier="silver",
    name="Silver",
    since=datetime(2026, 1, 1, tzinfo=UTC),
    until=datetime(2027, 3, 1, 3, tzinfo=UTC),
    counts="spent",
    period="rolling_year",
    amount=brl(761_142),
    next_tier="gold",
    next_name="Gold",
    threshold=brl(800_000),
    missing=brl(38_858),
)


def said(tier: TierStanding | None) -> str:
    cards = tier_card(TEXTS, PROFILE.model_copy(update={"tier": tier}))
    return " | ".join(word for each in cards for word in words(each)).replace("\N{NO-BREAK SPACE}", " ")


def words(control: Any) -> Iterator[str]:
    if isinstance(control, ft.Text):
        yield control.value
    if isinstance(control, ft.Semantics) and control.label:
        yield control.label
    for child in [getattr(control, "content", None), *(getattr(control, "controls", None) or [])]:
        if child is not None:
            yield from words(child)


def test_the_card_says_the_tier_and_how_much_more_reaches_the_next() -> None:
    text = said(SILVER)
    assert "Silver" in text
    assert "Spend R$388.58 more to reach Gold" in text
    assert "R$7,611.42 spent in the last 12 months" in text
    assert "Yours until 1 Mar 2027 at least" in text


@pytest.mark.parametrize(
    ("counts", "missing", "sentence"),
    [
        ("spent", brl(12_000), "You will leave Silver on 1 Mar 2026 unless you spend R$120.00 more."),
        ("earned", brl(12_000), "You will leave Silver on 1 Mar 2026 unless you earn R$120.00 more."),
        ("spent", None, "You will leave Silver on 1 Mar 2026."),
    ],
)
def test_what_would_be_lost_is_said_with_its_day_and_what_keeps_it(counts, missing, sentence) -> None:
    day = datetime(2026, 3, 1, 3, tzinfo=UTC)
    notice = TierNotice(told_at=day, leaves_at=day, to_name="Bronze", missing=missing)
    text = said(SILVER.model_copy(update={"counts": counts, "notice": notice}))
    assert sentence in text
    assert "at least" not in text


def test_at_the_top_there_is_no_more_to_reach() -> None:
    top = {"next_tier": None, "next_name": None, "threshold": None, "missing": None, "until": None}
    assert "The highest tier" in said(SILVER.model_copy(update=top))


def test_without_tiers_there_is_no_card() -> None:
    assert tier_card(TEXTS, PROFILE) == []
    assert tier_card(TEXTS, None) == []
