"""A session whose browser is away for a moment: what would have been shown meanwhile is shown when it is back."""

from __future__ import annotations

from typing import Any

from flet.components.hooks.use_effect import EffectHook
from flet.controls.base_control import BaseControl
from flet.messaging.connection import Connection
from flet.messaging.protocol import Message, MessageAction
from flet.messaging.session import Session


class PatientSession(Session):
    """Flet drops re-renders, effects and calls to the browser while there is no socket; this one keeps them.

    A purchase may be answered in the very second in which a phone loses its network: its screen would go on to wait.
    A call that was on its way, such as the one for what this device keeps as the app starts, is sent again: who made
    it would wait for ever, before a blank page.
    """

    def __init__(self, conn: Connection) -> None:
        super().__init__(conn)
        self._missed: dict[BaseControl, None] = {}
        self._missed_effects: list[tuple[EffectHook, bool]] = []
        self._unanswered: dict[str, Message] = {}

    @property
    def is_away(self) -> bool:
        """Whether the browser has gone and is waited for."""
        there: Connection | None = self.connection  # Flet's own annotation knows of no absence
        if there is None:
            return self.expires_at is not None
        return getattr(there, "has_left", False)

    async def disconnect(self, session_timeout_seconds: int) -> None:
        """The socket is closed; what was about to be done waits with the rest."""
        waiting: set[Any] = set(self._Session__pending_updates)  # type: ignore[attr-defined]
        effects = list(self._Session__pending_effects)  # type: ignore[attr-defined]
        await super().disconnect(session_timeout_seconds)
        self._missed |= dict.fromkeys(waiting)
        self._missed_effects = [*effects, *self._missed_effects]

    def attach_connection(self, conn: Connection) -> None:
        """The browser is back, with the page as it was when it left: now it hears of the rest."""
        super().attach_connection(conn)
        missed, self._missed = self._missed, {}
        effects, self._missed_effects = self._missed_effects, []
        for control in missed:
            super().schedule_update(control)
        for hook, is_cleanup in effects:
            self.schedule_effect(hook, is_cleanup)
        for call in self._awaited().values():
            super()._Session__send_message(call)  # type: ignore[misc]

    def schedule_update(self, control: BaseControl) -> None:
        """Queue a re-render, now or for when the browser is back."""
        if self.is_away:
            self._missed[control] = None
        else:
            super().schedule_update(control)

    def schedule_effect(self, hook: EffectHook, is_cleanup: bool) -> None:
        """Queue an effect, now or for when the browser is back."""
        if self.is_away:
            self._missed_effects.append((hook, is_cleanup))
        else:
            super().schedule_effect(hook, is_cleanup)

    def _Session__send_message(self, message: Message) -> None:
        if message.action == MessageAction.INVOKE_METHOD:
            self._unanswered = {**self._awaited(), message.body.call_id: message}
        if not (self.is_away and message.action == MessageAction.INVOKE_METHOD):
            super()._Session__send_message(message)  # type: ignore[misc]

    def _awaited(self) -> dict[str, Message]:
        """The calls that somebody still waits for."""
        waiting = self._Session__method_calls  # type: ignore[attr-defined]
        return {call_id: message for call_id, message in self._unanswered.items() if call_id in waiting}
