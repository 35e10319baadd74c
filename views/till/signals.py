"""What a cashier hears and feels without looking: two rising tones for taken, two low ones and a long shake for not."""

from __future__ import annotations

import logging
import weakref
from typing import Literal

import flet as ft
import flet_audio as fa  # type: ignore[import-untyped]

log = logging.getLogger("kierto.views")

Signal = Literal["taken", "refused"]
_VOLUME = 1.0
_players: weakref.WeakKeyDictionary[ft.Page, dict[Signal, fa.Audio]] = weakref.WeakKeyDictionary()


def prepare(page: ft.Page) -> None:
    """Fetch the tones, so that the first scan is heard as soon as the last."""
    if page not in _players:
        tones: tuple[Signal, ...] = ("taken", "refused")
        _players[page] = {
            each: fa.Audio(src=f"sounds/{each}.wav", volume=_VOLUME, release_mode=fa.ReleaseMode.STOP) for each in tones
        }


def give(page: ft.Page, signal: Signal) -> None:
    """Sound and shake, beside what goes on; a device without either stays still."""
    page.run_task(_give, page, signal)


async def _give(page: ft.Page, signal: Signal) -> None:
    try:
        player = _players.get(page, {}).get(signal)
        if player is not None:
            await player.play()
    except Exception as error:  # a browser that was not touched yet plays nothing
        log.debug("no sound: %r", error)
    try:
        haptics = ft.HapticFeedback()
        await (haptics.medium_impact() if signal == "taken" else haptics.vibrate())  # type: ignore[no-untyped-call]
    except Exception as error:
        log.debug("no vibration: %r", error)
