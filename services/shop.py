"""What a shop's people do beside selling: joining members, credits, shifts, receipts, staff, settings, reviews."""

from __future__ import annotations

import uuid
from typing import Literal

from contract.audit import AuditPage
from contract.catalogue import CatalogueReport
from contract.facts import ProgrammeTerms
from contract.publishing import RulesDraft, RulesVersion
from contract.reviews import Review, ReviewDecision, ReviewPage, Settings, SettingsBody, SettingsChange
from contract.shifts import Counted, ReceiptMail, ShiftClose, ShiftPage, ShiftReport
from contract.staff import AccountLink, Approval, Credit, CreditRequest, Role, StaffAdd, StaffChange, StaffMember
from contract.till_kit import OfflineRisks
from services.gateway import Gateway
from services.sales import input_as_refusal

WhichRisks = Literal["problems", "spent", "all"]


class Shop:
    """Every call may raise Refused or Offline; nothing of it is queued."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._credit: tuple[CreditRequest, str] | None = None
        self._rules: tuple[RulesDraft, str] | None = None

    # the till

    async def credit(self, identification: str, amount: int, reason: str, approval: Approval) -> Credit:
        """Give cashback by hand; the same call again after Offline is the same credit."""
        with input_as_refusal():
            request = CreditRequest(
                identification=identification, amount=amount, reason=reason.strip(), approval=approval
            )
        if self._credit is None or self._credit[0] != request:
            self._credit = (request, str(uuid.uuid4()))
        done = await self._gateway.credit(request, self._credit[1])
        self._credit = None
        return done

    async def print_link(self, purchase_id: str, language: str) -> str:
        """The address of a page with the receipt, good for a few minutes; of this host where the API is here too."""
        link = await self._gateway.print_link(purchase_id)
        return f"{self._gateway.public_url}{link.path}?language={language}"

    async def mail_receipt(self, purchase_id: str) -> None:
        """Send the receipt to the member who has just asked for it."""
        await self._gateway.mail_receipt(purchase_id, ReceiptMail(consent=True))

    async def shifts(self, cursor: str | None = None) -> ShiftPage:
        """The store's shifts, newest first."""
        return await self._gateway.shifts(cursor)

    async def shift(self, shift_id: str) -> ShiftReport:
        """One shift with its parts."""
        return await self._gateway.shift(shift_id)

    async def shift_file(self, shift_id: str) -> bytes:
        """One shift as a CSV file."""
        return await self._gateway.shift_file(shift_id)

    async def open_shift(self) -> ShiftReport:
        """Open the store's shift."""
        return await self._gateway.open_shift()

    async def close_shift(self, shift_id: str, counted: Counted | None = None, note: str = "") -> ShiftReport:
        """Close it."""
        with input_as_refusal():
            request = ShiftClose(counted=counted, note=note.strip())
        return await self._gateway.close_shift(shift_id, request)

    # a manager

    async def offline_risks(self, which: WhichRisks, cursor: str | None = None) -> OfflineRisks:
        """What tills gave without a network: what did not come out as it was told, or all that was spent."""
        return await self._gateway.offline_risks(which, cursor)

    async def offline_risks_file(self, which: WhichRisks) -> bytes:
        """The same as a CSV file."""
        return await self._gateway.offline_risks_file(which)

    async def import_catalogue(self, text: str) -> CatalogueReport:
        """Send a file of products."""
        return await self._gateway.import_catalogue(text)

    async def settings(self) -> Settings:
        """What the programme has set for its tills."""
        return await self._gateway.settings()

    async def change_settings(self, before: Settings, **changes: int) -> Settings:
        """Set some of it anew."""
        with input_as_refusal():
            body = SettingsBody.model_validate(before.body.model_dump() | changes)
        return await self._gateway.change_settings(SettingsChange(version=before.version, body=body))

    async def rules(self) -> RulesVersion:
        """The newest version of the programme's own rules; it may hold from a later day on."""
        return (await self._gateway.rules()).items[0]

    async def change_rules(self, before: RulesVersion, rules: ProgrammeTerms) -> RulesVersion:
        """Publish the next version; the same again after Offline is published once. Refused where another was."""
        draft = RulesDraft(after=before.version, rules=rules)
        if self._rules is None or self._rules[0] != draft:
            self._rules = (draft, str(uuid.uuid4()))
        done = await self._gateway.publish_rules(*self._rules)
        self._rules = None
        return done

    async def reviews(self, state: str | None = None, cursor: str | None = None) -> ReviewPage:
        """What looked unusual, newest first."""
        return await self._gateway.reviews(state, cursor)

    async def decide(self, review_id: str, decision: Literal["cleared", "rejected"], note: str = "") -> Review:
        """Clear or reject."""
        with input_as_refusal():
            wanted = ReviewDecision(decision=decision, note=note.strip())
        return await self._gateway.decide(review_id, wanted)

    async def audit(self, action: str | None = None, cursor: str | None = None) -> AuditPage:
        """What staff did, newest first."""
        return await self._gateway.audit(action, cursor)

    async def staff(self) -> list[StaffMember]:
        """The staff whom this manager looks after."""
        return (await self._gateway.staff_list()).items

    async def add_staff(self, store_id: str, staff_number: str, name: str, role: Role, pin: str) -> StaffMember:
        """Add somebody."""
        with input_as_refusal():
            request = StaffAdd(
                store_id=store_id, staff_number=staff_number.strip(), name=name.strip(), role=role, pin=pin
            )
        return await self._gateway.add_staff(request)

    async def change_staff(
        self, staff_id: str, *, role: Role | None = None, pin: str | None = None, active: bool | None = None
    ) -> StaffMember:
        """Change what is given."""
        with input_as_refusal():
            request = StaffChange(role=role, pin=pin, active=active)
        return await self._gateway.change_staff(staff_id, request)

    async def link_account(self, staff_id: str, member: str) -> StaffMember:
        """Name an account that somebody may not serve."""
        with input_as_refusal():
            link = AccountLink(member=member.strip())
        return await self._gateway.link_account(staff_id, link)
