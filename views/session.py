"""What every screen of one session shares: the client, the store, the preferences, the clock, the layout."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import flet as ft

from services.client import Client
from services.texts import Texts
from views import tokens
from views.hooks import use_kept, use_value, use_watched
from views.state import Store

log = logging.getLogger("kierto.views")
_PAINTED_BY = 0.9
"""Seconds after which a first screen counts as painted, whether its browser has said so or not."""

Now = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]
Width = Literal["compact", "medium", "expanded"]
ThemeChoice = Literal["system", "light", "dark"]
TextSize = Literal["standard", "large", "larger", "largest"]


@ft.observable
@dataclass
class Preferences:
    """What the reader chose on this device."""

    language: str = "en"
    language_chosen: bool = False
    """Whether the reader chose it; else it is the device's own."""
    theme: ThemeChoice = "system"
    text_size: TextSize = "standard"

    @property
    def scale(self) -> float:
        """How much larger than the standard all text is."""
        return tokens.TEXT_SIZES[self.text_size]


@ft.observable
@dataclass
class Layout:
    """How much room there is. Changes at a breakpoint only, so that a dragged window does not render at each pixel."""

    width: Width = "compact"
    painted: bool = False
    """Whether this tab has shown a screen; until then the first things first."""


@dataclass(eq=False)
class Session:
    """One open app. Screens reach it by ``use_session``."""

    client: Client
    store: Store
    preferences: Preferences
    layout: Layout
    now: Now
    sleep: Sleep
    make_texts: Callable[[str, str], Texts]
    save_preference: Callable[[str, str], Awaitable[None]]
    demo: bool = False
    wanted: str = "/"
    """Where a guard sent the reader away from; sign-in brings them there."""
    contact: str = ""
    """Where the last one-time code went."""
    code: str = ""
    """The right code of somebody who has yet to join."""
    code_sent_at: datetime | None = None
    terms_put_off: int = 0
    """The version of the programme's terms that the reader wants to see later: not again in this tab."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    """What runs for the screens that are shown; ended with the session, which unmounts nothing."""

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the screens, until the session ends."""
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def end_tasks(self) -> None:
        """The tab is gone: stop what still ticks for it."""
        for task in list(self.tasks):
            task.cancel()


SessionContext: ft.ContextProvider[Session | None] = ft.create_context(None)
_KEPT_AS = "session"


def remember(page: ft.Page, session: Session) -> None:
    """Let a page hold its one session, for components that lost the way to their context; it ends with the page."""
    page.session.store.set(_KEPT_AS, session)


def session_of(page: ft.Page) -> Session | None:
    """The one session of a page; None before it has one."""
    session: Session | None = page.session.store.get(_KEPT_AS)
    return session


def texts_of(page: ft.Page) -> Texts:
    """Sentences in the language of a page's reader; in English before anybody is known to read it."""
    session = session_of(page)
    return Texts() if session is None else session.make_texts(session.preferences.language, "UTC")


def use_session() -> Session:
    """The session of the app that this component is in.

    Flet finds a context through weak links from parent to parent. A memoised component outlives the parent that made
    it, and everything inside it then finds no context at its next rendering: hence the page's own.
    """
    session = ft.use_context(SessionContext) or session_of(ft.context.page)
    if session is None:
        raise RuntimeError("a screen stands outside the app")
    return session


def use_client() -> Client:
    """The client of this session."""
    return use_session().client


def use_width() -> Width:
    """The width class; the component renders again when it changes."""
    session = use_session()
    return use_watched(session.layout).width


def use_painted() -> tuple[bool, Callable[[], None]]:
    """Whether this tab has shown something, and what to call when it has; soon true where nobody calls."""
    session = use_session()
    layout = use_watched(session.layout)

    def painted() -> None:
        session.layout.painted = True

    async def soon() -> None:
        if not session.layout.painted:
            await session.sleep(_PAINTED_BY)
            painted()

    use_task(soon)
    return layout.painted, painted


def use_texts() -> Texts:
    """Sentences in the reader's language, with dates in the programme's time zone."""
    session = use_session()
    preferences = use_watched(session.preferences)
    value = use_watched(session.store.who).value
    zone = "UTC"
    if value.profile is not None:
        zone = value.profile.programme.timezone
    elif value.staff is not None:
        zone = value.staff.timezone
    return session.make_texts(preferences.language, zone)


def use_style(role: ft.TextThemeStyle) -> ft.TextStyle:
    """A style as large as this reader has text, for a control that takes no role of the theme."""
    return tokens.style_of(role, use_watched(use_session().preferences).scale)


def use_now(every: float) -> datetime:
    """The time, with a new rendering every so many seconds."""
    session = use_session()
    now, set_now = use_value(session.now())

    async def tick() -> None:
        while True:
            await session.sleep(every)
            set_now(session.now())

    use_task(tick)
    return now


class _Runs:
    """The task that an effect began last."""

    task: asyncio.Task[None] | None = None


def use_task(work: Callable[[], Awaitable[None]], dependencies: list[object] | None = None) -> None:
    """Run ``work`` while this component is on screen; cancelled when it leaves or a dependency changes.

    The next run begins when the cancelled one has ended: a request takes a moment to close its connection, and until
    then its command is busy, and would not run for the newer.
    """
    tasks, runs = use_session().tasks, use_kept(_Runs)

    async def run() -> None:
        before, task = runs.task, asyncio.current_task()
        if task is not None:
            runs.task = task
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if before is not None and not before.done():
            await asyncio.wait({before})
        try:
            await work()
        except Exception:
            log.exception("background work of a screen failed")

    ft.use_effect(run, dependencies or [], cleanup=_cancelled)


def _cancelled() -> None:
    """A cleanup, so that Flet cancels the task."""


def width_of(pixels: float | None) -> Width:
    """The width class of a page so many pixels wide."""
    if pixels is None or pixels < tokens.Break.MEDIUM:
        return "compact"
    return "medium" if pixels < tokens.Break.EXPANDED else "expanded"


def go(route: str) -> None:
    """Move to another screen."""
    ft.context.page.navigate(route)
