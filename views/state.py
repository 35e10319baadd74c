"""The client's state, cut into slices, so that a screen renders again only when what it shows has changed."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

import flet as ft

from contract.errors import ErrorCode
from contract.members import Profile
from contract.offers import Offer
from contract.sign_in import Staff
from contract.wallet import Lot, Purchase, Wallet
from services.state import Asked, PendingAction, RefusedAction, State, Storage, TillStatus
from views.hooks import use_watched

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Who:
    """Who is signed in."""

    kind: Literal["starting", "signed_out", "member", "staff"] = "starting"
    profile: Profile | None = None
    staff: Staff | None = None
    notice: ErrorCode | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """The wallet, and the lots that it is made of."""

    wallet: Wallet | None = None
    lots: tuple[Lot, ...] = ()


@dataclass(frozen=True, slots=True)
class Offers:
    """The offers, and what was asked of them that the API has not answered, or has refused."""

    items: tuple[Offer, ...] = ()
    pending: tuple[PendingAction, ...] = ()
    refused: tuple[RefusedAction, ...] = ()
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class Purchases:
    """The purchases on this device, newest first."""

    items: tuple[Purchase, ...] = ()
    has_older: bool = False
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """How what is shown stands with the API."""

    connection: Literal["connecting", "online", "offline"] = "connecting"
    fetched_at: datetime | None = None
    offline_since: datetime | None = None
    storage: Storage = "good"


@ft.observable
@dataclass
class Slice(Generic[T]):
    """One observable part of the state. A component reads it by ``use_slice``."""

    value: T


class Store:
    """The slices of one session, fed by the client."""

    def __init__(self) -> None:
        self.who: Slice[Who] = Slice(Who())
        self.balance: Slice[Balance] = Slice(Balance())
        self.offers: Slice[Offers] = Slice(Offers())
        self.purchases: Slice[Purchases] = Slice(Purchases())
        self.link: Slice[Link] = Slice(Link())
        self.till: Slice[TillStatus] = Slice(TillStatus())
        self.asked: Slice[tuple[Asked, ...]] = Slice(())

    def apply(self, state: State) -> None:
        """Take over a new snapshot; only slices that differ notify."""
        loaded = state.fetched_at is not None
        self.balance.value = Balance(_unless_news(self.balance.value.wallet, state.wallet), state.lots)
        self.offers.value = Offers(state.offers, state.pending, state.refused, loaded)
        self.purchases.value = Purchases(state.purchases, state.has_older_purchases, loaded)
        self.link.value = Link(state.connection, state.fetched_at, state.offline_since, state.storage)
        self.till.value = state.till
        self.asked.value = state.asked
        profile = _profile_unless_news(self.who.value.profile, state.profile)
        self.who.value = Who(state.kind, profile, state.staff, state.notice)

    def follow(self, subscribe: Callable[[Callable[[State], None]], Callable[[], None]]) -> Callable[[], None]:
        """Follow a client; its calls run in this session's context, wherever they come from."""
        here = contextvars.copy_context()
        return subscribe(lambda state: here.run(self.apply, state))


def _unless_news(before: Wallet | None, now: Wallet | None) -> Wallet | None:
    """The wallet as it was, where only the moment of the answer differs: a sync without news renders nothing."""
    if before is None or now is None or before.model_copy(update={"as_of": now.as_of}) != now:
        return now
    return before


def _profile_unless_news(before: Profile | None, now: Profile | None) -> Profile | None:
    """The profile likewise: it names the wallet, too."""
    if before is None or now is None:
        return now
    wallet = _unless_news(before.wallet, now.wallet)
    return before if now.model_copy(update={"wallet": wallet}) == before else now


def use_slice(piece: Slice[T]) -> T:
    """The slice's value; the component renders again when it changes."""
    return use_watched(piece).value
