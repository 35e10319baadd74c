"""The language that a member chose follows her to every device."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable

from services.state import State
from services.texts import nearest
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
            session.preferences.language = chosen
            task = asyncio.ensure_future(session.save_preference("language", chosen))
            saving.add(task)
            task.add_done_callback(saving.discard)

    heard(session.client.state)
    return session.client.subscribe(lambda state: here.run(heard, state))
