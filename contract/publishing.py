"""What a manager publishes: campaigns and the programme's own rules, version by version, and what there is of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from contract.base import Answer, Instant, Message
from contract.campaigns import CampaignVersion
from contract.facts import ProgrammeTerms

CampaignState = Literal["draft", "scheduled", "live", "paused", "ended", "archived"]


class CampaignDraft(Message):
    """`POST /v1/programme/campaigns`: the first version of a campaign, or the next of one that there is.

    It holds from `when.starts_at` on, until the next version's. A change holds from now on at the earliest, so that
    what was bought before keeps its terms, also when its receipt comes later.
    """

    campaign: CampaignVersion
    state: Literal["draft", "live"] = Field(
        default="live", description="Of a new campaign; one that there is keeps its state."
    )


class PublishedCampaign(Answer):
    """A campaign: its state, and its newest version in short."""

    campaign_id: str
    state: CampaignState
    version: int
    name: dict[str, str]
    starts_at: Instant
    ends_at: Instant | None
    published_at: Instant


class CampaignList(Answer):
    """The programme's campaigns, by their ids."""

    items: list[PublishedCampaign]


class PublishedVersion(Answer):
    """One version of a campaign, as it was published."""

    published_at: Instant
    campaign: CampaignVersion


class CampaignVersions(Answer):
    """Every version of one campaign, the newest first."""

    campaign_id: str
    state: CampaignState
    items: list[PublishedVersion]


class CampaignStateRequest(Message):
    """`POST /v1/programme/campaigns/{id}/state`: `live` publishes a draft and resumes a pause; `ended` is for good."""

    state: Literal["live", "paused", "ended", "archived"]


class RulesDraft(Message):
    """`POST /v1/programme/rules`: the programme's own rules, all of them, from an instant on."""

    starts_at: Instant | None = Field(default=None, description="Not before now; left out: from now on.")
    after: Annotated[StrictInt, Field(ge=0)] | None = Field(
        default=None, description="The newest version that was looked at: where another came meanwhile, it is refused."
    )
    rules: ProgrammeTerms


class RulesVersion(Answer):
    """One version of the programme's own rules."""

    version: int
    starts_at: Instant
    published_at: Instant
    rules: ProgrammeTerms


class RulesList(Answer):
    """The versions of the programme's own rules, the newest first."""

    items: list[RulesVersion]
