"""One browser's websocket: registers in time, and always lets go of its session."""

from __future__ import annotations

import asyncio
import inspect
import logging
from contextlib import suppress
from typing import Any

import msgpack  # type: ignore[import-untyped]
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.protocol import Message, configure_encode_object_for_msgpack
from flet_web.fastapi import flet_app  # type: ignore[import-untyped]
from flet_web.fastapi.flet_app import FletApp  # type: ignore[import-untyped]
from flet_web.fastapi.flet_app_manager import app_manager  # type: ignore[import-untyped]
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from views.host.control_ids import begin_apart
from views.host.hardening import SafeSession
from views.host.session_id import session_key

log = logging.getLogger("kierto.views")

REGISTER_WITHIN = 20.0
"""Seconds that a socket may stay open before it says who it is."""
SESSION_KEPT = 15 * 60
"""Seconds that a session waits for its browser to come back. The cache brings it back after that."""

_encode: Any = configure_encode_object_for_msgpack(BaseControl)  # type: ignore[no-untyped-call]
flet_app.Session = SafeSession
begin_apart()


class BrowserConnection(FletApp):  # type: ignore[misc]
    """Flet's connection, closed properly whatever the other side does."""

    register_within = REGISTER_WITHIN

    def __init__(self, main: Any, **options: Any) -> None:
        super().__init__(
            loop=asyncio.get_running_loop(),
            executor=app_manager.executor,
            main=main,
            before_main=None,
            **{"session_timeout_seconds": SESSION_KEPT, **options},
        )
        self._websocket: WebSocket | None = None

    async def handle(self, websocket: WebSocket) -> None:
        """Serve one socket until it closes; the session is let go on every way out."""
        self._websocket = websocket
        late = asyncio.create_task(self._close_when_late(websocket))
        session: SafeSession | None = None
        try:
            await super().handle(websocket)
        except WebSocketDisconnect:
            pass  # it left before it registered
        except Exception as error:
            log.info("a socket broke: %r", error)
        finally:
            late.cancel()
            session = self._session
            if session is not None and session.connection is self:
                await session.disconnect(SESSION_KEPT)

    @property
    def _session(self) -> SafeSession | None:
        return self._FletApp__session  # type: ignore[no-any-return]

    @property
    def has_left(self) -> bool:
        """Whether nothing reaches this browser any more; its session hears of it a moment later."""
        return self._FletApp__send_queue is None

    def send_message(self, message: Message) -> None:
        """Queue one message. Flet's own writes each one out for its debug log first, whether that is on or not.

        What a closing socket is sent is lost and not missed: a browser that comes back gets the whole page.
        """
        body = msgpack.packb([message.action, message.body], default=_encode)
        if not self.has_left:
            self._FletApp__send_queue.put_nowait(b"\x00" + body)

    async def _close_when_late(self, websocket: WebSocket) -> None:
        await asyncio.sleep(self.register_within)
        if self._session is None:
            with suppress(RuntimeError):
                await websocket.close(1008, "register first")

    async def _FletApp__on_session_created(self) -> None:
        """Run the app for a new session, also when its browser leaves before that is done: it may come back."""
        session = self._session
        if session is None:
            return
        _context_page.set(session.page)
        context.reset_auto_update()  # type: ignore[no-untyped-call]
        try:
            started = self._FletApp__main(session.page)
            if inspect.isawaitable(started):
                await started
            await session.after_event(session.page)
        except Exception as error:
            session.error(f"the app could not start: {error!r}")

    async def _FletApp__receive_loop(self) -> None:
        await super()._FletApp__receive_loop()
        if self._session is None:  # Flet waits for its send loop for ever here
            self._FletApp__send_queue.put_nowait(None)
            websocket = self._websocket
            if websocket is not None and websocket.application_state is WebSocketState.CONNECTED:
                with suppress(RuntimeError):
                    await websocket.close(1008)
            raise WebSocketDisconnect(1000)

    async def _FletApp__on_message(self, data: Any) -> None:
        """Take one message; one that cannot be taken costs a registered browser nothing but that message."""
        try:
            await super()._FletApp__on_message(data)
        except Exception as error:
            if self._session is None:
                raise
            log.warning("a message was left out: %r", error)

    def _FletApp__get_unique_session_id(self, session_id: str) -> str:
        return session_key(self.page_name, session_id)
