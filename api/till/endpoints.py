"""The till's routes."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Response
from pydantic_core import to_json

from api.core.direct import direct
from api.core.idempotency import REPLAYED, IdempotencyKey, OptionalIdempotencyKey
from api.core.platform import InDatabase, InHub, InMail, InPlatform, InTurns, Now, SigningKey
from api.core.security import CurrentStaff
from api.problems import Refusal, responses
from api.staff.approvals import approved
from api.till import batches, contacts, identify, listing, quotes, refunds, together
from api.till.finding import Wanted
from contract.errors import ErrorCode
from contract.staff import NewMember
from contract.till import (
    BatchAnswer,
    BatchRequest,
    Identification,
    IdentifyRequest,
    PurchaseRequest,
    QuoteRequest,
    RefundRequest,
    TillPurchases,
    TillQuote,
)
from contract.wallet import Purchase, Receipt, RefundReceipt

router = APIRouter(prefix="/till", tags=["till"])


@router.post("/identify", responses=responses(400, 401, 403, 409))
async def identify_member(
    request: IdentifyRequest,
    staff: CurrentStaff,
    key: IdempotencyKey,
    database: InDatabase,
    signing_key: SigningKey,
    now: Now,
) -> Identification:
    """Find the member whose code was scanned or typed. The code is consumed; what comes of it lives a few minutes."""
    async with database.transaction() as connection:
        if request.contact is not None:
            return await contacts.identify(connection, staff, request.contact, key, now)
        return await identify.identify(connection, staff, request.code or "", key, signing_key, now)


@router.post("/members", status_code=201, responses=responses(400, 401, 403, 409))
async def add_member(
    request: NewMember,
    staff: CurrentStaff,
    key: IdempotencyKey,
    database: InDatabase,
    mail: InMail,
    later: BackgroundTasks,
    now: Now,
) -> Identification:
    """Somebody joins at the till, by a name and a contact, and is identified: she may earn at once, and spend later."""
    async with database.transaction() as connection:
        found, letter = await contacts.join(connection, staff, request, key, now)
    if letter is not None:
        later.add_task(mail.send, letter)
    return found


@router.post("/quotes", response_model=TillQuote, responses=responses(401, 403, 409))
@direct
async def quote_basket(request: QuoteRequest, staff: CurrentStaff, platform: InPlatform) -> Response:
    """What a basket would earn, and how much cashback may be spent on it. Writes nothing."""
    async with platform.database.connection() as connection:
        quoted = await quotes.quote_basket(connection, staff, request, platform.now())
    return Response(to_json(quoted), media_type="application/json")


@router.post("/purchases", status_code=201, response_model=Receipt, responses=responses(400, 401, 403, 404, 409))
@direct
async def post_purchase(
    request: PurchaseRequest, staff: CurrentStaff, key: IdempotencyKey, platform: InPlatform
) -> Response:
    """Post a purchase: it spends, earns, and answers with the receipt. A retry gets the same answer."""
    done = await together.post(platform, staff, request, key)
    if not done.replayed:
        platform.hub.publish(done.member_id, done.receipt["wallet"]["version"])
    headers = {REPLAYED: "true"} if done.replayed else None
    return Response(to_json(done.receipt), 201, headers, "application/json")  # built to the contract: not checked again


@router.post("/batches", response_model=BatchAnswer, responses=responses(401, 403))
@direct
async def post_batch(
    request: BatchRequest, staff: CurrentStaff, key: OptionalIdempotencyKey, platform: InPlatform
) -> Response:
    """Post the receipts that a till has queued. Each has its own key and outcome; a retry replays what was done."""
    done = await batches.post(platform, staff, request.receipts)
    for member_id, version in done.changed.items():
        platform.hub.publish(member_id, version)
    return Response(to_json(done.answer), media_type="application/json")


@router.get("/purchases", responses=responses(401, 403))
async def list_purchases(
    staff: CurrentStaff,
    database: InDatabase,
    now: Now,
    receipt_number: Annotated[str | None, Query(max_length=64)] = None,
    member: Annotated[
        str | None,
        Query(max_length=254, description="A contact, a number or a code of theirs, which is not used up; or a name."),
    ] = None,
    day: Annotated[date | None, Query(description="Of the purchase, where the programme is.")] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> TillPurchases:
    """The store's purchases, latest posted first; or those with a receipt number, of a member, of a day."""
    wanted = Wanted(receipt_number, member, day)
    async with database.connection() as connection:
        return await listing.store_purchases(connection, staff, wanted, cursor, limit, now)


@router.get("/purchases/{purchase_id}", responses=responses(401, 403, 404))
async def read_purchase(purchase_id: UUID, staff: CurrentStaff, database: InDatabase) -> Purchase:
    """One purchase that this till may take back: of its own store, or of the webshop."""
    async with database.connection() as connection:
        return await listing.read_purchase(connection, staff, purchase_id)


@router.post("/purchases/{purchase_id}/refunds", status_code=201, responses=responses(400, 401, 403, 404, 409))
async def refund_purchase(
    purchase_id: UUID,
    request: RefundRequest,
    response: Response,
    staff: CurrentStaff,
    key: OptionalIdempotencyKey,
    database: InDatabase,
    hub: InHub,
    turns: InTurns,
    now: Now,
    preview: Annotated[bool, Query(description="Work it out and write nothing; answers 200.")] = False,
) -> RefundReceipt:
    """Take a purchase back, or lines of it: what it earned comes back to the chain, what it spent to the member."""
    if preview:
        response.status_code = 200
        return await turns.insist(partial(refunds.preview_once, database, staff, purchase_id, request, now))
    if key is None:
        raise Refusal(
            400,
            ErrorCode.IDEMPOTENCY_KEY_MISSING,
            "Send a header Idempotency-Key, a new one for each new write and the same one for a retry.",
        )
    approver = await approved(database, staff, request.approval, now) if request.approval is not None else None
    wanted = refunds.Wanted(purchase_id, request, key, approver)
    done = await turns.insist(partial(refunds.post_once, database, staff, wanted, now))
    if done.replayed:
        response.headers[REPLAYED] = "true"
    else:
        hub.publish(done.member_id, done.receipt.wallet.version)
    return done.receipt
