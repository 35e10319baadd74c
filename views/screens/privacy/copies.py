"""Copies of everything: asked for, made in the background with progress, downloaded."""

from __future__ import annotations

from functools import partial
from typing import cast

import flet as ft

from contract.privacy import Export
from services.texts import Texts
from views.commands import Command, use_command
from views.downloads import hand_over
from views.hooks import use_value
from views.session import use_session, use_task, use_texts
from views.tokens import Color, Space
from views.ui.buttons import primary, secondary
from views.ui.cards import card
from views.ui.newer import newer
from views.ui.notices import error_notice
from views.ui.words import body, caption

EVERY = 1.5
"""Seconds between two looks at how far it is."""


@ft.component
def Copies() -> ft.Control:
    """The newest copy, and the way to a new one."""
    session, texts = use_session(), use_texts()
    exports, set_exports = use_value(cast("list[Export] | None", None))
    newest = exports[0] if exports else None
    waiting = newest is not None and newest.state == "waiting"

    async def load() -> None:
        set_exports(await session.client.mine.exports())

    async def ask() -> None:
        set_exports(await session.client.mine.ask_for_export())

    async def fetch(export_id: str) -> None:
        name = f"kierto-{session.now():%Y-%m-%d}.zip"
        await hand_over(name, await session.client.mine.export_file(export_id))

    loading, asking, fetching = use_command(load), use_command(ask), use_command(fetch)

    async def watch() -> None:
        await loading.run()
        while waiting:
            await session.sleep(EVERY)
            await loading.run()

    use_task(watch, [waiting])
    sentence = texts.t("One file with all that we keep of you, and lists that you can read. It is ready in a moment.")
    parts: list[ft.Control] = [body(sentence, Color.QUIET), *_newest(texts, newest, fetching)]
    problem = asking.problem or fetching.problem
    parts += error_notice(texts, problem)
    if not waiting:
        name = texts.t("Get a new copy") if newest is not None else texts.t("Get a copy of everything")
        parts.append(
            ft.Row([secondary(name, asking.run, icon=ft.Icons.INVENTORY_2_OUTLINED, busy=asking.busy)], wrap=True)
        )
    return card(ft.Column(parts, spacing=Space.M, tight=True))


def _newest(texts: Texts, export: Export | None, fetching: Command[None]) -> list[ft.Control]:
    if export is None:
        return []
    if export.state == "failed":
        return [body(texts.t("The copy could not be made. Ask for a new one."))]
    if export.state == "waiting":
        return _progress(texts, export)
    if export.state != "ready":
        return [body(newer(texts))]
    until = texts.t(
        "Ready since {date}. It stays here until {until}.",
        date=texts.date(export.ready_at or export.asked_at),
        until=texts.date(export.expires_at),
    )
    return [
        ft.Row(
            [
                primary(
                    texts.t("Download"),
                    partial(fetching.run, export.export_id),
                    icon=ft.Icons.DOWNLOAD,
                    busy=fetching.busy,
                )
            ]
        ),
        caption(until),
    ]


def _progress(texts: Texts, export: Export) -> list[ft.Control]:
    said = texts.t("Gathering everything")
    if export.total:
        said = texts.t("{done} of {total} records", done=texts.number(export.done), total=texts.number(export.total))
    bar = ft.ProgressBar(
        value=export.done / export.total if export.total else None, color=Color.BRAND, bgcolor=Color.LINE
    )
    return [
        ft.Semantics(content=bar, label=said, exclude_semantics=True),
        ft.Semantics(content=caption(said), live_region=True),
    ]
