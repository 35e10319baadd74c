"""The client of one device: its state, and everything that a person can do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contract.sign_in import DemoPersona
from contract.wallet import Purchase
from services.clock import Clock, SystemClock
from services.codes import ShownCode
from services.gateway import Transport
from services.state import PendingAction, RefusedAction, State
from services.till import Till
from services.vault import Vault

__all__ = ["Client", "ClientConfig", "PendingAction", "RefusedAction", "State", "Vault"]

Listener = Callable[[State], None]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the client waits, in seconds."""

    sync_every: float = 60.0
    """Between two syncs while events arrive."""
    poll_every: float = 5.0
    """Between two syncs while they do not."""
    retry_first: float = 0.5
    retry_most: float = 5.0
    """Between two tries while the API does not answer."""


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """Where the API is, and where this installation keeps its files."""

    api_url: str
    data_dir: Path
    demo: bool = False
    device_name: str = ""
    programme: str | None = None
    timing: Timing = Timing()


class Client:
    """One per device; in a hosted web app one per browser session."""

    state: State
    till: Till

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
        client = cls()
        client.state = State()
        client.till = Till()
        _ = (config, vault, device_id, clock or SystemClock(), transport)
        return client

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` on the event loop with each new state; returns what ends it."""
        raise NotImplementedError

    async def close(self) -> None:
        """Stop everything; the cache and the sign-in stay."""
        raise NotImplementedError

    async def request_code(self, contact: str, language: str = "en") -> None:
        """Have a one-time code sent to an e-mail address or a phone."""
        raise NotImplementedError

    async def sign_in_with_code(self, contact: str, code: str) -> None:
        """Sign in as a member with the code that was sent."""
        raise NotImplementedError

    async def sign_in_with_pin(self, store_id: str, staff_number: str, pin: str) -> None:
        """Sign in as staff of one store."""
        raise NotImplementedError

    async def demo_personas(self) -> list[DemoPersona]:
        """Who a newcomer may be, in demo mode."""
        raise NotImplementedError

    async def demo_sign_in(self, persona: str) -> None:
        """Sign in as one of the demo's people."""
        raise NotImplementedError

    async def sign_out(self) -> None:
        """Sign out, and wipe the cache and the vault, with or without a network."""
        raise NotImplementedError

    async def refresh(self) -> None:
        """Sync now. Raises Offline when no answer comes; what was shown stays."""
        raise NotImplementedError

    async def activate(self, offer_id: str) -> None:
        """Activate an offer: shown at once, sent when the network lets it, applied once."""
        raise NotImplementedError

    async def deactivate(self, offer_id: str) -> None:
        """Take an activation back, likewise."""
        raise NotImplementedError

    async def dismiss_refused(self, key: str) -> None:
        """Forget a refused action that has been read."""
        raise NotImplementedError

    async def load_older_purchases(self) -> None:
        """Bring the next page of older purchases into the cache and the state."""
        raise NotImplementedError

    async def purchase(self, purchase_id: str) -> Purchase | None:
        """One purchase, from the cache or the API; None when the member has no such purchase."""
        raise NotImplementedError

    def member_code(self) -> ShownCode | None:
        """The code of this moment; None when this device has no secret."""
        raise NotImplementedError
