"""Caps on one campaign, and the programme's rounding of a whole receipt."""

from __future__ import annotations

from collections.abc import Mapping

from contract.campaigns import CampaignVersion, MemberFacts, Rounding
from contract.money import split
from contract.quotes import ReasonCode
from contract.rules.arithmetic import to_unit
from contract.rules.rewards import Gift


def lids(campaign: CampaignVersion, member: MemberFacts, budgets: Mapping[str, int]) -> list[tuple[int, ReasonCode]]:
    """What the campaign may still give to a receipt, cap by cap, the tightest first."""
    limits, key = campaign.limits, campaign.campaign_id
    found = []
    if limits.per_receipt is not None:
        found.append((limits.per_receipt, ReasonCode.CAPPED_RECEIPT))
    if limits.per_member is not None:
        found.append((max(0, limits.per_member - member.earned.get(key, 0)), ReasonCode.CAPPED_MEMBER))
    if limits.total is not None:
        found.append((max(0, budgets.get(key, limits.total)), ReasonCode.CAPPED_BUDGET))
    return sorted(found, key=lambda lid: lid[0])


def cap(gift: Gift, tightest: tuple[int, ReasonCode] | None) -> None:
    """Cut a gift to its campaign's caps: each line first, then the receipt, spread by largest remainder."""
    per_line = gift.campaign.limits.per_line
    if per_line is not None:
        gift.value = [min(value, per_line) for value in gift.value]
        gift.room = 0
        if gift.value != gift.desired:
            gift.capped_by = ReasonCode.CAPPED_LINE
    if tightest is None:
        return
    lid, code = tightest
    if sum(gift.value) > lid:
        gift.value = split(lid, gift.value)
        gift.capped_by = code
    gift.room = min(lid - sum(gift.value), lid if gift.room is None else gift.room)


def round_receipt(gifts: list[Gift], rounding: Rounding) -> None:
    """Round what a receipt earns in cash, spread over all shares by largest remainder.

    Rounding up goes to campaigns without a cap in reach, and never above the basis; where neither allows it, the
    receipt is rounded down.
    """
    cash = [gift for gift in gifts if gift.unit == "cash"]
    total = sum(gift.total for gift in cash)
    if rounding.unit == 1 or not total:
        return
    target = to_unit(total, rounding.unit, rounding.mode)
    if target > total:
        more = target - total
        roomy = [gift for gift in cash if (gift.room is None or gift.room >= more) and gift.total]
        if roomy and target <= sum(cash[0].basis):
            _respread(roomy, sum(gift.total for gift in roomy) + more)
            return
        target = to_unit(total, rounding.unit, "floor")
    _respread(cash, target)


def _respread(gifts: list[Gift], total: int) -> None:
    """Give the gifts this total in the proportions that they have."""
    shares = split(total, [value for gift in gifts for value in gift.value])
    for gift in gifts:
        gift.value, shares = shares[: len(gift.value)], shares[len(gift.value) :]
