"""The signed-in member over HTTP: profile, changes, purchases."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic_core import to_json

from api.core.direct import direct
from api.core.platform import InDatabase, InPlatform
from api.core.security import CurrentMember
from api.core.speaking import AskedLanguage
from api.me import service
from api.problems import responses
from api.purchases import service as purchases_service
from api.purchases.documents import Document
from api.purchases.repository import Wanted
from contract.basket import Channel
from contract.members import Changes, Profile
from contract.wallet import Purchase, PurchasePage

router = APIRouter(prefix="/me", tags=["me"])
DEFAULT_PAGE = 50
Since = Annotated[
    str | None,
    Query(description="The cursor of the last answer. Left out, or one that is not known: all there is."),
]
Cursor = Annotated[str | None, Query(max_length=256, description="The `next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=purchases_service.MAX_PAGE)]


@router.get("", response_model=Profile)
@direct
async def me(member: CurrentMember, platform: InPlatform, asked: AskedLanguage) -> Response:
    """Say who is signed in, with the wallet."""
    async with platform.database.connection() as connection:
        return _json(await service.profile_of(connection, member, platform.now(), asked))


@router.get("/changes", response_model=Changes)
@direct
async def changes(member: CurrentMember, platform: InPlatform, asked: AskedLanguage, since: Since = None) -> Response:
    """Fill or refresh a device's cache: what has changed since it last asked, all of one moment."""
    async with platform.database.connection() as connection:
        return _json(await service.changes(connection, member, since, platform.now(), asked))


@router.get("/purchases", response_model=PurchasePage)
async def purchases(
    member: CurrentMember,
    database: InDatabase,
    asked: AskedLanguage,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_PAGE,
    search: Annotated[
        str, Query(max_length=100, description="All these words: in the store, the receipt's number or the products.")
    ] = "",
    store: Annotated[str | None, Query(max_length=64, description="Of this store, by id.")] = None,
    channel: Annotated[Channel | None, Query(description="Of this channel.")] = None,
    returned: Annotated[bool, Query(description="Only those of which something came back.")] = False,
) -> Response:
    """List the member's purchases, newest first: all of them, or those that were searched for."""
    wanted = Wanted(tuple(search.lower().split()), store, channel, returned)
    async with database.connection() as connection:
        page = await purchases_service.page_document(connection, member.member_id, cursor, limit, wanted)
        await service.name_purchases(connection, member, page["items"], asked)
        return _json(page)


@router.get("/purchases/{purchase_id}", response_model=Purchase, responses=responses(404))
async def purchase(purchase_id: UUID, member: CurrentMember, database: InDatabase, asked: AskedLanguage) -> Response:
    """Show one of the member's purchases, with the reason for each amount."""
    async with database.connection() as connection:
        found = await purchases_service.document(connection, member.member_id, purchase_id)
        await service.name_purchases(connection, member, [found], asked)
        return _json(found)


def _json(document: Document) -> Response:
    """The answer as it stands: built to the contract, so not validated again."""
    return Response(to_json(document), media_type="application/json")
