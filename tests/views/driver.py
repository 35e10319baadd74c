"""The app in process: a real session, diffing and serialisation, no browser, no socket; the test plays them.

What is done here is what a browser does: it sends events, echoes the values of fields, answers calls such as
``push_route``, and asks for views. What is asserted is what a person would see or hear.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from services.client import ClientConfig
from services.texts import Texts
from services.vault import MemoryVault
from tests.views.fakes import FakeClient, FakeClock
from views.app import make_main

PHONE, TABLET, DESKTOP = 390, 700, 1280

_WORDS = ("value", "title", "label", "content", "subtitle", "text", "tooltip", "semantics_label", "error")
_BARS = (ft.NavigationBar, ft.NavigationRail)


class _Wire(Connection):
    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.loop, self.executor = asyncio.get_running_loop(), ThreadPoolExecutor(1)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url = "http://test"

    def pack(self, what: Any) -> None:
        msgpack.packb(what, default=configure_encode_object_for_msgpack(BaseControl))

    def send_message(self, message: Any) -> None:
        self.pack([message.action, message.body])
        if message.action == MessageAction.SESSION_CRASHED:
            self.app.crashes.append(message.body.message)
        elif message.action == MessageAction.INVOKE_METHOD:
            self.loop.call_soon(self.app._invoked, message.body)

    def dispose(self) -> None: ...


class App:
    """One open tab. ``async with`` it, or ``start`` and ``close``."""

    def __init__(self, client: FakeClient, clock: FakeClock, vault: MemoryVault) -> None:
        self.client, self.clock, self.vault = client, clock, vault
        self.crashes: list[str] = []
        self.visited: list[str] = []
        self.closed = False

    @classmethod
    async def start(
        cls,
        client: FakeClient,
        route: str = "/",
        *,
        width: int = PHONE,
        demo: bool = False,
        clock: FakeClock | None = None,
        vault: MemoryVault | None = None,
        texts: Callable[[str, str], Texts] = Texts,
    ) -> App:
        """Open the app at a link, in a window so wide; `texts` says it all in another way."""
        self = cls(client, clock or client.clock, vault or MemoryVault())
        self.wire = _Wire(self)
        self.session = Session(self.wire)
        self.page = self.session.page
        self.session.apply_page_patch(
            {"route": route, "width": width, "height": 844, "web": True, "platform": "android"}
        )
        _context_page.set(self.page)
        context.reset_auto_update()
        self.wire.pack(self.session.get_page_patch())

        async def opener(*_: Any) -> Any:
            return client

        main = make_main(
            ClientConfig(api_url="http://test", data_dir=Path(), demo=demo),
            opener=opener,
            vault_of=lambda _: self.vault,
            texts=texts,
            now=self.clock.now,
            sleep=self.clock.sleep,
        )
        await main(self.page)
        await self.session.after_event(self.page)
        await self.settle()
        return self

    async def close(self) -> None:
        """Close the tab for good."""
        if self.closed:
            return
        self.closed = True
        self.session.close()
        await self.settle()
        self.wire.executor.shutdown()

    async def settle(self, turns: int = 200) -> None:
        """Let everything that is under way come to rest."""
        for _ in range(turns):
            await asyncio.sleep(0)
        assert not self.crashes, self.crashes[0]

    def _invoked(self, body: Any) -> None:
        self.session.handle_invoke_method_results(body.control_id, body.call_id, None, None)
        if body.name == "push_route":
            self._going = asyncio.ensure_future(self._went(body.args["route"]))

    async def _went(self, route: str) -> None:
        self.visited.append(route)
        self.session.apply_page_patch({"route": route})
        await self.page._trigger_event("route_change", {"route": route})

    # what a person does

    async def go(self, route: str) -> None:
        """Type a link into the address bar."""
        await self._went(route)
        await self.settle()

    async def back(self) -> None:
        """Press the way back that the page's own bar has, or the device's back."""
        bar = self.view.appbar
        if bar is not None and bar.leading is not None:
            await self._event(bar.leading, "click")
        else:
            await self._event(self.page, "view_pop", {"route": self.view.route})

    async def resize(self, width: int) -> None:
        """Drag the window."""
        self.session.apply_page_patch({"width": width})
        await self._event(self.page, "resize", {"width": width, "height": 844})

    async def tap(self, name: str, *, times: int = 1) -> None:
        """Press what is named so; ``times`` at once, as an impatient finger does."""
        button = self.button(name)
        assert not button.disabled, f"{name!r} cannot be pressed"
        await asyncio.gather(*(self.session.dispatch_event(button._i, "click", None) for _ in range(times)))
        await self.settle()

    async def tap_twice(self, name: str) -> None:
        """Press twice while the first is still being answered."""
        self.client.hold = asyncio.Event()
        taps = asyncio.ensure_future(self.tap(name, times=2))
        await self.settle()
        self.client.hold.set()
        await taps
        self.client.hold = None

    async def type(self, label: str, text: str, *, enter: bool = False) -> None:
        """Type into a field."""
        field = self.field(label)
        self.session.apply_patch(field._i, {"value": text})
        await self._event(field, "change", text)
        if enter:
            await self._event(field, "submit", text)

    async def choose(self, destination: str) -> None:
        """Press a destination of the bar or the rail."""
        bar = next(each for each in self.controls() if isinstance(each, _BARS))
        index = [each.label for each in bar.destinations].index(destination)
        self.session.apply_patch(bar._i, {"selected_index": index})
        await self._event(bar, "change", str(index))

    async def _event(self, control: BaseControl, name: str, data: Any = None) -> None:
        if control is self.page:
            await self.page._trigger_event(name, data)
        else:
            await self.session.dispatch_event(control._i, name, data)
        await self.settle()

    # what a person sees

    @property
    def route(self) -> str:
        """What the address bar says."""
        return str(self.page.route)

    @property
    def view(self) -> ft.View:
        """The page on top."""
        view: ft.View = self.page._BasePage__resolved_views()[-1]
        return view

    @property
    def depth(self) -> int:
        """How many pages lie on each other."""
        return len(self.page._BasePage__resolved_views())

    def controls(self, node: Any = None) -> Iterator[BaseControl]:
        """What is shown, outer before inner: the page on top, and an open dialog."""
        if node is None:
            yield from self.controls(self.view)
            yield from self.controls([each for each in self.page._dialogs.controls if each.open])
        elif isinstance(node, list | tuple):
            for each in node:
                yield from self.controls(each)
        elif isinstance(node, BaseControl) and getattr(node, "visible", True) is not False:
            yield node
            for field in dataclasses.fields(node):
                inner = field.name == "_b" or not (field.metadata.get("skip") or field.name.startswith("_"))
                value = getattr(node, field.name, None) if inner else None
                if isinstance(value, BaseControl | list | tuple):
                    yield from self.controls(value)

    def has(self, kind: type[BaseControl]) -> bool:
        """Whether such a control is shown."""
        return any(isinstance(each, kind) for each in self.controls())

    def words_of(self, node: Any = None) -> list[str]:
        """Everything written, or read aloud, in a part or on the page."""
        found = [getattr(each, name, None) for each in self.controls(node) for name in _WORDS]
        return [text for text in found if isinstance(text, str) and text]

    @property
    def said(self) -> str:
        """All of it, a text a line."""
        return "\n".join(self.words_of())

    def button(self, name: str) -> BaseControl:
        """The innermost control that can be pressed and is named so, or begins so."""
        pressed = [each for each in self.controls() if getattr(each, "on_click", None) is not None]
        hits = [each for each in pressed if any(words.startswith(name) for words in self.words_of(each))]
        assert hits, f"no button {name!r} on:\n{self.said}"
        return hits[-1]

    def field(self, label: str) -> ft.TextField:
        """The field with this label."""
        found = [each for each in self.controls() if isinstance(each, ft.TextField) and each.label == label]
        assert len(found) == 1, f"{len(found)} fields {label!r} on:\n{self.said}"
        return found[0]
