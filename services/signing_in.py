"""The ways in: a one-time code, a PIN, a hand-over at the till, and the demo's people."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod

from contract.sign_in import CodeRequest, CodeSignIn, DemoPersona, DemoSignIn, Joining, PinSignIn, Session
from contract.staff import SwitchRequest
from services.errors import Offline
from services.gateway import Gateway
from services.lock import Lock
from services.sales import input_as_refusal
from services.till import Till

LAST_WORD = 3.0
"""Seconds that leaving waits for the API, and for a confirm on its way."""


class SigningIn(ABC):
    """What asks the API for a session; what becomes of one, the client says.

    Args:
        gateway: the API.
        till: this device's, for a hand-over.
        programme: the one to sign in to; None where the installation has but one.
        device_name: how the session is listed among the member's devices.
    """

    def __init__(self, gateway: Gateway, till: Till, programme: str | None, device_name: str) -> None:
        self._gateway = gateway
        self.till = till
        self._programme = programme
        self._device_name = device_name
        self._lock = Lock()

    @abstractmethod
    async def _signed_in(self, session: Session) -> None:
        """Someone is signed in anew."""

    @abstractmethod
    async def _take_over(self, session: Session) -> None:
        """A colleague goes on with what was being entered."""

    async def request_code(self, contact: str, language: str = "en") -> None:
        """Have a one-time code sent to an e-mail address or a phone."""
        with input_as_refusal():
            request = CodeRequest(contact=contact.strip(), programme=self._programme, language=language)
        await self._gateway.request_code(request, str(uuid.uuid4()))

    async def sign_in_with_code(
        self, contact: str, code: str, language: str = "en", joining: Joining | None = None
    ) -> None:
        """Sign in as a member with the code that was sent. Refuses who is new and does not join: `terms_required`."""
        with input_as_refusal():
            request = CodeSignIn(
                contact=contact.strip(),
                code="".join(code.split()),
                programme=self._programme,
                device_name=self._device_name,
                language=language,
                joining=joining,
            )
        await self._signed_in(await self._gateway.sign_in(request, str(uuid.uuid4())))

    async def sign_in_with_pin(self, store_id: str, staff_number: str, pin: str) -> None:
        """Sign in as staff of one store."""
        with input_as_refusal():
            request = PinSignIn(
                store_id=store_id,
                staff_number=staff_number,
                pin=pin,
                programme=self._programme,
                device_name=self._device_name,
            )
        await self._signed_in(await self._gateway.sign_in(request, str(uuid.uuid4())))
        await self._lock.learn(staff_number, pin)

    async def switch_staff(self, staff_number: str, pin: str) -> None:
        """Unlock this till, or hand it to a colleague: the customer in hand and the basket stay.

        Without a network only who signed in here last may unlock it. Raises Refused or Offline.
        """
        with input_as_refusal():
            request = SwitchRequest(staff_number=staff_number.strip(), pin=pin)
        await self.till.settled(LAST_WORD)
        try:
            session = await self._gateway.switch_staff(request)
        except Offline:
            if not await self._lock.fits(request.staff_number, pin):
                raise
            return
        await self._lock.learn(request.staff_number, pin)
        await self._take_over(session)

    async def demo_personas(self) -> list[DemoPersona]:
        """Who a newcomer may be, in demo mode."""
        return (await self._gateway.demo_personas()).items

    async def demo_sign_in(self, persona: str) -> None:
        """Sign in as one of the demo's people."""
        request = DemoSignIn(persona=persona, device_name=self._device_name)
        await self._signed_in(await self._gateway.demo_sign_in(request, str(uuid.uuid4())))
