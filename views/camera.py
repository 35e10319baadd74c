"""The camera as a scanner: a live preview with a guide, and pictures decoded beside it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import flet as ft
import flet_camera as fc  # type: ignore[import-untyped]

from services.scanning import zxing_decoder
from services.texts import Texts
from views.session import use_session, use_task, use_texts
from views.till.hooks import use_kept, use_value
from views.tokens import Color, Size, Space
from views.ui.buttons import icon_button, secondary
from views.ui.words import body, caption

log = logging.getLogger("kierto.views")

OnCode = Callable[[str], Awaitable[None]]
Trouble = Literal["starting", "running", "none", "denied", "unreadable"]

PAUSE = 0.12
"""Seconds between two pictures: with the 130 ms that one takes, four a second."""
AWAY = 2.0
"""Seconds that a code must have been out of sight to be read again: what is held still is one scan, however long."""
_LOOKS = 40
HEIGHT = 280
GUIDE = 200


@dataclass(frozen=True, slots=True)
class Torch:
    """The lamp beside the camera: whether there is one, and whether it shines."""

    there: bool = False
    on: bool = False


class Reader(Protocol):
    """Finds a code in a picture."""

    def decode(self, picture: bytes) -> str | None:
        """The text, or None."""


async def read_codes(
    take_picture: Callable[[], Awaitable[bytes]],
    reader: Reader,
    on_code: OnCode,
    sleep: Callable[[float], Awaitable[None]],
    now: Callable[[], Any],
) -> None:
    """Take pictures for ever and report each code once: again after another, or after it was out of sight.

    Decodes in a thread; a failed picture is skipped.
    """
    last, seen_at, failures = "", now(), 0
    while True:
        try:
            text = await asyncio.to_thread(reader.decode, await take_picture())
            failures = 0
        except Exception:
            failures += 1
            if failures >= 10:
                raise
            text = None
        if text is not None:
            shown = text != last or (now() - seen_at).total_seconds() > AWAY
            last, seen_at = text, now()
            if shown:
                await on_code(text)
                seen_at = now()  # it was held all the while
        await sleep(PAUSE)


@ft.component
def CameraScanner(on_code: OnCode) -> ft.Control:
    """A preview that reads codes for as long as it is on screen. Without a camera it says so, and how else to go on."""
    session, texts = use_session(), use_texts()
    held = use_kept(ft.Ref[fc.Camera])
    latest = use_kept(list[OnCode])
    latest[:] = [on_code]
    state, set_state = ft.use_state("starting")
    attempt, set_attempt = ft.use_state(0)
    torch, set_torch = use_value(Torch())

    async def report(text: str) -> None:
        await latest[0](text)

    async def run() -> None:
        set_state("starting")
        try:
            reader = zxing_decoder()
            if reader is None:
                set_state("unreadable")
                return
            shown = await _on_page(held, session.sleep)
            found = await shown.get_available_cameras()
            if not found:
                set_state("none")
                return
            shown = await _on_page(held, session.sleep)  # each rendering has an instance of its own
            await shown.initialize(
                _facing_away(found),
                resolution_preset=fc.ResolutionPreset.MEDIUM,
                enable_audio=False,
                image_format_group=fc.ImageFormatGroup.JPEG,
            )
            set_state("running")
            set_torch(Torch(there=await _light(held, on=False)))

            async def picture() -> bytes:
                taken: bytes = await (await _on_page(held, session.sleep)).take_picture()
                return taken

            await read_codes(picture, reader, report, session.sleep, session.now)
        except Exception as error:
            log.info("the camera stopped: %r", error)
            set_state("none" if "notfound" in str(error).lower().replace(" ", "") else "denied")

    async def switch() -> None:
        set_torch(Torch(there=await _light(held, on=not torch.on), on=not torch.on))

    use_task(run, [attempt])
    if state in {"none", "denied", "unreadable"}:
        return _fallback(texts, state, lambda: set_attempt(attempt + 1))
    return _preview(texts, held, state == "running", torch, switch)


async def _on_page(held: ft.Ref[fc.Camera], sleep: Callable[[float], Awaitable[None]]) -> Any:
    """The camera, once it is on the page: a rendering that has just begun puts another instance in its place."""
    for _ in range(_LOOKS):
        try:
            if held.current is not None and held.current.page is not None:
                break
        except RuntimeError:  # Flet's word for a control that is not there yet
            pass
        await sleep(PAUSE)
    return held.current


async def _light(held: ft.Ref[fc.Camera], *, on: bool) -> bool:
    """Switch the lamp beside the camera; False where there is none."""
    camera = held.current
    if camera is None:
        return False
    try:
        await camera.set_flash_mode(fc.FlashMode.TORCH if on else fc.FlashMode.OFF)
    except Exception as error:
        log.debug("no lamp: %r", error)
        return False
    return True


def _facing_away(found: list[fc.CameraDescription]) -> fc.CameraDescription:
    back = [each for each in found if each.lens_direction == fc.CameraLensDirection.BACK]
    return (back or found)[0]


def _preview(
    texts: Texts, held: ft.Ref[fc.Camera], running: bool, torch: Torch, switch: Callable[[], Awaitable[None]]
) -> ft.Control:
    camera = fc.Camera(ref=held, expand=True, preview_enabled=True)
    guide = ft.Container(
        width=GUIDE,
        height=GUIDE,
        border=ft.Border.all(3, Color.PAPER),
        border_radius=Size.RADIUS,
    )
    says = texts.t("Hold the code inside the frame") if running else texts.t("Starting the camera")
    label = ft.Container(
        content=caption(says, Color.PAPER),
        bgcolor=Color.INK,
        opacity=0.8,
        border_radius=Size.PILL,
        padding=ft.Padding.symmetric(vertical=Space.XS, horizontal=Space.M),
    )
    layers: list[ft.Control] = [
        ft.Container(content=camera, alignment=ft.Alignment.CENTER, bgcolor=Color.INK),
        ft.Container(content=guide, alignment=ft.Alignment.CENTER),
        ft.Container(content=label, alignment=ft.Alignment.BOTTOM_CENTER, padding=Space.M),
    ]
    if running and torch.there:
        layers.append(
            ft.Container(content=_lamp(texts, torch, switch), alignment=ft.Alignment.TOP_RIGHT, padding=Space.S)
        )
    return ft.Container(
        content=ft.Stack(layers, fit=ft.StackFit.EXPAND),
        height=HEIGHT,
        border_radius=Size.RADIUS,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def _lamp(texts: Texts, torch: Torch, switch: Callable[[], Awaitable[None]]) -> ft.Control:
    name = texts.t("Switch the light off") if torch.on else texts.t("Switch the light on")
    icon = ft.Icons.FLASHLIGHT_OFF if torch.on else ft.Icons.FLASHLIGHT_ON
    button = icon_button(icon, name, switch, color=Color.PAPER)
    return ft.Container(content=button, bgcolor=Color.INK, opacity=0.8, border_radius=Size.PILL)


def _fallback(texts: Texts, trouble: str, again: Callable[[], None]) -> ft.Control:
    said = {
        "none": texts.t("No camera was found. Use a scanner, or type the digits below the code."),
        "denied": texts.t(
            "The camera may not be used. Allow it in the browser's settings, or type the digits below the code."
        ),
        "unreadable": texts.t("This device cannot read codes by camera. Use a scanner, or type the digits."),
    }[trouble]
    parts: list[ft.Control] = [ft.Icon(ft.Icons.NO_PHOTOGRAPHY_OUTLINED, color=Color.QUIET), body(said, centred=True)]
    if trouble != "unreadable":
        parts.append(secondary(texts.t("Try again"), again))
    return ft.Container(
        content=ft.Column(parts, spacing=Space.M, horizontal_alignment=ft.CrossAxisAlignment.CENTER, tight=True),
        bgcolor=Color.CARD,
        border_radius=Size.RADIUS,
        padding=Space.XL,
        alignment=ft.Alignment.CENTER,
    )
