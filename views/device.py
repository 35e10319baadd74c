"""What the device says about itself."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

import flet as ft

from services.texts import nearest

log = logging.getLogger("kierto.views")
_PATIENCE = 3.0
"""Seconds that a device gets to answer before the app opens in English."""


class Device(Protocol):
    """The part of a page that knows its device."""

    async def get_device_info(self) -> ft.DeviceInfo | None:
        """What it is; nothing where it does not say."""


async def language_of(device: Device) -> str | None:
    """The first of the device's own languages that the app has, English where it has none; None without an answer."""
    try:
        info = await asyncio.wait_for(device.get_device_info(), _PATIENCE)
    except Exception as error:  # whatever a platform fails with, the app opens
        log.debug("the device does not say its languages: %r", error)
        return None
    if info is None:
        return None
    return nearest(*(f"{each.language_code}-{each.country_code or ''}" for each in info.locales))
