"""A member's own account without an API: what a test sets, and what it was asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from contract.account import Device, Leaving
from contract.claims import Claim, ClaimRequest, Claims, ClaimStore, ProgrammeClaim, ProgrammeClaims
from contract.feedback import Feedback, ProgrammeFeedback, ProgrammeFeedbacks
from contract.members import Profile
from contract.money import Money
from contract.privacy import CHANNELS, PURPOSES, Choice, Consent, Consents, Export
from contract.sign_in import ProgrammeTerms

if TYPE_CHECKING:
    from tests.views.fakes import FakeClient

AT = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def brl(amount: int) -> Money:
    return Money(amount=amount, currency="BRL")


def device(device_id: str, name: str, *, this: bool = False) -> Device:
    return Device(device_id=device_id, name=name, signed_in_at=AT, last_seen_at=AT - timedelta(hours=2), this=this)


def export(state: str = "ready", done: int = 16, total: int = 16) -> Export:
    return Export.model_validate(
        {
            "export_id": "x1",
            "state": state,
            "done": done,
            "total": total,
            "bytes": 2_000 if state == "ready" else None,
            "asked_at": AT,
            "ready_at": AT if state == "ready" else None,
            "expires_at": AT + timedelta(days=7),
        }
    )


def claim(claim_id: str = "c1", **more: Any) -> Claim:
    given: dict[str, Any] = {
        "kind": "missing",
        "purchase_id": None,
        "store_id": "centro",
        "store_name": "Centro",
        "receipt_number": "C-7",
        "day": date(2026, 3, 9),
        "total": brl(8_000),
        "note": "",
        "asked_at": AT,
        "due_at": AT + timedelta(days=7),
        "state": "open",
        "reason": None,
        "words": "",
        "decided_at": None,
        "given": None,
    }
    return Claim(claim_id=claim_id, **(given | more))


class FakeMine:
    """What `client.mine` does; `client.fail` and `client.hold` work here too."""

    def __init__(self, client: FakeClient) -> None:
        self.client = client
        self.here = [device("d1", "Chrome, Android", this=True), device("d2", "Firefox, Windows")]
        self.allowed = Consents(
            items=[
                Consent(channel=channel, purpose=purpose, granted=False, at=None, wording_version=None)
                for channel in CHANNELS
                for purpose in PURPOSES
            ],
            use_history=True,
        )
        self.terms_version = 1
        self.copies: list[Export] = []
        self.next_copy = export()
        self.cost = Leaving(available=brl(4280), pending=brl(610), debt=brl(0), days=14, asked_at=None, erased_at=None)
        self.asked: list[Claim] = []
        self.said: Feedback | None = None

    def speak(self, language: str) -> None:
        self.spoken = language

    async def join_terms(self, language: str, since: int | None = None) -> ProgrammeTerms:
        await self.client._called("join_terms", language, *([since] if since else []))
        return ProgrammeTerms(
            version=self.terms_version,
            programme_name="Aurora Mercado",
            language="en",
            text="Fair and plain terms.",
            changes=["Cashback now lasts a year."] if since else [],
        )

    async def accept_terms(self, version: int) -> Profile:
        await self.client._called("accept_terms", version)
        profile = self.client.state.profile
        assert profile is not None
        accepted = profile.model_copy(update={"terms_accepted": version})
        self.client.become(replace(self.client.state, profile=accepted))
        return accepted

    async def change_profile(self, **what: Any) -> Profile:
        given = {name: value for name, value in what.items() if value is not None}
        await self.client._called("change_profile", given)
        profile = self.client.state.profile
        assert profile is not None
        return profile.model_copy(update=given)

    async def devices(self) -> list[Device]:
        await self.client._called("devices")
        return self.here

    async def sign_out_device(self, device_id: str) -> list[Device]:
        await self.client._called("sign_out_device", device_id)
        self.here = [each for each in self.here if each.device_id != device_id]
        return self.here

    async def sign_out_others(self) -> list[Device]:
        await self.client._called("sign_out_others")
        self.here = [each for each in self.here if each.this]
        return self.here

    async def consents(self) -> Consents:
        await self.client._called("consents")
        return self.allowed

    async def choose(self, choices: list[Choice], language: str, *, use_history: bool | None = None) -> Consents:
        await self.client._called("choose", choices, language, use_history)
        new = {(each.channel, each.purpose): each.granted for each in choices}
        items = [
            each.model_copy(update={"granted": new[each.channel, each.purpose], "at": AT})
            if (each.channel, each.purpose) in new
            else each
            for each in self.allowed.items
        ]
        history = self.allowed.use_history if use_history is None else use_history
        self.allowed = Consents(items=items, use_history=history)
        return self.allowed

    async def exports(self) -> list[Export]:
        await self.client._called("exports")
        return self.copies

    async def ask_for_export(self) -> list[Export]:
        await self.client._called("ask_for_export")
        self.copies = [self.next_copy]
        return self.copies

    async def export_file(self, export_id: str) -> bytes:
        await self.client._called("export_file", export_id)
        return b"zip"

    async def leaving(self) -> Leaving:
        await self.client._called("leaving")
        return self.cost

    async def leaving_code(self) -> None:
        await self.client._called("leaving_code")

    async def leave(self, code: str) -> Leaving:
        await self.client._called("leave", code)
        return self.cost

    async def stay(self) -> Leaving:
        await self.client._called("stay")
        return self.cost

    async def claims(self) -> Claims:
        await self.client._called("claims")
        stores = [ClaimStore(store_id="centro", name="Centro"), ClaimStore(store_id="web", name="Webshop")]
        return Claims(items=self.asked, stores=stores, days=30)

    async def make_claim(self, request: ClaimRequest) -> Claim:
        await self.client._called("make_claim", request)
        self.asked = [claim()]
        return self.asked[0]

    async def feedback(self, purchase_id: str) -> Feedback | None:
        await self.client._called("feedback", purchase_id)
        return self.said

    async def give_feedback(self, purchase_id: str, rating: int, comment: str) -> Feedback:
        await self.client._called("give_feedback", purchase_id, rating, comment)
        self.said = Feedback(
            purchase_id=purchase_id, rating=rating, comment=comment, given_at=AT, open_until=AT + timedelta(days=1)
        )
        return self.said


class FakeVoices:
    """What `client.voices` does."""

    def __init__(self, client: FakeClient) -> None:
        self.client = client
        self.waiting: list[ProgrammeClaim] = []
        self.heard: list[ProgrammeFeedback] = []

    async def claims(self, state: str, cursor: str | None = None) -> ProgrammeClaims:
        await self.client._called("programme_claims", state)
        return ProgrammeClaims(items=[each for each in self.waiting if each.state == state], next_cursor=None)

    async def accept(self, claim_id: str, words: str, amount: int | None) -> None:
        await self.client._called("accept", claim_id, words, amount)
        self.waiting = []

    async def refuse(self, claim_id: str, words: str, reason: str) -> None:
        await self.client._called("refuse", claim_id, words, reason)
        self.waiting = []

    async def feedback(self, cursor: str | None = None) -> ProgrammeFeedbacks:
        await self.client._called("programme_feedback", cursor)
        return ProgrammeFeedbacks(
            items=self.heard[1:] if cursor else self.heard[:1], next_cursor=None if cursor else "n"
        )


def to_decide(claim_id: str = "c1", **more: Any) -> ProgrammeClaim:
    given: dict[str, Any] = {
        "member_id": "m1",
        "member_name": "Ana Souza",
        "posted": "no",
        "purchases": 12,
        "claims": 1,
    }
    known = {name: more.pop(name) for name in list(more) if name in given}
    return ProgrammeClaim.model_validate({**claim(claim_id, **more).model_dump(), **given, **known})


def heard(number: str, rating: int, comment: str = "") -> ProgrammeFeedback:
    return ProgrammeFeedback(
        purchase_id=number,
        receipt_number=number,
        store_id="centro",
        store_name="Centro",
        rating=rating,
        comment=comment,
        given_at=AT - timedelta(hours=1),
    )
