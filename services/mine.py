"""A member's own account on this device: profile, devices, consents, copies, leaving, claims, feedback."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

from contract.account import Device, LeaveRequest, Leaving, ProfileChange, TermsAcceptance
from contract.claims import Claim, ClaimRequest, Claims
from contract.errors import ErrorCode
from contract.feedback import Feedback, FeedbackRequest
from contract.members import Profile
from contract.privacy import Choice, Consents, ConsentsChange, Export
from contract.sign_in import ProgrammeTerms
from services.errors import Refused
from services.my_routes import MyRoutes
from services.sales import input_as_refusal


class Mine:
    """What a member does with her account. Everything raises Offline or Refused; nothing of it is queued.

    Args:
        routes: the API.
        changed: called when what the profile says has changed, so that it is fetched.
        programme: the programme of this installation, where it names one.
    """

    def __init__(self, routes: MyRoutes, changed: Callable[[], None], programme: str | None = None) -> None:
        self._routes = routes
        self._changed = changed
        self._programme = programme
        self._claim: tuple[ClaimRequest, str] | None = None

    def speak(self, language: str) -> None:
        """What this device speaks: the API words things in it for who has chosen no language."""
        if self._routes.speak(language):
            self._changed()

    async def join_terms(self, language: str, since: int | None = None) -> ProgrammeTerms:
        """What somebody who joins accepts; with what has changed after a version."""
        return await self._routes.join_terms(self._programme, language, since)

    async def accept_terms(self, version: int) -> Profile:
        """Accept the programme's terms that are in force."""
        profile = await self._routes.accept_terms(TermsAcceptance(version=version))
        self._changed()
        return profile

    async def change_profile(
        self, *, name: str | None = None, birthday: date | None = None, language: str | None = None
    ) -> Profile:
        """Change what is given."""
        with input_as_refusal():
            change = ProfileChange(name=name, birthday=birthday, language=language)
        profile = await self._routes.change_profile(change)
        self._changed()
        return profile

    async def devices(self) -> list[Device]:
        """Where she is signed in, this device first."""
        return (await self._routes.devices()).items

    async def sign_out_device(self, device_id: str) -> list[Device]:
        """Sign one device out; those that are left. One that is out already is no mistake."""
        try:
            await self._routes.sign_out_device(device_id)
        except Refused as error:
            if error.code is not ErrorCode.NOT_FOUND:
                raise
        return await self.devices()

    async def sign_out_others(self) -> list[Device]:
        """Sign out everywhere but here; what is left."""
        await self._routes.sign_out_others()
        return await self.devices()

    async def consents(self) -> Consents:
        """What she allows."""
        return await self._routes.consents()

    async def choose(self, choices: list[Choice], language: str, *, use_history: bool | None = None) -> Consents:
        """Say yes or no, as read in a language."""
        change = ConsentsChange(choices=choices, use_history=use_history, language=language)
        consents = await self._routes.change_consents(change)
        self._changed()
        return consents

    async def exports(self) -> list[Export]:
        """The copies that are kept, newest first."""
        return (await self._routes.exports()).items

    async def ask_for_export(self) -> list[Export]:
        """Ask for a copy of everything."""
        await self._routes.ask_for_export()
        return await self.exports()

    async def export_file(self, export_id: str) -> bytes:
        """A copy that is ready, as a ZIP."""
        return await self._routes.export_file(export_id)

    async def leaving(self) -> Leaving:
        """What leaving would cost, and when it happens."""
        return await self._routes.leaving()

    async def leaving_code(self) -> None:
        """Have a code sent to her own contact."""
        await self._routes.leaving_code()

    async def leave(self, code: str) -> Leaving:
        """Ask to be erased."""
        with input_as_refusal():
            request = LeaveRequest(code="".join(code.split()))
        leaving = await self._routes.leave(request)
        self._changed()
        return leaving

    async def stay(self) -> Leaving:
        """Stay after all."""
        leaving = await self._routes.stay()
        self._changed()
        return leaving

    async def claims(self) -> Claims:
        """Her claims, and what a new one may be about."""
        return await self._routes.claims()

    async def make_claim(self, request: ClaimRequest) -> Claim:
        """Say that something is missing. The same again, after a lost answer, is the same claim."""
        if self._claim is None or self._claim[0] != request:
            self._claim = request, str(uuid.uuid4())
        claim = await self._routes.make_claim(*self._claim)
        self._claim = None
        return claim

    async def feedback(self, purchase_id: str) -> Feedback | None:
        """What she said of a purchase, or None."""
        try:
            return await self._routes.feedback(purchase_id)
        except Refused as error:
            if error.code is ErrorCode.NOT_FOUND:
                return None
            raise

    async def give_feedback(self, purchase_id: str, rating: int, comment: str) -> Feedback:
        """Say how a purchase was."""
        with input_as_refusal():
            request = FeedbackRequest(rating=rating, comment=comment)
        return await self._routes.give_feedback(purchase_id, request)
