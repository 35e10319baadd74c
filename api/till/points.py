"""Points that pay for a purchase, at the programme's rate, under the same caps as cashback."""

from __future__ import annotations

from api.campaigns.service import MemberStanding
from api.problems import Refusal, invalid
from contract.errors import ErrorCode
from contract.money import POINTS
from contract.rules import may_spend, points_worth
from contract.till import PurchaseRequest


def checked_points(
    request: PurchaseRequest, standing: MemberStanding, redeem: int, *, can_spend: bool
) -> tuple[int, int]:
    """The points that a purchase spends, and what they pay in minor units, beside `redeem` of cashback.

    Refuses more than there are, or than may be: both together count against the programme's share and limit.
    """
    points = request.redeem_points
    if not points:
        return 0, 0
    if not can_spend:
        raise Refusal(
            422, ErrorCode.REDEEM_NOT_ALLOWED, "Points can be spent only after a scan of the member's own code."
        )
    if points > standing.points:
        raise over_points(standing.points)
    rules = standing.programme.rules_at(request.at)
    worth = points_worth(points, rules)
    if not worth:
        raise invalid("redeem_points", "so few points are worth nothing")
    most = may_spend(request.total, standing.available + points_worth(standing.points, rules), rules)
    if redeem + worth > most:
        raise Refusal(
            422,
            ErrorCode.REDEEM_OVER_CAP,
            "That is more than may be spent on this purchase. Spend less.",
            params={"most": max(0, most - redeem), "currency": rules.currency},
        )
    return points, worth


def over_points(available: int) -> Refusal:
    """More points are spent than there are."""
    return Refusal(
        422,
        ErrorCode.REDEEM_OVER_BALANCE,
        "That is more than the member has available in points. Spend less.",
        params={"available": available, "currency": POINTS},
    )
