"""While the code is shown: the screen stays on and bright, where the device lets us."""

from __future__ import annotations

import asyncio
import logging

import flet as ft

log = logging.getLogger("kierto.views")

_MOBILE = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)


async def keep_bright(page: ft.Page) -> None:
    """Hold the screen until cancelled. A browser can only stay awake; who refuses that just goes on."""
    phone = not page.web and page.platform in _MOBILE
    if not (page.web or phone):
        return
    awake, light = ft.Wakelock(), ft.ScreenBrightness() if phone else None
    try:
        await awake.enable()  # type: ignore[no-untyped-call]
        if light is not None:
            await light.set_application_screen_brightness(1)
        await asyncio.Event().wait()
    except (RuntimeError, TimeoutError) as refused:
        log.info("the screen's light is not ours to change: %s", refused)
    finally:
        await asyncio.shield(_let_go(awake, light))


async def _let_go(awake: ft.Wakelock, light: ft.ScreenBrightness | None) -> None:
    try:
        await awake.disable()  # type: ignore[no-untyped-call]
        if light is not None:
            await light.reset_application_screen_brightness()  # type: ignore[no-untyped-call]
    except (RuntimeError, TimeoutError) as refused:
        log.info("the screen's light was not given back: %s", refused)
