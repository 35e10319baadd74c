"""An action with its busy state, its refusal and its result: a double tap does nothing twice."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import flet as ft

from contract.errors import ErrorCode, Problem
from services.errors import Offline, Refused
from views.hooks import use_kept, use_watched

log = logging.getLogger("kierto.views")

T = TypeVar("T")

WITHOUT_AN_ANSWER = {ErrorCode.OFFLINE, ErrorCode.UNAVAILABLE, ErrorCode.UNEXPECTED}
"""Nobody knows whether it was done; what was asked may be right, and can be asked again."""


@ft.observable
@dataclass(eq=False)
class Command(Generic[T]):
    """A wrapped action. ``busy`` while it runs, then ``result`` or ``problem``."""

    busy: bool = False
    problem: Problem | None = None
    result: T | None = None
    _action: Callable[..., Awaitable[T]] | None = None

    async def run(self, *args: Any, **kwargs: Any) -> bool:
        """Run the action unless it is running; True when it ended well. A refusal lands in ``problem``."""
        if self.busy or self._action is None:
            return False
        self.busy, self.problem = True, None
        try:
            # a button hands its event over to whoever takes arguments; it is none of the action's
            self.result = await self._action(*(given for given in args if not isinstance(given, ft.Event)), **kwargs)
            return True
        except Exception as error:
            self.problem = problem_of(error)
            return False
        finally:
            self.busy = False

    def clear(self) -> None:
        """Forget the last refusal."""
        self.problem = None


def problem_of(error: Exception) -> Problem:
    """Any failure as a problem that a sentence can be said about."""
    if isinstance(error, Refused):
        return error.problem
    if isinstance(error, Offline):
        return Problem(title="Offline", status=0, code=ErrorCode.OFFLINE, detail="No answer came.")
    log.error("an action failed", exc_info=error)
    return Problem(title="Unexpected", status=0, code=ErrorCode.UNEXPECTED, detail="Something went wrong.")


def use_command(action: Callable[..., Awaitable[T]]) -> Command[T]:
    """A command that lives as long as the component; always runs the newest ``action``."""
    command: Command[T] = use_watched(use_kept(Command))
    command._action = action
    return command
