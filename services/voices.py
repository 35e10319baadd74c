"""What members say, for the manager: claims to decide, and feedback to read."""

from __future__ import annotations

import uuid

from contract.claims import ClaimState, Decision, ProgrammeClaim, ProgrammeClaims, RefusalReason
from contract.feedback import ProgrammeFeedbacks
from services.my_routes import MyRoutes
from services.sales import input_as_refusal


class Voices:
    """For managers only; the API says so. Everything raises Offline or Refused."""

    def __init__(self, routes: MyRoutes) -> None:
        self._routes = routes

    async def claims(self, state: ClaimState, cursor: str | None = None) -> ProgrammeClaims:
        """A page of claims, oldest first."""
        return await self._routes.programme_claims(state, cursor)

    async def accept(self, claim_id: str, words: str, amount: int | None) -> ProgrammeClaim:
        """Accept a claim: an amount in minor units, or None to post the missing purchase by the rules of its day."""
        with input_as_refusal():
            decision = Decision(accepted=True, words=words, amount=amount)
        return await self._routes.decide_claim(claim_id, decision, str(uuid.uuid4()))

    async def refuse(self, claim_id: str, words: str, reason: RefusalReason) -> ProgrammeClaim:
        """Refuse a claim with its reason."""
        with input_as_refusal():
            decision = Decision(accepted=False, words=words, reason=reason)
        return await self._routes.decide_claim(claim_id, decision, str(uuid.uuid4()))

    async def feedback(self, cursor: str | None = None) -> ProgrammeFeedbacks:
        """A page of what was said, newest first."""
        return await self._routes.programme_feedback(cursor)
