"""A session that survives its own mistakes: nothing freezes, and no customer reads a traceback."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import flet as ft
from flet.components.component import Component
from flet.controls.base_control import BaseControl
from flet.messaging.connection import Connection
from flet.pubsub.pubsub_client import PubSubClient

from views.host.absence import PatientSession
from views.host.session_id import new_session_id
from views.session import texts_of

log = logging.getLogger("kierto.views")
_HAS_LEFT = "Control must be added to the page first"
"""How Flet puts it."""


class SafeSession(PatientSession):
    """A Flet session whose errors are logged in full, and told to the customer in one sentence."""

    def __init__(self, conn: Connection) -> None:
        super().__init__(conn)
        self._Session__id = new_session_id()
        self._Session__pubsub_client = PubSubClient(conn.pubsubhub, self.id)
        self._Session__pending_updates = _OutermostFirst()
        self._told: ft.SnackBar | None = None

    def error(self, message: str) -> None:
        """Log what happened; tell the customer that something did. ``message`` never leaves the server.

        An event of a field that has just left the screen, such as losing the keyboard, is nobody's loss.
        """
        if _HAS_LEFT in str(sys.exc_info()[1] or ""):
            log.info("in a session: an event of a control that has left: %s", message)
            return
        log.error("in a session: %s", message, exc_info=sys.exc_info()[0] is not None)
        try:
            self._tell()
        except Exception:
            log.exception("the notice could not be shown")

    def schedule_update(self, control: BaseControl) -> None:
        """Queue a re-render that cannot take the scheduler down with it."""
        super().schedule_update(_Guarded(self, control))  # type: ignore[arg-type]

    def handle_invoke_method_results(self, control_id: int, call_id: str, result: Any, error: str | None) -> None:
        """Hand an answer to who waits for it, also when its control has left the screen meanwhile.

        Flet takes that for a broken connection, and the browser loses its session with a camera's last picture.
        """
        waiting = self._Session__method_calls.pop(call_id, None)  # type: ignore[attr-defined]
        if waiting is not None:
            self._Session__method_call_results[waiting] = (result, error)  # type: ignore[attr-defined]
            waiting.set()

    def _tell(self) -> None:
        page, texts = self.page, texts_of(self.page)
        notice = texts.t("Something went wrong on our side. Try again in a moment.")
        if _is_blank(page):
            page.views = [_sorry(page, notice, texts.t("Try again"))]
            page.update()
        elif self._told is None or not self._told.open:
            self._told = ft.SnackBar(content=ft.Text(notice))
            page.show_dialog(self._told)


class _Guarded:
    """A pending re-render. Equal to another of the same control, so that the queue holds each once."""

    __slots__ = ("control", "session")

    def __init__(self, session: SafeSession, control: BaseControl) -> None:
        self.session = session
        self.control = control

    def __hash__(self) -> int:
        return hash(self.control)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Guarded) and other.control is self.control

    def update(self) -> None:
        try:
            self.control.update()
        except Exception as error:
            if isinstance(self.control, Component):
                _restore(self.control)
            self.session.error(f"a re-render failed: {error!r}")


class _OutermostFirst(set[_Guarded]):
    """The pending re-renders, what holds others before what it holds.

    Flet takes them in any order. A frame that moves the screen inside it before the screen's own maker has run shows
    parts of it that were never mounted: nothing in them would load, after a window had changed its width.
    """

    def __iter__(self) -> Iterator[_Guarded]:
        return iter(sorted(super().__iter__(), key=lambda each: _depth(each.control)))


def _depth(control: BaseControl) -> int:
    depth, above = 0, control.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth


def _restore(component: Component) -> None:
    """Give the tree that is still on screen its state back.

    A re-render that fails half-way has already moved the state of some inner components to instances that will never
    be shown, and marked the shown ones stale: left so, those parts would never change again.
    """
    for inner in _components(component._b):
        if inner._stale:
            inner._stale = False
            inner._state.change_owner(inner)


def _components(node: Any, seen: set[int] | None = None) -> Iterator[Component]:
    seen = set() if seen is None else seen
    if node is None or id(node) in seen or isinstance(node, str | bytes | int | float):
        return
    seen.add(id(node))
    if isinstance(node, list | tuple):
        for item in node:
            yield from _components(item, seen)
    elif isinstance(node, BaseControl):
        if isinstance(node, Component):
            yield node
        if is_dataclass(node):
            for field in fields(node):
                if field.name == "_b" or not (field.name.startswith("_") or field.metadata.get("skip")):
                    yield from _components(getattr(node, field.name, None), seen)


def _is_blank(page: ft.Page) -> bool:
    views: Any = page.views  # a list, or the one component that renders it
    shown = views if isinstance(views, list) else [views]
    return not any(top._b if isinstance(top, Component) else getattr(top, "controls", None) for top in shown)


def _sorry(page: ft.Page, notice: str, way_out: str) -> ft.View:
    async def again() -> None:
        await ft.UrlLauncher().launch_url(page.url or "/", web_only_window_name="_self")

    return ft.View(
        route="/",
        vertical_alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        controls=[ft.Text(notice), ft.FilledButton(content=way_out, on_click=again)],
    )
