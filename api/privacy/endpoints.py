"""Consents and the copy of everything over HTTP: a member's own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query
from fastapi.responses import Response, StreamingResponse

from api.core.platform import InDatabase, InHub, InPlatform, Now
from api.core.security import CurrentMember
from api.me import service as me
from api.privacy import consents, exports, making
from api.problems import responses
from contract.privacy import Consents, ConsentsChange, Export, Exports

router = APIRouter(prefix="/me", tags=["me"])
_ZIP = "application/zip"


@router.get("/consents")
async def read_consents(member: CurrentMember, database: InDatabase) -> Consents:
    """Show what may be sent where, and whether purchases may be used to pick offers."""
    async with database.connection() as connection:
        return await consents.current(connection, member.member_id)


@router.put("/consents")
async def change_consents(
    change: ConsentsChange, member: CurrentMember, database: InDatabase, hub: InHub, now: Now
) -> Consents:
    """Say yes or no. Each is kept with its wording and its time; what is said again is not kept twice."""
    answers = [consents.Answered(each.channel, each.purpose, each.granted) for each in change.choices]
    if change.use_history is not None:
        answers.append(consents.Answered("app", "history", change.use_history))
    wording = consents.Wording(change.wording_version, change.language)
    async with database.transaction() as connection:
        profile = await me.profile(connection, member, now)
        new = await consents.record(connection, member.member_id, member.session_id, answers, wording, now)
        answer = await consents.current(connection, member.member_id)
    if new:
        hub.publish(member.member_id, profile.wallet.version)
    return answer


@router.get("/exports")
async def read_exports(member: CurrentMember, database: InDatabase, now: Now) -> Exports:
    """List the copies that are kept, newest first."""
    async with database.connection() as connection:
        return Exports(items=await exports.kept(connection, member.member_id, now))


@router.post("/exports", status_code=202, responses=responses(429))
async def ask_for_export(member: CurrentMember, platform: InPlatform, later: BackgroundTasks) -> Export:
    """Ask for a copy of everything. While one is being made, that one is answered."""
    now = platform.now()
    async with platform.database.transaction() as connection:
        await me.profile(connection, member, now)
        export = await exports.ask(connection, member.member_id, now)
    if export.state == "waiting":
        later.add_task(making.make_waiting, platform.database, platform.clock)
    return export


@router.get("/exports/{export_id}", responses=responses(404))
async def read_export(export_id: UUID, member: CurrentMember, database: InDatabase, now: Now) -> Export:
    """Say how far a copy is."""
    async with database.connection() as connection:
        return await exports.one(connection, member.member_id, export_id, now)


@router.get(
    "/exports/{export_id}/file",
    response_class=Response,
    responses={**responses(404, 409), 200: {"content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def download(
    export_id: UUID,
    member: CurrentMember,
    database: InDatabase,
    now: Now,
    name: Annotated[str, Query(pattern=r"^[a-z0-9-]{1,40}$")] = "kierto",
) -> StreamingResponse:
    """Fetch a copy: a ZIP of one JSON with everything, and of files to read."""
    async with database.connection() as connection:
        export = await exports.finished(connection, member.member_id, export_id, now)
    headers = {"Content-Disposition": f"attachment; filename={name}.zip", "Content-Length": str(export.bytes)}
    return StreamingResponse(exports.parts(database, member.member_id, export_id), media_type=_ZIP, headers=headers)
