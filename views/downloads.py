"""Handing a file over: a browser puts it among its downloads, a device asks where to."""

from __future__ import annotations

import flet as ft


async def hand_over(name: str, content: bytes) -> None:
    """Save a file under a name that the reader may change, where the device asks."""
    await ft.FilePicker().save_file(file_name=name, src_bytes=content)
