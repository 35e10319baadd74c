"""With a claim: whether its answer comes by e-mail. It is the consent that stands under Your data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

import flet as ft

from contract.privacy import Choice
from views.commands import use_command
from views.hooks import use_value
from views.session import use_session, use_task, use_texts
from views.state import use_slice
from views.ui.switches import switch


@dataclass(frozen=True)
class AnswerMail:
    """A switch, or nothing where there is no address; and what keeps what was chosen."""

    shown: list[ft.Control]
    keep: Callable[[], Awaitable[None]]


def use_answer_mail() -> AnswerMail:
    """Begins with what the member has allowed before, and waits for that; nothing is kept before ``keep`` is called."""
    session, texts = use_session(), use_texts()
    profile = use_slice(session.store.who).profile
    allowed, set_allowed = use_value(cast("bool | None", None))
    wanted, want = use_value(initial=False)

    async def load() -> None:
        consents = await session.client.mine.consents()
        now = any(each.granted for each in consents.items if (each.channel, each.purpose) == ("email", "feedback"))
        set_allowed(now)
        want(now)

    loading = use_command(load)

    async def arrive() -> None:
        await loading.run()

    async def keep() -> None:
        if allowed is not None and wanted != allowed:
            choice = Choice(channel="email", purpose="feedback", granted=wanted)
            await session.client.mine.choose([choice], texts.language)
            set_allowed(wanted)

    use_task(arrive)
    if profile is None or profile.email is None:
        return AnswerMail([], keep)
    name, what = texts.t("E-mail me the answer"), texts.t("Questions about a purchase, and the answers to your claims")
    return AnswerMail([switch(name, wanted, want, below=what, disabled=allowed is None, flush=True)], keep)
