"""Less of an offer: it moves to the end of the list, goes on counting, and can be brought back."""

from __future__ import annotations

import flet as ft

from views.commands import use_command
from views.hooks import use_value
from views.session import use_client, use_texts
from views.ui.buttons import quiet
from views.ui.notices import error_notice


@ft.component
def LessOfThis(offer_id: str, hidden: bool) -> ft.Control:
    """One tap hides, another brings back; a bar below offers to undo at once."""
    client, texts = use_client(), use_texts()
    told, tell = use_value(False)

    async def turn() -> None:
        await (client.unhide(offer_id) if hidden else client.hide(offer_id))
        tell(not hidden)

    async def undo() -> None:
        tell(False)
        await client.unhide(offer_id)

    command = use_command(turn)
    bar = ft.SnackBar(
        content=texts.t("You will see less of this. It still counts."),
        action=texts.t("Undo"),
        on_action=undo,
        on_dismiss=lambda: tell(False),
    )
    ft.use_dialog(bar if told else None)
    name = texts.t("Show it among the others again") if hidden else texts.t("Less of this")
    icon = ft.Icons.VISIBILITY_OUTLINED if hidden else ft.Icons.VISIBILITY_OFF_OUTLINED
    button = quiet(name, command.run, icon=icon, disabled=command.busy, flush=True)
    return ft.Column([ft.Row([button]), *error_notice(texts, command.problem)], tight=True)
