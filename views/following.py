"""The language: what a member chose follows her to every device; where nobody chose, the device's own is spoken."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from contextlib import suppress

from services.state import State
from services.texts import nearest
from services.vault import Vault
from views.device import Device, language_of
from views.session import Session


def follow_language(session: Session) -> Callable[[], None]:
    """Speak what the profile says as soon as it says something else than before; returns what ends it.

    What is chosen on this device speaks at once, and is not undone by news from before the API had heard of it.
    """
    here = contextvars.copy_context()
    before = ""
    saving: set[asyncio.Task[None]] = set()

    def heard(state: State) -> None:
        nonlocal before
        profile = state.profile
        chosen = nearest(profile.language) if profile is not None and profile.language_chosen else ""
        changed, before = chosen != before, chosen
        if changed and chosen and session.preferences.language != chosen:
            session.preferences.language, session.preferences.language_chosen = chosen, True
            task = asyncio.ensure_future(session.save_preference("language", chosen))
            saving.add(task)
            task.add_done_callback(saving.discard)

    heard(session.client.state)
    return session.client.subscribe(lambda state: here.run(heard, state))


async def follow_device(device: Device, session: Session, vault: Vault) -> None:
    """Ask the device for its language once the first screen is there, and remember the answer for the next start."""
    await session.sleep(_LATER)
    preferences = session.preferences
    own = None if preferences.language_chosen else await language_of(device)
    if own is None or preferences.language_chosen:
        return
    preferences.language = own
    with suppress(RuntimeError):  # the browser has left
        await vault.set("spoken", own)


_LATER = 0.95
"""Seconds until then."""
