"""Members, their sessions, and the one call that fills or refreshes a device's cache."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from contract.base import Answer, Instant, Told
from contract.confirmations import SpendRequest
from contract.money import Money
from contract.offers import Offer
from contract.tiers import TierStanding
from contract.wallet import Lot, Purchase, Wallet


class ProgrammeRef(Answer):
    """The chain that the wallet belongs to."""

    programme_id: str
    slug: str
    name: str
    currency: str
    timezone: str


class CodeSecret(Answer):
    """What a device needs to make member codes with no network (RFC 6238, SHA-1, 30 s, 8 digits)."""

    member_number: str
    secret: str = Field(description="Base32.")
    device_id: str


class Profile(Answer):
    """The signed-in member. `GET /v1/me`."""

    member_id: str
    member_number: str
    name: str
    email: str | None
    phone: str | None
    language: str
    language_chosen: bool = Field(
        default=False, description="Whether she chose it: then every device of hers speaks it."
    )
    birthday: date | None = None
    terms_accepted: int = Field(default=0, description="The newest version of the programme's terms that she accepted.")
    terms_version: int = Field(default=0, description="The version in force: where it is newer, ask for it.")
    leaving_at: Instant | None = Field(
        default=None, description="When all of this is erased, where she asked for that."
    )
    joined_at: Instant
    programme: ProgrammeRef
    wallet: Wallet
    spend_limit: Money = Field(description="A till may take up to this from one fresh code without asking her.")
    most_spend_limit: Money | None = Field(
        default=None, description="The programme's own limit, up to which she may set hers; null: none."
    )
    own_spend_limit: Money | None = Field(default=None, description="The limit that she has set, if she has.")
    spending_opens_at: Instant | None = Field(
        default=None, description="Where this device is new: its codes earn at once, and spend from then on."
    )
    tier: TierStanding | None = Field(default=None, description="Null where the programme has no tiers.")


class Changes(Answer):
    """What has changed for a member since a cursor. `GET /v1/me/changes?since=`.

    With `full` the device replaces all it has; otherwise it replaces what has the same id and keeps the rest. Lots with
    nothing remaining are sent once, so that they can be removed. The sums of the device's lots then equal the wallet's.
    """

    cursor: str
    full: bool
    profile: Profile
    wallet: Wallet
    lots: list[Lot]
    purchases: list[Purchase]
    offers: list[Offer] | None = Field(description="All offers, or null when none has changed.")
    asked: list[SpendRequest] = Field(
        default_factory=list, description="What tills ask of her at this moment: always all of it."
    )
    older_purchases: str | None = Field(
        default=None, description="With `full`: cursor of the purchases before those sent, for `GET /v1/me/purchases`."
    )


class WalletEvent(Answer):
    """Said over `GET /v1/me/events`: something changed; `changes` brings it."""

    version: int
    kind: Told[Literal["changed"]] = "changed"
