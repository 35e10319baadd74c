"""The routes of a member's own account, and of what the manager hears of it, as typed methods."""

from __future__ import annotations

from urllib.parse import quote as path_part

from contract.account import Devices, LeaveRequest, Leaving, ProfileChange, TermsAcceptance
from contract.claims import Claim, ClaimRequest, Claims, Decision, ProgrammeClaim, ProgrammeClaims
from contract.feedback import Feedback, FeedbackRequest, ProgrammeFeedbacks
from contract.members import Profile
from contract.privacy import Consents, ConsentsChange, Export, Exports
from contract.sign_in import ProgrammeTerms
from services.routes import Nothing, Routes


class MyRoutes(Routes):
    """The API as methods, with those of an account. Each raises Refused or Offline."""

    async def join_terms(self, programme: str | None, language: str, since: int | None = None) -> ProgrammeTerms:
        """What somebody who joins accepts; with what has changed after a version."""
        query = {"language": language} | ({} if programme is None else {"programme": programme})
        query |= {} if since is None else {"since": str(since)}
        return await self._call(ProgrammeTerms, "GET", "/v1/sign-in/terms", query=query, signed=False)

    async def change_profile(self, change: ProfileChange) -> Profile:
        """Change the name, the language or the birthday; twice is once."""
        body = change.model_dump_json(exclude_none=True)
        return await self._call(Profile, "PATCH", "/v1/me", body, safe=True)

    async def accept_terms(self, acceptance: TermsAcceptance) -> Profile:
        """Accept the terms in force; twice is once."""
        return await self._call(Profile, "PUT", "/v1/me/terms", acceptance)

    async def devices(self) -> Devices:
        """Where the member is signed in."""
        return await self._call(Devices, "GET", "/v1/me/devices")

    async def sign_out_device(self, device_id: str) -> None:
        """Sign one device out; tried once, since a second time there is nothing to sign out."""
        await self._call(Nothing, "DELETE", f"/v1/me/devices/{path_part(device_id, safe='')}", tries=1)

    async def sign_out_others(self) -> None:
        """Sign out everywhere but here."""
        await self._call(Nothing, "DELETE", "/v1/me/devices")

    async def consents(self) -> Consents:
        """What may be sent where."""
        return await self._call(Consents, "GET", "/v1/me/consents")

    async def change_consents(self, change: ConsentsChange) -> Consents:
        """Say yes or no."""
        return await self._call(Consents, "PUT", "/v1/me/consents", change)

    async def exports(self) -> Exports:
        """The copies that are kept."""
        return await self._call(Exports, "GET", "/v1/me/exports")

    async def ask_for_export(self) -> Export:
        """Ask for a copy of everything; while one is being made, that one is answered."""
        return await self._call(Export, "POST", "/v1/me/exports", safe=True)

    async def export_file(self, export_id: str) -> bytes:
        """A copy that is ready."""
        return await self._fetch(f"/v1/me/exports/{path_part(export_id, safe='')}/file", {}, "application/zip")

    async def leaving(self) -> Leaving:
        """What leaving would cost, and when it happens."""
        return await self._call(Leaving, "GET", "/v1/me/leaving")

    async def leaving_code(self) -> None:
        """Have a code sent that shows who asks; tried once, for each is a mail."""
        await self._call(Nothing, "POST", "/v1/me/leaving/code", tries=1)

    async def leave(self, request: LeaveRequest) -> Leaving:
        """Ask to be erased; tried once, since the code counts as used when the answer is lost."""
        return await self._call(Leaving, "DELETE", "/v1/me", request, tries=1)

    async def stay(self) -> Leaving:
        """Stay after all."""
        return await self._call(Leaving, "POST", "/v1/me/leaving/stay", safe=True)

    async def claims(self) -> Claims:
        """The member's claims, and what a new one may be about."""
        return await self._call(Claims, "GET", "/v1/me/claims")

    async def make_claim(self, request: ClaimRequest, key: str) -> Claim:
        """Say that something is missing."""
        return await self._call(Claim, "POST", "/v1/me/claims", request, key=key)

    async def feedback(self, purchase_id: str) -> Feedback:
        """What was said of a purchase."""
        return await self._call(Feedback, "GET", f"/v1/me/purchases/{path_part(purchase_id, safe='')}/feedback")

    async def give_feedback(self, purchase_id: str, request: FeedbackRequest) -> Feedback:
        """Say how a purchase was."""
        path = f"/v1/me/purchases/{path_part(purchase_id, safe='')}/feedback"
        return await self._call(Feedback, "PUT", path, request)

    async def programme_claims(self, state: str, cursor: str | None) -> ProgrammeClaims:
        """Claims of the programme, oldest first."""
        query = {"state": state} | ({} if cursor is None else {"cursor": cursor})
        return await self._call(ProgrammeClaims, "GET", "/v1/programme/claims", query=query)

    async def decide_claim(self, claim_id: str, decision: Decision, key: str) -> ProgrammeClaim:
        """Decide a claim; the same decision again is answered as it was."""
        path = f"/v1/programme/claims/{path_part(claim_id, safe='')}/decision"
        return await self._call(ProgrammeClaim, "POST", path, decision, key=key)

    async def programme_feedback(self, cursor: str | None) -> ProgrammeFeedbacks:
        """What was said of purchases, newest first."""
        query = {} if cursor is None else {"cursor": cursor}
        return await self._call(ProgrammeFeedbacks, "GET", "/v1/programme/feedback", query=query)
