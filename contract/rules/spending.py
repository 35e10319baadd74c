"""How much of a balance may be spent on a basket."""

from __future__ import annotations

from contract.campaigns import ProgrammeRules


def may_spend(total: int, available: int, programme: ProgrammeRules) -> int:
    """The most cashback that a basket of ``total`` may be paid with, in minor units.

    The balance, the programme's share of the basket (rounded down) and its limit for one code, whichever is least;
    nothing when that is below the least amount that the programme lets be spent.
    """
    most = min(available, max(0, total) * programme.redeem_max_share_bp // 10_000)
    if programme.spend_limit is not None:
        most = min(most, programme.spend_limit)
    return most if most >= max(1, programme.redeem_minimum) else 0


def may_spend_points(total: int, available: int, points: int, programme: ProgrammeRules) -> int:
    """The most points that a basket may be paid with where no cashback is; both count against the same caps."""
    most = may_spend(total, available + points_worth(points, programme), programme)
    rate = programme.points_rate
    return min(points, ((most + 1) * rate.points - 1) // rate.minor_units) if most else 0


def points_worth(points: int, programme: ProgrammeRules) -> int:
    """What points are worth in minor units by the programme's stated rate, rounded down."""
    return max(0, points) * programme.points_rate.minor_units // programme.points_rate.points
