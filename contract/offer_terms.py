"""An offer's terms out of a campaign version: the same for an offer of today and for one of years ago."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.campaigns import (
    CampaignVersion,
    FixedReward,
    Minimum,
    MultiplierReward,
    PercentReward,
    PointsReward,
    Steps,
    text_in,
)
from contract.money import POINTS, Money
from contract.offers import Offer, OfferStep
from contract.terms import Terms


def terms_fields(
    campaign: CampaignVersion, *, currency: str, language: str, store_names: Mapping[str, str]
) -> dict[str, Any]:
    """The fields of an `Offer` that its version alone decides; a store without a name keeps its id."""
    reward, threshold, only = campaign.reward, campaign.threshold, campaign.what.only
    unit = POINTS if isinstance(reward, PointsReward) else currency
    cap = campaign.limits.per_member if reward.kind != "stamp" else None
    most = campaign.limits.per_receipt if reward.kind != "stamp" else None
    return {
        "offer_id": campaign.campaign_id,
        "campaign_version": campaign.version,
        "name": campaign.name_in(language),
        "description": text_in(campaign.description, language),
        "picture": campaign.picture,
        "kind": "steps" if isinstance(threshold, Steps) else reward.kind,
        "rate_bp": reward.rate_bp if isinstance(reward, PercentReward) else None,
        "value": _value(campaign, currency),
        "per": Money(amount=reward.per, currency=currency) if isinstance(reward, PointsReward) else None,
        "per_item": isinstance(reward, FixedReward) and reward.per == "unit",
        "factor_bp": reward.factor_bp if isinstance(reward, MultiplierReward) else None,
        "steps": _steps(campaign, currency),
        "minimum": Money(amount=threshold.amount, currency=currency) if isinstance(threshold, Minimum) else None,
        "categories": list(only.categories),
        "tags": list(only.tags),
        "brands": list(only.brands),
        "excluded": [name for _, names in campaign.what.exclude.by_kind for name in sorted(names)],
        "exclude_discounted": campaign.what.exclude_discounted,
        "stores": [store_names.get(store, store) for store in campaign.where.stores],
        "channels": list(campaign.where.channels),
        "payment_means": list(campaign.where.payment_means),
        "starts_at": campaign.when.starts_at,
        "ends_at": campaign.when.ends_at,
        "weekdays": list(campaign.when.weekdays),
        "hours": list(campaign.when.hours),
        "pending_days": campaign.pending_days,
        "expires_after": campaign.expires_after,
        "needs_activation": campaign.needs_activation,
        "cap": None if cap is None else Money(amount=cap, currency=unit),
        "per_purchase": None if most is None else Money(amount=most, currency=unit),
        "most_stamps": campaign.limits.per_member if reward.kind == "stamp" else None,
    }


def offer_of_terms(terms: Terms, language: str) -> Offer:
    """Terms of any day as an offer that nobody can take any more. Raises ValueError where the body is no version."""
    campaign = CampaignVersion.model_validate(terms.body, strict=False)
    fields = terms_fields(campaign, currency=terms.currency, language=language, store_names=terms.stores)
    return Offer(**fields, state="ended")


def _value(campaign: CampaignVersion, currency: str) -> Money | None:
    match campaign.reward:
        case FixedReward(value=value):
            return Money(amount=value, currency=currency)
        case PointsReward(points=points):
            return Money(amount=points, currency=POINTS)
    return None


def _steps(campaign: CampaignVersion, currency: str) -> list[OfferStep]:
    if not isinstance(campaign.threshold, Steps):
        return []
    return [
        OfferStep(threshold=Money(amount=step.threshold, currency=currency), rate_bp=step.rate_bp)
        for step in campaign.threshold.steps
    ]
