"""The past of the demo's shoppers: imported purchases, cashback that was spent, and goods that came back."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from api.campaigns import service as campaigns
from api.core.ids import round_id
from api.core.security import StaffSession
from api.database.pool import Database
from api.demo.personas import find
from api.demo.seed_history import ANA, BRUNO, Visit, blender_receipt, till_visit, visits
from api.imports.columns import COLUMNS
from api.imports.reader import FileReader
from api.imports.service import Import
from api.ledger.repository import Claim, PurchasePosting, post_purchase
from api.offers import repository as offers
from api.sign_in import joining, members
from api.till import refunds
from api.till.basket import stored
from contract.basket import Basket
from contract.imports import RefusedRow
from contract.rules import may_spend, quote
from contract.till import RefundLine, RefundRequest

AGE = timedelta(days=430)
"""How long the demo's programme has been running when it is first started."""
_SPENT = ((210, 2_000), (150, 2_500), (100, 2_500), (45, 1_500))
"""Days ago, and how much cashback Ana spent then, in centavos."""
_REFUND_DAYS_AGO = 12
_ACTIVATED = (("ana", "weekend-food", 75), ("bruno", "bakery", 80))
_CASHIER = "1001"


@dataclass(frozen=True, slots=True)
class Demo:
    """The programme while it is being filled. All times are counted from `now`, when it was started first."""

    database: Database
    programme_id: UUID
    timezone: str
    now: datetime

    @property
    def began(self) -> datetime:
        """When the programme began."""
        return self.now - AGE

    def ago(self, days: float) -> datetime:
        """So many days before now."""
        return self.now - timedelta(days=days)

    def staff_id(self, staff_number: str) -> UUID:
        """The same id each time."""
        return uuid5(self.programme_id, staff_number)

    def cashier(self) -> StaffSession:
        """Leo, at his till."""
        staff_id = self.staff_id(_CASHIER)
        return StaffSession(staff_id, self.programme_id, uuid5(staff_id, "till"), "centro", "cashier")

    def claim(self, key: str) -> Claim:
        """What makes each step happen once."""
        return Claim(scope=f"demo:{self.programme_id}", key=key, fingerprint=key.encode())


async def fill_past(demo: Demo) -> None:
    """Everything up to now, in the order in which it happened. Running it again changes nothing."""
    ana = await _member(demo, "ana", birthday=date(1991, 5, 17))
    bruno = await _member(demo, "bruno", birthday=(demo.now + timedelta(days=1)).date().replace(year=1988))
    for who, offer, days in _ACTIVATED:
        member_id, _ = ana if who == "ana" else bruno
        async with demo.database.connection() as connection:
            await offers.activate(connection, member_id, offer, demo.ago(days))
    past = visits(ANA, ana[1], "1", demo.now, demo.timezone) + visits(BRUNO, bruno[1], "2", demo.now, demo.timezone)
    past.sort(key=lambda visit: visit.at)
    for days, amount in _SPENT:
        await _bring_in(demo, past, demo.ago(days))
        await _spend(demo, ana[0], amount, demo.ago(days))
    await _bring_in(demo, past, demo.ago(_REFUND_DAYS_AGO))
    await _give_back(demo, blender_receipt("1"), demo.ago(_REFUND_DAYS_AGO))
    await _bring_in(demo, past, demo.now)


async def _member(demo: Demo, name: str, birthday: date) -> tuple[UUID, str]:
    persona = find(name)
    assert persona is not None  # noqa: S101 - named in this file
    async with demo.database.transaction() as connection:
        member_id = await members.member_of_contact(connection, demo.programme_id, persona.contact)
        if member_id is None:
            member_id = await members.join(
                connection, demo.programme_id, persona.contact, demo.began, name=persona.name
            )
            await joining.accept_terms(connection, member_id, 1, demo.began)
        number: str = await connection.fetchval(
            "update member set birthday = $2 where member_id = $1 returning member_number", member_id, birthday
        )
    return member_id, number


async def _bring_in(demo: Demo, past: Sequence[Visit], until: datetime) -> None:
    """Import what was bought until then, as of then."""
    refused: list[RefusedRow] = []
    with tempfile.TemporaryDirectory(prefix="kierto-demo-") as folder:
        path = Path(folder) / "purchases.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(row for visit in past if visit.at <= until for row in visit.rows())
        await Import(demo.database, demo.programme_id, until, refused=refused.append).run(FileReader(path))
    if refused:
        raise ValueError(f"the demo's own purchases were refused: {refused[0]}")


async def _spend(demo: Demo, member_id: UUID, amount: int, at: datetime) -> None:
    """A purchase at the till, paid in part with cashback."""
    visit = till_visit(f"1{at:%y%m%d}", at, first_product=amount // 500)
    basket = Basket.model_validate(visit)
    async with demo.database.transaction() as connection:
        standing = await campaigns.member_facts(connection, demo.programme_id, member_id, at)
        programme = standing.programme
        posting = PurchasePosting(
            claim=demo.claim(basket.receipt_number),
            member_id=member_id,
            purchase_id=round_id(at),
            programme_id=demo.programme_id,
            store_id=basket.store_id,
            channel=basket.channel,
            receipt_number=basket.receipt_number,
            at=basket.at,
            source="till",
            unit=programme.currency,
            total=basket.total,
            redeem=min(amount, may_spend(basket.total, standing.available, programme.rules_at(at))),
            basket=stored(basket),
            quote=quote(basket, standing.facts, programme.campaigns, at, programme.rules_at(at)),
            staff_id=demo.staff_id(_CASHIER),
        )
        await post_purchase(connection, posting, at)


async def _give_back(demo: Demo, receipt_number: str, at: datetime) -> None:
    """The first line of a purchase comes back."""
    async with demo.database.connection() as connection:
        purchase_id = await connection.fetchval(
            """select purchase_id from ledger.receipt_claim
                where receipt = ledger.receipt_digest($1, 'centro', $2)""",
            demo.programme_id,
            receipt_number,
        )
    request = RefundRequest(lines=[RefundLine(line=0, quantity=1)], reason="Did not fit the kitchen")
    wanted = refunds.Wanted(purchase_id, request, f"demo-{purchase_id}")
    await refunds.post_once(demo.database, demo.cashier(), wanted, at)
