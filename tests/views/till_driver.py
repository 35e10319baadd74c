"""The till's screens in process: a real session, diffing and serialisation; the test plays the browser."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.pubsub.pubsub_hub import PubSubHub

from services.client import ClientConfig
from services.texts import Texts
from tests.views.mirror import Mirror
from tests.views.till_fakes import NOW, FakeClient
from views.app import make_main
from views.host.hardening import SafeSession

_TEXTS = ("value", "title", "label", "content", "subtitle", "text", "tooltip", "semantics_label")


class _Wire(Connection):
    def __init__(self, browser: Browser) -> None:
        super().__init__()
        self.browser = browser
        self.loop, self.executor = asyncio.get_running_loop(), ThreadPoolExecutor(1)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url = "http://test"
        self.has_left = False

    def pack(self, what: Any) -> None:
        msgpack.packb(what, default=configure_encode_object_for_msgpack(BaseControl))

    def send_message(self, message: Any) -> None:
        if self.has_left:
            return
        self.pack([message.action, message.body])
        if self.browser.mirror is not None:
            self.browser.mirror.hear(message)
        if message.action == MessageAction.INVOKE_METHOD:
            self.loop.call_soon(self.browser.invoked, message.body)

    def dispose(self) -> None: ...


class Vault:
    """Preferences in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.kept.get(key)

    async def set(self, key: str, value: str) -> None:
        self.kept[key] = value

    async def delete(self, key: str) -> None:
        self.kept.pop(key, None)


class Browser:
    """A tab with the till in it."""

    def __init__(self, client: FakeClient, mirror: Mirror | None = None) -> None:
        self.client, self.mirror = client, mirror

    @classmethod
    async def open(
        cls,
        client: FakeClient,
        route: str = "/till",
        *,
        width: int = 390,
        keys: bool = True,
        texts: Callable[[str, str], Texts] = Texts,
        mirror: Mirror | None = None,
    ) -> Browser:
        self = cls(client, mirror)
        self.wire = _Wire(self)
        self.session = SafeSession(self.wire)
        self.page = self.session.page
        platform = "linux" if keys else "android"
        self.session.apply_page_patch(
            {"route": route, "width": width, "height": 844, "web": False, "platform": platform}
        )
        _context_page.set(self.page)
        context.reset_auto_update()
        self._is_sent_the_page(self.session.get_page_patch())

        async def opener(*_: Any) -> Any:
            return client

        main = make_main(
            ClientConfig(api_url="http://test", data_dir=Path()),
            opener=opener,
            vault_of=lambda _: Vault(),
            texts=texts,
            now=lambda: NOW,
            sleep=self.sleep,
        )
        await main(self.page)
        await self.session.after_event(self.page)
        await self.settle()
        return self

    def _is_sent_the_page(self, page: Any) -> None:
        self.wire.pack(page)
        if self.mirror is not None:
            self.mirror.show(page)

    async def sleep(self, seconds: float) -> None:
        """Short pauses pass at once; what ticks for ever does not."""
        if seconds >= 1:
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    def invoked(self, body: Any) -> None:
        self.session.handle_invoke_method_results(body.control_id, body.call_id, None, None)
        if body.name == "push_route":
            self._going = asyncio.ensure_future(self._went(body.args["route"]))

    async def _went(self, route: str) -> None:
        self.session.apply_page_patch({"route": route})
        await self.page._trigger_event("route_change", {"route": route})

    async def settle(self) -> None:
        for _ in range(150):
            await asyncio.sleep(0)
        assert "Something went wrong" not in self.said, self.said

    def controls(self, node: Any = None) -> list[BaseControl]:
        """What is shown, outer before inner."""
        if node is None:
            node = [*self.page._BasePage__resolved_views()[-1:], *(d for d in self.page._dialogs.controls if d.open)]
        if isinstance(node, list | tuple):
            return [each for item in node for each in self.controls(item)]
        if not isinstance(node, BaseControl) or getattr(node, "visible", True) is False:
            return []
        names = [f.name for f in dataclasses.fields(node) if not (f.metadata.get("skip") or f.name.startswith("_"))]
        inner = [getattr(node, name, None) for name in [*names, "_b"]]
        return [
            node,
            *(each for value in inner if isinstance(value, BaseControl | list) for each in self.controls(value)),
        ]

    @property
    def said(self) -> str:
        found = [getattr(each, name, None) for each in self.controls() for name in _TEXTS]
        return "\n".join(text for text in found if isinstance(text, str) and text)

    def button(self, name: str) -> BaseControl:
        """The innermost control that can be pressed and is named so."""
        pressed = [each for each in self.controls() if getattr(each, "on_click", None) is not None]
        hits = [each for each in pressed if any(self._named(inner, name) for inner in self.controls(each))]
        assert hits, f"no button {name!r} on:\n{self.said}"
        return hits[-1]

    @staticmethod
    def _named(control: BaseControl, name: str) -> bool:
        texts = [getattr(control, attribute, None) for attribute in _TEXTS]
        return any(isinstance(text, str) and text.startswith(name) for text in texts)

    async def tap(self, name: str, *, settle: bool = True) -> None:
        button = self.button(name)
        assert not button.disabled, f"{name} cannot be pressed"
        event = self.session.dispatch_event(button._i, "click", None)
        if settle:
            await event
            await self.settle()
        else:
            self.pressed = asyncio.ensure_future(event)

    def field(self, label: str) -> ft.TextField:
        found = [each for each in self.controls() if isinstance(each, ft.TextField) and each.label == label]
        assert len(found) == 1, f"{len(found)} fields {label!r} on:\n{self.said}"
        return found[0]

    async def type(self, label: str, text: str, *, enter: bool = False) -> None:
        field = self.field(label)
        self.session.apply_patch(field._i, {"value": text})
        await self.session.dispatch_event(field._i, "change", text)
        if enter:
            await self.session.dispatch_event(field._i, "submit", text)
        await self.settle()

    async def focus(self, label: str) -> None:
        await self.session.dispatch_event(self.field(label)._i, "focus", None)
        await self.settle()

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self._key(key)
            await self.settle()

    async def scan(self, code: str) -> None:
        """A scanner types: its keys wait for no screen."""
        for key in (*code, "Enter"):
            await self._key(key)
        await self.settle()

    async def _key(self, key: str) -> None:
        data = {"key": key, "shift": False, "ctrl": False, "alt": False, "meta": False}
        await self.page._trigger_event("keyboard_event", data)

    async def leave(self) -> None:
        """The network goes: the browser's socket is closed."""
        await self.session.disconnect(900)

    async def come_back(self) -> None:
        """The same browser again, with the page that it was sent before."""
        self.wire.has_left = False
        self._is_sent_the_page(self.page)
        await self.session.connect(self.wire)
        await self.settle()

    async def close(self) -> None:
        self.session.close()
        await self.settle()
        self.wire.executor.shutdown()
