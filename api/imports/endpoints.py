"""Past purchases from a file, over HTTP."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile

from api.campaigns import service as campaigns
from api.core.platform import InDatabase, InHub, Now
from api.core.security import CurrentManager
from api.imports.columns import COLUMNS, FileRefused
from api.imports.reader import FileReader
from api.imports.service import Import, Totals
from api.problems import Refusal, invalid, responses
from contract.imports import ImportReport, RefusedRow
from contract.money import Money

router = APIRouter(prefix="/programme", tags=["programme"])
_REASONS_SAID = 1_000
_FILE = {"type": "string", "format": "binary", "description": "CSV, UTF-8, with the columns " + ",".join(COLUMNS)}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": _FILE},
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["file"], "properties": {"file": _FILE}},
            },
        },
    }
}


@router.post(
    "/imports",
    responses=responses(401, 403, 413, 415),
    openapi_extra=_BODY,
    summary="Import past purchases",
)
async def import_purchases(
    request: Request, manager: CurrentManager, database: InDatabase, hub: InHub, now: Now
) -> ImportReport:
    """Post the receipts of a CSV file as past purchases. The same file again gives nothing new, so it needs no key.

    A row that cannot be taken refuses its receipt and no other; a file that cannot be read to its end is refused whole.
    """
    with tempfile.TemporaryDirectory(prefix="kierto-import-") as folder:
        path = Path(folder) / "purchases.csv"
        await _save(request, path)
        try:
            reader = await asyncio.to_thread(FileReader, path)
        except FileRefused as refused:
            raise Refusal(422, refused.code, refused.sentence, errors=refused.errors) from refused
        rows: list[RefusedRow] = []
        running = Import(database, manager.programme_id, now, refused=_first(rows), hub=hub)
        totals = await running.run(reader)
        async with database.connection() as connection:
            programme = await campaigns.programme(connection, manager.programme_id)
    return _report(totals, rows, programme.currency)


async def _save(request: Request, path: Path) -> None:
    """Write the file that was sent to `path`, a piece at a time."""
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise invalid("file", "is missing: send the CSV as a part named file")
            await asyncio.to_thread(_copy, file.file, path)
        return
    with path.open("wb") as out:
        async for piece in request.stream():
            await asyncio.to_thread(out.write, piece)


def _copy(source: BinaryIO, path: Path) -> None:
    with path.open("wb") as out:
        shutil.copyfileobj(source, out)


def _first(rows: list[RefusedRow]) -> Callable[[RefusedRow], None]:
    def keep(row: RefusedRow) -> None:
        if len(rows) < _REASONS_SAID:
            rows.append(row)

    return keep


def _report(totals: Totals, rows: list[RefusedRow], currency: str) -> ImportReport:
    counts = {**asdict(totals), "cashback_issued": Money(amount=totals.cashback_issued, currency=currency)}
    return ImportReport(**counts, refused=rows)
