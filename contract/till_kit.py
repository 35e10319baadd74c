"""What a till keeps to work without a network: the kit, its key, and the mark on a receipt that it queued."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from contract.base import Answer, Instant, Message
from contract.campaigns import CampaignVersion, ProgrammeRules
from contract.money import MinorUnits, Money
from contract.wallet import StoreRef


class TillKit(Answer):
    """A programme as a till keeps it. `version` changes with anything in it, but for `made_at`."""

    version: str
    made_at: Instant
    rules: ProgrammeRules
    campaigns: list[CampaignVersion]
    stores: list[StoreRef]
    categories: list[str] = Field(default_factory=list, description="Categories that the programme's terms name.")


class TillKitAnswer(Answer):
    """`GET /v1/till/kit?have=`: the kit, or null where the till has this version."""

    version: str
    kit: TillKit | None
    key_id: str = Field(description="Names the key that this till signs with.")


class TillKey(Answer):
    """What a till signs queued receipts with: HMAC-SHA-256 under `secret` (hex). One a session."""

    key_id: str
    secret: str


class OfflineMark(Message):
    """On a receipt that was confirmed without a network: by which kit, what was told, and the till's signature."""

    kit: Annotated[str, Field(max_length=80)]
    told: MinorUnits = Field(description="The earning that the till named as the least.")
    confirmed_at: Instant
    identify_key: Annotated[str, Field(max_length=128)] | None = Field(
        default=None, description="The key of an identify call whose answer was lost; it may have used the code up."
    )
    staff_id: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="Who was at the till; who sends it may be another."
    )
    key_id: Annotated[str, Field(max_length=64)]
    mac: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(description="HMAC-SHA-256 of the receipt, as hex.")


class OfflineRisk(Answer):
    """A receipt that was confirmed without a network: what was told and given at the till, and what came of it."""

    receipt_number: str
    store_name: str
    staff_name: str = Field(description="Who was at the till.")
    member_name: str = Field(description="Empty where nobody was found, or she has left.")
    spent: Money = Field(description="Taken off the price at the till.")
    limit: Money = Field(description="What one member might spend at one till then.")
    confirmed_at: Instant
    received_at: Instant
    outcome: str
    code: str | None = Field(description="Why it was refused.")
    purchase_id: str | None
    told: Money
    earned: Money
    shortfall: Money = Field(description="Taken off the price at the till, and covered by no balance.")
    till: str


class OfflineSums(Answer):
    """Receipts that were confirmed without a network, added up."""

    receipts: int
    spent: Money
    shortfall: Money = Field(description="Of it, what no balance covered.")
    refused: int
    earned_less: int = Field(description="Receipts that earned less than was told.")


class OfflineSeller(OfflineSums):
    """The sums of one person at one till."""

    till: str
    store_name: str
    staff_name: str


class OfflineLimits(Answer):
    """What a programme lets its tills give without a network."""

    spend_per_member: Money
    spend_per_till: Money
    kit_hours: int


class OfflineRisks(Answer):
    """`GET /v1/till/offline-risks`: newest first, with what tills gave without a network and who gave it.

    `total` is the sum of all shortfalls; `sums` and `sellers` are of the last 90 days.
    """

    total: Money
    items: list[OfflineRisk]
    next_cursor: str | None
    limits: OfflineLimits
    sums: OfflineSums
    sellers: list[OfflineSeller]


def signed_text(receipt: Mapping[str, Any]) -> str:
    """What a till signs: the queued receipt as it is sent, without the signature, in one form only."""
    mark = {name: value for name, value in receipt["offline"].items() if name != "mac"}
    whole = {**receipt, "offline": mark}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def sign(receipt: Mapping[str, Any], secret: str) -> str:
    """The signature of a queued receipt, as hex."""
    return hmac.new(bytes.fromhex(secret), signed_text(receipt).encode(), hashlib.sha256).hexdigest()


def is_sure(campaign: CampaignVersion) -> bool:
    """Whether what a campaign gives can be told of a member of whom nothing is known, and will hold."""
    return not (
        campaign.who
        or campaign.needs_activation
        or campaign.what.favourites_only
        or campaign.limits.per_member is not None
        or campaign.limits.total is not None
    )


def sure(campaigns: Sequence[CampaignVersion]) -> list[CampaignVersion]:
    """The campaigns whose every version is sure: what they give now is what they give when the receipt is posted."""
    unsure = {each.campaign_id for each in campaigns if not is_sure(each)}
    return [each for each in campaigns if each.campaign_id not in unsure]


def perhaps(campaigns: Sequence[CampaignVersion]) -> list[CampaignVersion]:
    """All campaigns as for the luckiest member: what a receipt may come to once more is known."""
    return [_relaxed(each) for each in campaigns]


def _relaxed(campaign: CampaignVersion) -> CampaignVersion:
    if is_sure(campaign):
        return campaign
    return campaign.model_copy(
        update={
            "who": (),
            "needs_activation": False,
            "what": campaign.what.model_copy(update={"favourites_only": False}),
            "limits": campaign.limits.model_copy(update={"per_member": None, "total": None}),
        }
    )
