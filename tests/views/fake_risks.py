"""What tills gave without a network, as a manager's screen asks for it."""

from __future__ import annotations

from typing import Any

from contract.till_kit import OfflineLimits, OfflineRisk, OfflineRisks, OfflineSeller, OfflineSums
from tests.views.fakes import NOW, brl


def risk(number: str, **more: Any) -> OfflineRisk:
    """One queued receipt; `more` replaces what it says."""
    named = {"store_name": "Centro", "staff_name": "Bia", "member_name": "Ana Souza", "till": "Kasse 1"}
    amounts = {"told": brl(200), "earned": brl(200), "spent": brl(300), "limit": brl(1000), "shortfall": brl(0)}
    times = {"confirmed_at": NOW, "received_at": NOW}
    given = {"outcome": "posted", "code": None, "purchase_id": None, **named, **amounts, **times, **more}
    return OfflineRisk(receipt_number=number, **given)


def page(*items: OfflineRisk) -> OfflineRisks:
    """A page of them, under the sums of one till."""
    sums = {"receipts": 3, "spent": brl(900), "shortfall": brl(420), "refused": 1, "earned_less": 0}
    limits = OfflineLimits(spend_per_member=brl(1000), spend_per_till=brl(20_000), kit_hours=72)
    seller = OfflineSeller(**sums, till="Kasse 1", store_name="Centro", staff_name="Bia")
    return OfflineRisks(
        total=brl(420), items=list(items), next_cursor=None, limits=limits, sums=OfflineSums(**sums), sellers=[seller]
    )
