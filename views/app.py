"""The app of one session: opens the client, follows it, and renders the router."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import flet as ft

from services.client import Client, ClientConfig
from services.keys import CODE_SECRET, SIGN_IN, TILL_KEY
from services.texts import LANGUAGES, Texts
from services.vault import Vault
from views import tokens
from views.device import language_of
from views.device_name import device_name
from views.following import follow_device, follow_language
from views.hooks import use_watched
from views.routes import routes
from views.screens.confirming import use_requests
from views.screens.missing import Missing
from views.session import (
    Layout,
    Now,
    Preferences,
    Session,
    SessionContext,
    Sleep,
    TextSize,
    ThemeChoice,
    remember,
    use_session,
    use_width,
    width_of,
)
from views.state import Store
from views.storage import DEVICE, StoredVault, device_id, store_of
from views.ui.calendar import locale_of

log = logging.getLogger("kierto.views")

_GONE = "closed"
"""The word by which Flet says that a browser has left, and its session with it."""
OpenClient = Callable[[ClientConfig, Vault, str], Awaitable[Client]]
THEMES = ("system", "light", "dark")
AT_START = (SIGN_IN, CODE_SECRET, TILL_KEY, DEVICE, "language", "spoken", "theme", "text_size")
"""What every session asks its browser or device first."""
PAUSE = 0.25
"""Seconds that what this device keeps is shown before the API is asked: the first screen has the machine to itself."""


async def open_client(config: ClientConfig, vault: Vault, device: str) -> Client:
    """The client of this browser or device."""
    return await Client.open(config, vault, device_id=device)


def utc_now() -> datetime:
    """The device's time."""
    return datetime.now(UTC)


def make_main(
    config: ClientConfig,
    *,
    opener: OpenClient = open_client,
    vault_of: Callable[[ft.Page], Vault] | None = None,
    texts: Callable[[str, str], Texts] = Texts,
    now: Now = utc_now,
    sleep: Sleep = asyncio.sleep,
) -> Callable[[ft.Page], Awaitable[None]]:
    """What Flet calls for each session. The client, the texts and the clock can be given, for tests."""

    async def main(page: ft.Page) -> None:
        try:
            await begin(page)
        except RuntimeError as error:
            if _GONE not in str(error):
                raise
            log.info("a browser left while its session began: %s", error)

    async def begin(page: ft.Page) -> None:
        page.title = "Kierto"
        vault = vault_of(page) if vault_of else StoredVault(store_of(page), AT_START)
        preferences, device = await asyncio.gather(_preferences(page, vault), device_id(vault))
        _paint(page, preferences)
        name = device_name(page.client_user_agent, page.platform.value if page.platform else "")
        here = replace(
            config,
            device_name=config.device_name or name,
            reader=page.client_ip or "",
            timing=replace(config.timing, begin_after=PAUSE),
        )
        client = await opener(here, vault, device)
        client.mine.speak(preferences.language)
        store = Store()
        session = Session(
            client=client,
            store=store,
            preferences=preferences,
            layout=Layout(width_of(page.width)),
            now=now,
            sleep=sleep,
            make_texts=functools.lru_cache(texts),
            save_preference=vault.set,
            demo=config.demo,
        )
        store.apply(client.state)
        remember(page, session)
        page.render_views(App, session)
        _follow(page, session)
        session.run(follow_device(page, session, vault))

    return main


async def _preferences(page: ft.Page, vault: Vault) -> Preferences:
    wanted = ("language", "spoken", "theme", "text_size")
    language, spoken, theme, size = await asyncio.gather(*(vault.get(name) for name in wanted))
    known = next((each for each in (language, spoken) if each in LANGUAGES), None)
    return Preferences(
        language=known or await language_of(page) or "en",
        language_chosen=language in LANGUAGES,
        theme=cast("ThemeChoice", theme) if theme in THEMES else "system",
        text_size=cast("TextSize", size) if size in tokens.TEXT_SIZES else "standard",
    )


def _paint(page: ft.Page, preferences: Preferences) -> None:
    """Both themes, with text as large as the reader wants it, and the one that the reader wants; in her language."""
    page.theme, page.dark_theme = (tokens.theme(dark, preferences.scale) for dark in (False, True))
    page.theme_mode = ft.ThemeMode(preferences.theme)
    spoken = locale_of(preferences.language)  # for what Flutter itself says, such as "Tab 1 of 4"
    page.locale_configuration = ft.LocaleConfiguration(supported_locales=[spoken], current_locale=spoken)


def _follow(page: ft.Page, session: Session) -> None:
    unsubscribe = session.store.follow(session.client.subscribe)
    stop_following = follow_language(session)

    def resized(event: ft.PageResizeEvent) -> None:
        session.layout.width = width_of(event.width)

    async def closed() -> None:
        unsubscribe()
        stop_following()
        session.end_tasks()
        await session.client.close()

    def came_back() -> None:
        """The window may have changed while its browser was away."""
        session.layout.width = width_of(page.width)

    page.on_resize = resized
    page.on_connect = came_back
    page.on_close = closed


@ft.component
def App(session: Session) -> list[ft.View]:
    """The whole app, a function of the session."""
    return SessionContext(session, Root)


@ft.component
def Root() -> list[ft.View]:
    """The router, with the routes that this width calls for."""
    session, width = use_session(), use_width()
    use_requests()
    preferences = use_watched(session.preferences)
    page, wanted = ft.context.page, (preferences.theme, preferences.scale, preferences.language)
    painted = ft.use_ref(wanted)

    def paint() -> None:
        if painted.current != wanted:
            painted.current = wanted
            _paint(page, preferences)
            page.update()

    ft.use_effect(paint, list(wanted))
    ft.use_effect(lambda: session.client.mine.speak(preferences.language), [preferences.language])
    return cast("list[ft.View]", ft.Router(routes(panes=width == "expanded"), not_found=Missing, manage_views=True))
