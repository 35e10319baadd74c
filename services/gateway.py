"""The only place that speaks HTTP: tokens, tries, and what an answer means."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import functools
import logging
import ssl
import uuid
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from typing import TypeVar

import httpx
import httpx_sse
from pydantic import BaseModel, ValidationError

from contract.errors import ErrorCode
from contract.members import WalletEvent
from contract.sign_in import RefreshRequest, Session
from services import skew
from services.clock import Clock
from services.confirmations import ConfirmationRoutes
from services.errors import Offline, Refused, refusal
from services.keys import Keys
from services.reading import read, read_problem
from services.retry import Backoff, retry_after
from services.routes import Answer
from services.shop_routes import ShopRoutes

log = logging.getLogger("kierto.gateway")

T = TypeVar("T")

Transport = httpx.AsyncBaseTransport
"""What carries the requests; tests inject their own."""

TIMEOUT = httpx.Timeout(10.0, connect=3.0, pool=5.0)
EVENTS_TIMEOUT = httpx.Timeout(10.0, connect=3.0, read=40.0)
"""The API says something every 15 s; silence over two such spans is a dead line."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
"""Never reached through a proxy."""
LONGEST_RETRY_AFTER = 5.0
"""A longer wait is the caller's to decide."""


class Gateway(ShopRoutes, ConfirmationRoutes):
    """One connection to the API for one device, with its tokens."""

    def __init__(
        self,
        api_url: str,
        keys: Keys,
        clock: Clock,
        *,
        transport: Transport | None = None,
        tries: int = 3,
        backoff: Backoff | None = None,
        session_ended: Callable[[], None] | None = None,
        reader: str = "",
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=api_url,
            headers={"X-Forwarded-For": reader} if reader else None,
            transport=transport,
            timeout=TIMEOUT,
            verify=_tls(),
            trust_env=httpx.URL(api_url).host not in LOOPBACK,
        )
        self._keys = keys
        self._clock = clock
        self._tries = tries
        self._backoff = backoff or Backoff(most=2.0)
        self._refreshing = asyncio.Lock()
        self._session_ended = session_ended
        self.skew: timedelta | None = None
        """What to add to the device's clock, once an answer has told."""

    @property
    def public_url(self) -> str:
        """Where a browser finds the API; empty where that is the host of the app itself."""
        url = self._http.base_url
        return "" if url.host in LOOPBACK else str(url).rstrip("/")

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    def on_behalf_of(self, keys: Keys) -> Gateway:
        """The same connection with other tokens: for a last word after they were wiped from this device."""
        twin = copy.copy(self)
        twin._keys, twin._refreshing, twin._session_ended = keys, asyncio.Lock(), None
        return twin

    async def events(self, opened: Callable[[], None] | None = None) -> AsyncGenerator[WalletEvent, None]:
        """Something changed, as it happens; ends when the line does. `opened` is called once it stands."""
        try:
            async with contextlib.aclosing(self._events(opened)) as events:
                async for event in events:
                    yield event
        except (httpx.HTTPError, httpx.StreamError, httpx_sse.SSEError) as error:
            raise Offline(type(error).__name__) from None

    def speak(self, language: str) -> bool:
        """Ask in a language from now on; whether it was another before."""
        before = self._http.headers.get("Accept-Language")
        self._http.headers["Accept-Language"] = language
        return before not in {None, language}

    # how

    async def _call(
        self,
        model: type[Answer],
        method: str,
        path: str,
        body: BaseModel | str | None = None,
        *,
        query: dict[str, str] | None = None,
        key: str | None = None,
        signed: bool = True,
        safe: bool = False,
        tries: int | None = None,
    ) -> Answer:
        """Send, and read the answer as `model`; tried again only where a second arrival does no harm."""
        content = body.model_dump_json() if isinstance(body, BaseModel) else body
        headers = {"Idempotency-Key": key} if key is not None else {}
        if content is not None:
            headers["Content-Type"] = "application/json"
        again = safe or key is not None or method in {"GET", "PUT", "DELETE"}
        most = (tries or self._tries) if again else 1
        build = functools.partial(
            self._http.build_request, method, path, content=content, params=query, headers=headers
        )
        return await self._travel(build, functools.partial(_read, model), signed=signed, most=most)

    async def _fetch(self, path: str, query: dict[str, str], media_type: str) -> bytes:
        """Read a file, with the access token."""
        build = functools.partial(self._http.build_request, "GET", path, params=query, headers={"Accept": media_type})
        return await self._travel(build, _content, signed=True, most=self._tries)

    async def _send_file(self, model: type[Answer], path: str, text: str) -> Answer:
        """Send a CSV file, with the access token."""
        headers = {"Content-Type": "text/csv"}
        build = functools.partial(
            self._http.build_request, "POST", path, content=text.encode(), headers=headers, timeout=60.0
        )
        return await self._travel(build, functools.partial(_read, model), signed=True, most=1)

    async def _travel(
        self, build: Callable[[], httpx.Request], read: Callable[[httpx.Response], T], *, signed: bool, most: int
    ) -> T:
        tried = 0
        while True:
            tried += 1
            wait: float | None = None
            try:
                request = build()
                return read(await (self._signed(request) if signed else self._once(request)))
            except Offline as error:
                if tried >= most:
                    raise
                log.info("%s %s: %s, trying again", request.method, request.url.path, error)
            except Refused as error:
                wait = retry_after(str(error.problem.params.get("retry_after", "")))
                if error.code is not ErrorCode.TOO_MANY_REQUESTS or wait is None or tried >= most:
                    raise
                if wait > LONGEST_RETRY_AFTER:
                    raise
            await asyncio.sleep(self._backoff.wait(tried) if wait is None else wait)

    async def _signed(self, request: httpx.Request) -> httpx.Response:
        """Send with the access token; on its end, with a fresh one."""
        used = self._authorise(request)
        try:
            return await self._once(request)
        except Refused as error:
            if error.problem.status != 401 or error.code not in {ErrorCode.NOT_SIGNED_IN, ErrorCode.SESSION_ENDED}:
                raise
            if error.code is ErrorCode.SESSION_ENDED:
                raise self._ended() from None
        await self._refresh(used)
        self._authorise(request)
        try:
            return await self._once(request)
        except Refused as error:
            if error.problem.status == 401:
                raise self._ended() from None
            raise

    def _authorise(self, request: httpx.Request) -> str:
        if self._keys.signed_in is None:
            raise Refused(refusal(ErrorCode.NOT_SIGNED_IN, status=401))
        token = self._keys.signed_in.access_token
        request.headers["Authorization"] = f"Bearer {token}"
        return token

    async def _refresh(self, used: str) -> None:
        """Swap the tokens once, however many calls found them old."""
        async with self._refreshing:
            if self._keys.signed_in is not None and self._keys.signed_in.access_token == used:
                await self._keys.reload_tokens()
            signed_in = self._keys.signed_in
            if signed_in is None:
                raise Refused(refusal(ErrorCode.NOT_SIGNED_IN, status=401))
            if signed_in.access_token != used:
                return
            body = RefreshRequest(refresh_token=signed_in.refresh_token)
            request = self._http.build_request("POST", "/v1/sign-in/refresh", json=body.model_dump())
            request.headers["Idempotency-Key"] = str(uuid.uuid4())
            try:
                await self._keys.take(_read(Session, await self._once(request)))
            except Refused as error:
                if error.problem.status in {400, 401, 403}:
                    raise self._ended() from None
                raise

    def _ended(self) -> Refused:
        if self._session_ended is not None:
            self._session_ended()
        return Refused(refusal(ErrorCode.SESSION_ENDED, status=401))

    async def _once(self, request: httpx.Request) -> httpx.Response:
        sent = self._clock.now()
        try:
            answer = await self._http.send(request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Offline(type(error).__name__) from None
        longest = skew.SLOW_TRIP if self.skew is None else skew.LONGEST_TRIP
        measured = skew.measure(answer.headers.get("Date"), sent, self._clock.now(), longest)
        if measured is not None:
            self.skew = measured
        if answer.is_success:
            return answer
        raise _no(answer)

    async def _events(self, opened: Callable[[], None] | None) -> AsyncGenerator[WalletEvent, None]:
        for attempt in (1, 2):
            request = self._http.build_request("GET", "/v1/me/events", timeout=EVENTS_TIMEOUT)
            request.headers.update({"Accept": "text/event-stream", "Cache-Control": "no-store"})
            used = self._authorise(request)
            answer = await self._http.send(request, stream=True)
            try:
                if answer.is_success:
                    if opened is not None:
                        opened()
                    async with contextlib.aclosing(httpx_sse.EventSource(answer).aiter_sse()) as events:
                        async for event in events:
                            if event.event == "changed":
                                yield _event(event.data)
                    return
                await answer.aread()
            finally:
                await answer.aclose()
            error = _no(answer)
            if not (isinstance(error, Refused) and error.problem.status == 401) or attempt == 2:
                raise error
            if error.code is ErrorCode.SESSION_ENDED:
                raise self._ended()
            await self._refresh(used)


@functools.cache
def _tls() -> ssl.SSLContext:
    """One for all clients of a process: reading the certificates takes longer than most answers."""
    return httpx.create_ssl_context()


def _read(model: type[Answer], answer: httpx.Response) -> Answer:
    try:
        return read(model, answer.content or b"{}")
    except ValidationError as error:
        log.warning("%s answered with something else: %d faults", answer.request.url.path, error.error_count())
        raise Offline("an answer that cannot be read") from None


def _content(answer: httpx.Response) -> bytes:
    return answer.content


def _event(data: str) -> WalletEvent:
    try:
        return WalletEvent.model_validate_json(data)
    except ValidationError:
        return WalletEvent(version=0)  # it still says that something changed


def _no(answer: httpx.Response) -> Refused | Offline:
    """What an answer other than 2xx means."""
    problem = read_problem(answer.status_code, answer.content, answer.headers.get("Content-Type", ""))
    if answer.status_code in {502, 503, 504} or problem is None:
        return Offline(f"status {answer.status_code}")
    wait = retry_after(answer.headers.get("Retry-After"))
    if wait is not None:
        problem = problem.model_copy(update={"params": problem.params | {"retry_after": int(wait)}})
    return Refused(problem)
