"""The web client's files, each compressed once and asked for once."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
import os
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from views.host import web_root

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:; "
        "connect-src 'self' ws: wss: blob: data:; img-src 'self' data: blob:; media-src 'self' blob:; "
        "font-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'self'"
    ),
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_SMALL = 860
"""Bytes under which compressing costs more than it saves."""
_PACKED = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".woff2", ".zip", ".gz", ".whl"}
_TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".otf": "font/otf"}


class StaticFiles:
    """Answers for every path that is no API: a file of the web client, or its page for a route of the app.

    Args:
        assets: The app's own files; one with a packaged file's name replaces it.
        cache: Where compressed files are kept from one start to the next.
    """

    def __init__(self, assets: Path | None, cache: Path) -> None:
        self._files, self.version = web_root.collect(assets)
        self._cache = cache
        self._ready: dict[str, _File] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        response = await self._answer(Request(scope))
        response.headers.update(HEADERS)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return PlainTextResponse("Only GET is answered here.", 405, {"Allow": "GET, HEAD"})
        name, cache_control = self._resolve(request.url.path)
        if name is None:
            return PlainTextResponse("There is no such file.", 404)
        file = await self._file(name)
        headers = {"ETag": file.etag, "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
        if file.etag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(file.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.media_type)
        return Response(await asyncio.to_thread(self._plain, name), headers=headers, media_type=file.media_type)

    def _resolve(self, path: str) -> tuple[str | None, str]:
        versioned = f"{web_root.VERSIONED}/{self.version}/"
        if path.startswith(versioned):
            name = path.removeprefix(versioned)
            return (name if name in self._files else None), _FOR_EVER
        name = path.lstrip("/")
        if name in self._files:
            return name, _ASK_AGAIN
        return ("index.html" if _is_route(name) else None), _ASK_AGAIN

    async def _file(self, name: str) -> _File:
        if name not in self._ready:
            async with self._locks.setdefault(name, asyncio.Lock()):
                if name not in self._ready:
                    self._ready[name] = await asyncio.to_thread(self._prepare, name)
        return self._ready[name]

    def _plain(self, name: str) -> bytes:
        source = self._files[name]
        return source if isinstance(source, bytes) else source.read_bytes()

    def _prepare(self, name: str) -> _File:
        plain = self._plain(name)
        digest = hashlib.sha256(plain).hexdigest()[:24]
        suffix = PurePosixPath(name).suffix.lower()
        media_type = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        packed = None if suffix in _PACKED or len(plain) < _SMALL else self._packed(digest, plain)
        return _File(f'W/"{digest}"', media_type, packed)

    def _packed(self, digest: str, plain: bytes) -> bytes:
        kept = self._cache / f"{digest}.gz"
        if kept.is_file():
            return kept.read_bytes()
        packed = gzip.compress(plain, 7, mtime=0)
        self._cache.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(packed)
        unfinished.replace(kept)
        return packed


def _is_route(name: str) -> bool:
    """Whether a path that is no file is for the app's own router."""
    parts = PurePosixPath(name)
    return (
        parts.suffix in {"", ".html"}
        and not any(part.startswith(".") for part in parts.parts)
        and parts.parts[:1] != ("web",)
    )


class _File:
    __slots__ = ("etag", "media_type", "packed")

    def __init__(self, etag: str, media_type: str, packed: bytes | None) -> None:
        self.etag = etag
        self.media_type = media_type
        self.packed = packed
