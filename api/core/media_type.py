"""Which media types a request's body may have."""

from __future__ import annotations

from fastapi import Request

from api.core.middleware import FILE_PATHS, IMPORT_PATH
from api.problems import Refusal
from contract.errors import ErrorCode

_FILES = ("text/csv", "multipart/form-data")


async def known_media_type(request: Request) -> None:
    """415 for a body that is neither JSON nor, where a file is taken, a file."""
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return
    sent = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if request.url.path in FILE_PATHS and request.method == "POST":
        if sent not in (_FILES if request.url.path == IMPORT_PATH else _FILES[:1]):
            raise _refusal("Send the file as text/csv, or as multipart/form-data with a part named file.")
    elif request.method in ("POST", "PUT", "PATCH") and sent != "application/json" and not sent.endswith("+json"):
        raise _refusal("Send the body as application/json.")


def _refusal(detail: str) -> Refusal:
    return Refusal(415, ErrorCode.UNSUPPORTED_MEDIA_TYPE, detail)
