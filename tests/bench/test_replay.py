"""Real baskets under sixteen kinds of campaigns, refunded at random by line: clean, and the same to a second hand."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.bench import recompute

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # pandas and its data, not ours
    pytest.mark.timeout(300),
]


async def test_the_totals_by_campaign_equal_a_recomputation_and_the_ledger_verifies_clean(database, clock) -> None:
    from tests.bench.replay import replay

    found = await replay(database, clock, baskets=250, seed=7, share=0.1)
    assert found.findings == []
    assert found.differing == []
    assert found.product == found.second_hand
    assert len(found.product) >= 12
    assert found.returned[0] == found.returned[1] > 0
    assert found.budget[0] == found.budget[1]
    assert found.tiers[0] == found.tiers[1]
    assert {"silver", "gold"} <= found.tiers[0].keys()
    assert found.refunds > 20


def test_the_second_hand_knows_nothing_of_the_product() -> None:
    tree = ast.parse(Path(recompute.__file__).read_text(encoding="utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    assert not {name for name in names if name.split(".")[0] in {"api", "contract", "services", "views", "tests"}}
