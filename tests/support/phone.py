"""A device that follows `changes` as the contract says, and keeps what it was told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI

from api.core.security import MemberSession, claims_of
from contract.members import Changes
from contract.wallet import Lot, Purchase, Wallet
from tests.support.people import TestMember


@dataclass
class Phone:
    """What a member's device holds."""

    http: httpx.AsyncClient
    app: FastAPI
    session: MemberSession
    cursor: str | None = None
    told: Changes | None = None
    lots: dict[str, Lot] = field(default_factory=dict)
    purchases: dict[str, Purchase] = field(default_factory=dict)

    async def sync(self) -> Changes:
        """Ask what is new, and take it in."""
        params = {"since": self.cursor} if self.cursor else {}
        answer = await self.http.get("/v1/me/changes", params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        told = self.told = Changes.model_validate_json(answer.content)
        if told.full:
            self.lots, self.purchases = {}, {}
        self.lots.update({lot.lot_id: lot for lot in told.lots})
        self.lots = {key: lot for key, lot in self.lots.items() if lot.remaining.amount}
        self.purchases.update({purchase.purchase_id: purchase for purchase in told.purchases})
        self.cursor = told.cursor
        return told

    @property
    def headers(self) -> dict[str, str]:
        """What proves who this is, renewed as the time of the test goes on."""
        token = self.app.state.tokens.access(claims_of(self.session), self.app.state.clock.now())
        return {"Authorization": f"Bearer {token}"}

    def another(self) -> Phone:
        """The member's other device, which holds nothing yet."""
        return Phone(self.http, self.app, self.session)

    @property
    def wallet(self) -> Wallet:
        assert self.told is not None
        return self.told.wallet

    def adds_up(self) -> bool:
        """Whether the lots held are the wallet told, in cashback and in points."""
        sums: Counter[tuple[str, str]] = Counter()
        for lot in self.lots.values():
            sums[lot.remaining.currency, lot.state] += lot.remaining.amount
        told = [self.wallet] if self.wallet.points is None else [self.wallet, self.wallet.points]
        return all(
            (sums[each.pending.currency, "pending"], sums[each.pending.currency, "available"])
            == (each.pending.amount, each.available.amount)
            for each in told
        )


@pytest.fixture
def make_phone(http, app, sign_in_member):
    """`await make_phone(member)` gives the Phone of a member who has just signed in."""

    async def make(member: TestMember) -> Phone:
        signed_in = await sign_in_member(member)
        return Phone(http, app, MemberSession(member.member_id, member.programme_id, signed_in.session_id))

    return make
