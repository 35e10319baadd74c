"""The routes of shifts and of receipts on paper."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response

from api.core.platform import InDatabase, InMail, Now, SigningKey
from api.core.security import CurrentStaff
from api.problems import invalid, responses
from api.shifts import receipts, service
from contract.shifts import PrintLink, ReceiptMail, ShiftClose, ShiftPage, ShiftReport

router = APIRouter()


@router.get("/till/shifts", tags=["till"], responses=responses(401, 403))
async def list_shifts(
    staff: CurrentStaff,
    database: InDatabase,
    now: Now,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=60)] = 20,
) -> ShiftPage:
    """The store's shifts with their totals, newest first."""
    async with database.connection() as connection:
        return await service.page(connection, staff, cursor, limit, now)


@router.post("/till/shifts", status_code=201, tags=["till"], responses=responses(401, 403, 409))
async def open_shift(staff: CurrentStaff, database: InDatabase, now: Now) -> ShiftReport:
    """Open the store's shift; its counters begin at nothing."""
    async with database.transaction() as connection:
        return await service.open_shift(connection, staff, now)


@router.get("/till/shifts/{shift_id}", tags=["till"], responses=responses(401, 403, 404))
async def read_shift(
    shift_id: UUID, request: Request, staff: CurrentStaff, database: InDatabase, now: Now
) -> ShiftReport:
    """One shift by cashier and till, with what came late; as a CSV file with `Accept: text/csv`."""
    async with database.connection() as connection:
        report = await service.report(connection, staff, shift_id, now)
    if "text/csv" in request.headers.get("accept", ""):
        named = {"Content-Disposition": f'attachment; filename="shift-{report.opened_at:%Y-%m-%d-%H%M}.csv"'}
        return Response(service.as_csv(report), headers=named, media_type="text/csv")  # type: ignore[return-value]
    return report


@router.post("/till/shifts/{shift_id}/close", tags=["till"], responses=responses(401, 403, 404, 409))
async def close_shift(
    shift_id: UUID, request: ShiftClose, staff: CurrentStaff, database: InDatabase, now: Now
) -> ShiftReport:
    """Close the shift with what the API has; what the shop's own till counted stands beside it."""
    async with database.transaction() as connection:
        return await service.close(connection, staff, shift_id, request, now)


@router.post("/till/purchases/{purchase_id}/print", tags=["till"], responses=responses(401, 403, 404))
async def print_receipt(
    purchase_id: UUID, staff: CurrentStaff, database: InDatabase, signing_key: SigningKey, now: Now
) -> PrintLink:
    """A page with the receipt to print, which opens without a sign-in for five minutes."""
    async with database.transaction() as connection:
        return PrintLink(path=await receipts.print_link(connection, staff, purchase_id, signing_key, now))


@router.post(
    "/till/purchases/{purchase_id}/mail", status_code=202, tags=["till"], responses=responses(401, 403, 404, 409)
)
async def mail_receipt(
    purchase_id: UUID,
    request: ReceiptMail,
    staff: CurrentStaff,
    database: InDatabase,
    mail: InMail,
    later: BackgroundTasks,
    now: Now,
) -> dict[str, str]:
    """Send the receipt to the member's own address, because she asked for it."""
    if not request.consent:
        raise invalid("consent", "must be true: the member asks for it at the till")
    async with database.transaction() as connection:
        letter = await receipts.mail(connection, staff, purchase_id, now)
    later.add_task(mail.send, letter)
    return {}


@router.get("/print/{token}", tags=["till"], response_class=Response, responses=responses(404))
async def read_print(
    token: str,
    database: InDatabase,
    signing_key: SigningKey,
    now: Now,
    language: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """The receipt behind a link from a till."""
    async with database.connection() as connection:
        page = await receipts.printed(connection, token, language, signing_key, now)
    headers = {"Content-Security-Policy": receipts.POLICY}
    return Response(page, headers=headers, media_type="text/html; charset=utf-8")
