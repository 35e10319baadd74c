"""What the screens are a function of: one immutable snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from contract.confirmations import SpendRequest
from contract.errors import ErrorCode, Problem
from contract.members import Profile
from contract.money import Money
from contract.offers import Offer
from contract.sign_in import Staff
from contract.wallet import Lot, Purchase, Wallet

Storage = Literal["good", "rebuilt", "full"]
ActionKind = Literal["activate", "deactivate", "hide", "unhide"]


@dataclass(frozen=True, slots=True)
class PendingAction:
    """An action that the API has not confirmed yet. `key` is its idempotency key."""

    key: str
    kind: ActionKind
    offer_id: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedAction:
    """An action that the API refused; kept until someone has read it (`Client.dismiss_refused`)."""

    key: str
    kind: ActionKind
    offer_id: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class TillStatus:
    """How a till's queue stands: receipts that wait, and outcomes that nobody has seen, good and bad."""

    waiting: int = 0
    posted: int = 0
    problems: int = 0
    kit_at: datetime | None = None
    """When what the till sells by without a network was last found to be the newest."""
    shelf_at: datetime | None = None
    """When its catalogue was last found to be the newest."""
    products: int = 0
    shelf: int = 0
    """The version of its catalogue."""
    spend_each: Money | None = None
    """What one customer may spend without a network, at most; None before there is a kit."""
    spend_left: Money | None = None
    """What all of them may still spend at this till, before it is back on the network."""
    clock_off: timedelta = timedelta(0)
    """How far the till's clock is ahead (above 0) or behind, where that is more than a moment."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A till asks whether it may spend more than it may without asking. `until` is by this device's own clock."""

    request: SpendRequest
    until: datetime


@dataclass(frozen=True, slots=True)
class State:
    """All that a screen shows, at one moment. Purchases are newest first; offers show queued actions as done."""

    kind: Literal["starting", "signed_out", "member", "staff"] = "starting"
    profile: Profile | None = None
    wallet: Wallet | None = None
    lots: tuple[Lot, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    offers: tuple[Offer, ...] = ()
    has_older_purchases: bool = False
    staff: Staff | None = None
    connection: Literal["connecting", "online", "offline"] = "connecting"
    fetched_at: datetime | None = None
    """When what is shown was last confirmed by the API; None before the first answer ever."""
    offline_since: datetime | None = None
    storage: Storage = "good"
    """`rebuilt`: what this device kept could not be read, and is being fetched anew. `full`: nothing can be kept."""
    pending: tuple[PendingAction, ...] = ()
    refused: tuple[RefusedAction, ...] = ()
    notice: ErrorCode | None = None
    """Why the person was signed out, when it was not by her own hand: SESSION_ENDED."""
    till: TillStatus = TillStatus()
    asked: tuple[Asked, ...] = ()
    """What tills ask of the member at this moment, the newest first."""
