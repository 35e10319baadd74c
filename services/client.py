"""The client of one device: its state, and everything that a person can do with it."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from contract.errors import ErrorCode
from contract.members import Profile
from contract.sign_in import Session
from contract.wallet import Purchase
from services.account import Account
from services.books import Books
from services.cache import CacheClosed, remove_all
from services.clock import Clock, SystemClock
from services.codes import ShownCode, shown_code
from services.confirmations import Confirmations
from services.errors import Offline, Refused
from services.folders import folder_name, rename_account
from services.gateway import Gateway, Transport
from services.keys import Keys, SignedIn
from services.mine import Mine
from services.remembered import Cache
from services.retry import Backoff
from services.shelf import Shelf
from services.shop import Shop
from services.signing_in import LAST_WORD, SigningIn
from services.state import ActionKind, PendingAction, RefusedAction, State
from services.sync import Timing
from services.till import Till
from services.vault import Vault
from services.voices import Voices

__all__ = ["Client", "ClientConfig", "PendingAction", "RefusedAction", "State", "Timing", "Vault"]

log = logging.getLogger("kierto.client")

Listener = Callable[[State], None]


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """Where the API is, and where this installation keeps its files."""

    api_url: str
    data_dir: Path
    demo: bool = False
    device_name: str = ""
    programme: str | None = None
    reader: str = ""
    """The network address of the browser that this client is hosted for; the API counts by it."""
    timing: Timing = field(default_factory=Timing)


class Client(SigningIn):
    """One per device; in a hosted web app one per browser session. Made by `open`."""

    def __init__(
        self, config: ClientConfig, vault: Vault, *, device_id: str, clock: Clock, transport: Transport | None
    ) -> None:
        self.state = State()
        self._config = config
        self._clock = clock
        self._folder = config.data_dir / folder_name(device_id)
        self._keys = Keys(vault)
        gateway = Gateway(
            config.api_url,
            self._keys,
            clock,
            transport=transport,
            session_ended=self._session_has_ended,
            reader=config.reader,
        )
        self.mine = Mine(gateway, self._wake, config.programme)
        self.voices = Voices(gateway)
        self.confirmations = Confirmations(gateway, clock, self._answered, self._limit_set)
        self.shop = Shop(gateway)
        self.shelf = Shelf(gateway, clock.now)
        self.books = Books(gateway, clock, self._cache)
        till = Till(
            gateway,
            clock,
            device_id,
            self._wake,
            skew=self._skew,
            signer=lambda: self._keys.till_key,
            show=lambda status: self._show(till=status),
            shelf=self.shelf,
            retry=Backoff(first=config.timing.retry_first, most=3 * config.timing.retry_most),
        )
        super().__init__(gateway, till, config.programme, config.device_name)
        self._account: Account | None = None
        self._listeners: list[Listener] = []
        self._moving = asyncio.Lock()
        self._leaving: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        config: ClientConfig,
        vault: Vault,
        *,
        device_id: str,
        clock: Clock | None = None,
        transport: Transport | None = None,
    ) -> Client:
        """Show what the cache has at once, and start to sync in the background."""
        client = cls(config, vault, device_id=device_id, clock=clock or SystemClock(), transport=transport)
        signed_in = await client._keys.load()
        if signed_in is None:
            client._set(State(kind="signed_out"))
        else:
            await client._enter(signed_in)
        return client

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` on the event loop with each new state; returns what ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return unsubscribe

    async def close(self) -> None:
        """Stop everything; the cache and the sign-in stay. No listener is called any more."""
        self._listeners.clear()
        if self._leaving is not None:
            await self._leaving
        async with self._moving:
            await self.till.leave()
            if self._account is not None:
                await self._account.close()
                self._account = None
        await self._gateway.close()

    # signing out, and in

    async def sign_out(self) -> None:
        """Sign out, and wipe the cache and the vault, with or without a network."""
        await self.till.settled(LAST_WORD)
        last = self._keys.let_go()
        await self._leave(notice=None)
        if last.signed_in is not None:
            with suppress(Offline, Refused, TimeoutError):
                async with asyncio.timeout(LAST_WORD):
                    await self._gateway.on_behalf_of(last).sign_out(str(uuid.uuid4()))

    # a member

    async def refresh(self) -> None:
        """Sync now. Raises Offline when no answer comes; what was shown stays."""
        if self._account is not None:
            with suppress(CacheClosed):  # signed out meanwhile
                await self._account.sync.now()

    async def activate(self, offer_id: str) -> None:
        """Activate an offer: shown at once, sent when the network lets it, applied once."""
        await self._act("activate", offer_id)

    async def deactivate(self, offer_id: str) -> None:
        """Take an activation back, likewise."""
        await self._act("deactivate", offer_id)

    async def hide(self, offer_id: str) -> None:
        """Show less of an offer, likewise; it goes on counting."""
        await self._act("hide", offer_id)

    async def unhide(self, offer_id: str) -> None:
        """Show an offer among the others again, likewise."""
        await self._act("unhide", offer_id)

    async def dismiss_refused(self, key: str) -> None:
        """Forget a refused action that has been read."""
        if self._account is not None:
            with suppress(CacheClosed):  # signed out meanwhile
                await self._account.dismiss(key)

    async def load_older_purchases(self) -> None:
        """Bring the next page of older purchases into the cache and the state. Raises Offline or Refused."""
        if self._account is not None:
            with suppress(CacheClosed):  # signed out meanwhile
                await self._account.load_older()

    async def show_all_kept(self) -> None:
        """Bring all purchases that this device keeps into the state, for a search among them."""
        if self._account is not None:
            with suppress(CacheClosed):  # signed out meanwhile
                await self._account.show_all_kept()

    async def purchase(self, purchase_id: str) -> Purchase | None:
        """One purchase, from the cache or the API; None when the member has no such purchase."""
        return None if self._account is None else await self._account.purchase(purchase_id)

    def member_code(self) -> ShownCode | None:
        """The code of this moment; None when this device has no secret."""
        if self.state.kind != "member" or self._keys.code_secret is None:
            return None
        return shown_code(self._keys.code_secret, self._clock.now() + self._skew())

    # how

    async def _act(self, kind: ActionKind, offer_id: str) -> None:
        if self._account is not None:
            with suppress(CacheClosed):  # signed out meanwhile
                await self._account.act(kind, offer_id)

    def _skew(self) -> timedelta:
        """What to add to the device's clock, as measured now, or else before."""
        if self._gateway.skew is not None:
            return self._gateway.skew
        return self._account.skew if self._account is not None else timedelta(0)

    async def _signed_in(self, session: Session) -> None:
        await self._leave(notice=None)
        signed_in = await self._keys.take(session)
        await self._enter(signed_in, session)

    async def _take_over(self, session: Session) -> None:
        """Go on with another's tokens on the same files: what was being entered is still there."""
        before = self._keys.signed_in
        async with self._moving:
            account, self._account = self._account, None
            await self.till.leave()
            if account is not None:
                await account.close()
            signed_in = await self._keys.take(session)
            if before is not None and before.account != signed_in.account:
                await asyncio.to_thread(rename_account, self._folder, before.account, signed_in.account)
        await self._enter(signed_in, session)

    async def _enter(self, signed_in: SignedIn, session: Session | None = None) -> None:
        async with self._moving:
            account = await Account.open(
                self._folder / f"{signed_in.account}.sqlite3",
                kind=signed_in.kind,
                gateway=self._gateway,
                clock=self._clock,
                timing=self._config.timing,
                show=self._show,
            )
            who = None if session is None else session.member or session.staff
            if who is not None:
                await account.mirror.keep_who(who)
            self._account = account
            self.state = State(kind=signed_in.kind)
            await account.show()
            if self.state.staff is not None:
                await self.till.enter(self.state.staff, account.cache, self._folder)
            known = self.state.wallet is not None
            account.sync.start(self._config.timing.begin_after if known else 0.0)

    async def _leave(self, notice: ErrorCode | None) -> None:
        """Stop, wipe this device's files and tokens, and show that nobody is signed in."""
        async with self._moving:
            account, self._account = self._account, None
            unfinished = False
            if account is not None:
                unfinished = notice is not None and bool(await account.cache.posts())
                await self.till.leave()
                await account.close()
            await self._keys.wipe()
            if account is not None and not unfinished:  # a sale that may be posted outlives a session that was ended
                await account.cache.wipe()
                await remove_all(self._folder)
            self._set(State(kind="signed_out", notice=notice))

    def _session_has_ended(self) -> None:
        if self._leaving is None or self._leaving.done():
            self._leaving = asyncio.create_task(self._leave(ErrorCode.SESSION_ENDED), name="kierto leaves")

    def _cache(self) -> Cache | None:
        return None if self._account is None else self._account.cache

    def _answered(self, confirmation_id: str) -> None:
        if self._account is not None:
            self._account.answered(confirmation_id)
            self._show(asked=self._account.asked)
            self._wake()

    async def _limit_set(self, profile: Profile) -> None:
        if self._account is not None:
            with suppress(CacheClosed):  # signed out meanwhile
                await self._account.mirror.keep_who(profile)
                await self._account.show()
            self._wake()

    def _wake(self) -> None:
        if self._account is not None:
            self._account.sync.wake()

    def _show(self, **news: Any) -> None:
        if "connection" in news:
            self.till.noticed(online=news["connection"] == "online")
        self._set(replace(self.state, **news))

    def _set(self, state: State) -> None:
        if state == self.state:
            return
        self.state = state
        for listener in list(self._listeners):
            try:
                listener(state)
            except Exception:
                log.exception("a listener failed")
