"""The routes of a shop's people, catalogue, shifts and reviews as typed methods."""

from __future__ import annotations

from abc import abstractmethod
from urllib.parse import quote as path_part

from contract.audit import AuditPage
from contract.catalogue import Catalogue, CatalogueReport
from contract.publishing import RulesDraft, RulesList, RulesVersion
from contract.reviews import Review, ReviewDecision, ReviewPage, Settings, SettingsChange
from contract.shifts import PrintLink, ReceiptMail, ShiftClose, ShiftPage, ShiftReport
from contract.sign_in import Session
from contract.staff import (
    AccountLink,
    Credit,
    CreditRequest,
    NewMember,
    StaffAdd,
    StaffChange,
    StaffList,
    StaffMember,
    SwitchRequest,
)
from contract.till import Identification
from contract.till_kit import OfflineRisks
from services.my_routes import MyRoutes
from services.routes import Answer, Nothing


class ShopRoutes(MyRoutes):
    """The API as methods, with those of a shop. Each raises Refused or Offline."""

    @abstractmethod
    async def _send_file(self, model: type[Answer], path: str, text: str) -> Answer:
        """Send a CSV file, and read the answer as `model`."""

    async def switch_staff(self, request: SwitchRequest) -> Session:
        """Hand the till over; tried once, since a wrong PIN counts."""
        return await self._call(Session, "POST", "/v1/till/switch", request, tries=1)

    async def add_member(self, request: NewMember, key: str) -> Identification:
        """Someone joins at the till."""
        return await self._call(Identification, "POST", "/v1/till/members", request, key=key)

    async def credit(self, request: CreditRequest, key: str) -> Credit:
        """Give cashback by hand."""
        return await self._call(Credit, "POST", "/v1/till/credits", request, key=key)

    async def catalogue(self, since: int, after: str, epoch: str) -> Catalogue:
        """A page of what has changed in the catalogue."""
        query = {"since": str(since), "after": after, "epoch": epoch}
        return await self._call(Catalogue, "GET", "/v1/till/catalogue", query=query)

    async def import_catalogue(self, text: str) -> CatalogueReport:
        """Send a file of products; twice is once."""
        return await self._send_file(CatalogueReport, "/v1/programme/catalogue", text)

    async def offline_risks(self, which: str, cursor: str | None) -> OfflineRisks:
        """What tills gave without a network."""
        query = {"which": which} | ({"cursor": cursor} if cursor else {})
        return await self._call(OfflineRisks, "GET", "/v1/till/offline-risks", query=query)

    async def offline_risks_file(self, which: str) -> bytes:
        """The same as a CSV file."""
        return await self._fetch("/v1/till/offline-risks", {"which": which}, "text/csv")

    async def shifts(self, cursor: str | None) -> ShiftPage:
        """The store's shifts."""
        return await self._call(ShiftPage, "GET", "/v1/till/shifts", query={"cursor": cursor} if cursor else None)

    async def shift(self, shift_id: str) -> ShiftReport:
        """One shift."""
        return await self._call(ShiftReport, "GET", f"/v1/till/shifts/{path_part(shift_id, safe='')}")

    async def shift_file(self, shift_id: str) -> bytes:
        """One shift as a CSV file."""
        return await self._fetch(f"/v1/till/shifts/{path_part(shift_id, safe='')}", {}, "text/csv")

    async def open_shift(self) -> ShiftReport:
        """Open the store's shift; tried once, since a second time it is open."""
        return await self._call(ShiftReport, "POST", "/v1/till/shifts", tries=1)

    async def close_shift(self, shift_id: str, request: ShiftClose) -> ShiftReport:
        """Close it; tried once."""
        path = f"/v1/till/shifts/{path_part(shift_id, safe='')}/close"
        return await self._call(ShiftReport, "POST", path, request, tries=1)

    async def print_link(self, purchase_id: str) -> PrintLink:
        """A page with the receipt."""
        return await self._call(PrintLink, "POST", f"/v1/till/purchases/{path_part(purchase_id, safe='')}/print")

    async def mail_receipt(self, purchase_id: str, request: ReceiptMail) -> None:
        """Send the receipt to the member."""
        await self._call(
            Nothing, "POST", f"/v1/till/purchases/{path_part(purchase_id, safe='')}/mail", request, tries=1
        )

    async def settings(self) -> Settings:
        """What the programme has set."""
        return await self._call(Settings, "GET", "/v1/programme/settings")

    async def change_settings(self, change: SettingsChange) -> Settings:
        """Set it anew; tried once, since its version is another then."""
        return await self._call(Settings, "PUT", "/v1/programme/settings", change, tries=1)

    async def rules(self) -> RulesList:
        """The versions of the programme's own rules."""
        return await self._call(RulesList, "GET", "/v1/programme/rules")

    async def publish_rules(self, draft: RulesDraft, key: str) -> RulesVersion:
        """Publish the next version of them."""
        return await self._call(RulesVersion, "POST", "/v1/programme/rules", draft, key=key)

    async def reviews(self, state: str | None, cursor: str | None) -> ReviewPage:
        """What looked unusual."""
        query = {name: value for name, value in (("state", state), ("cursor", cursor)) if value}
        return await self._call(ReviewPage, "GET", "/v1/programme/reviews", query=query)

    async def decide(self, review_id: str, decision: ReviewDecision) -> Review:
        """Clear or reject; tried once, since a decision is made once."""
        path = f"/v1/programme/reviews/{path_part(review_id, safe='')}/decision"
        return await self._call(Review, "POST", path, decision, tries=1)

    async def audit(self, action: str | None, cursor: str | None) -> AuditPage:
        """What staff did."""
        query = {name: value for name, value in (("action", action), ("cursor", cursor)) if value}
        return await self._call(AuditPage, "GET", "/v1/programme/audit", query=query)

    async def staff_list(self) -> StaffList:
        """The staff whom this manager looks after."""
        return await self._call(StaffList, "GET", "/v1/programme/staff")

    async def add_staff(self, request: StaffAdd) -> StaffMember:
        """Add somebody; tried once."""
        return await self._call(StaffMember, "POST", "/v1/programme/staff", request, tries=1)

    async def change_staff(self, staff_id: str, request: StaffChange) -> StaffMember:
        """Change somebody; twice is once."""
        path = f"/v1/programme/staff/{path_part(staff_id, safe='')}"
        return await self._call(StaffMember, "PATCH", path, request.model_dump_json(exclude_none=True), safe=True)

    async def link_account(self, staff_id: str, link: AccountLink) -> StaffMember:
        """Name an account that somebody may not serve; twice is once."""
        path = f"/v1/programme/staff/{path_part(staff_id, safe='')}/accounts"
        return await self._call(StaffMember, "POST", path, link, safe=True)
