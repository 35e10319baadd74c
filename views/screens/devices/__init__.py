"""Where a member is signed in, and signing out of each."""

from __future__ import annotations

from functools import partial
from typing import cast

import flet as ft

from contract.account import Device
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.session import use_session, use_task, use_texts, use_width
from views.tokens import Color, Space
from views.ui.buttons import Tap, icon_button, quiet, secondary
from views.ui.cards import card, divider
from views.ui.layout import page
from views.ui.notices import error_notice
from views.ui.rows import row
from views.ui.skeleton import rows
from views.ui.words import body

_PHONES = ("Android", "iPhone")


@ft.component
def Devices() -> ft.Control:
    """This device first. One that is signed out is out at once."""
    session, texts, width = use_session(), use_texts(), use_width()
    devices, set_devices = use_value(cast("list[Device] | None", None))

    async def load() -> None:
        set_devices(await session.client.mine.devices())

    async def out(device_id: str) -> None:
        set_devices(await session.client.mine.sign_out_device(device_id))

    async def others() -> None:
        set_devices(await session.client.mine.sign_out_others())

    loading, leaving, all_others = use_command(load), use_command(out), use_command(others)

    async def arrive() -> None:
        await loading.run()

    use_task(arrive)
    problem = leaving.problem or all_others.problem
    parts: list[ft.Control] = [
        body(
            texts.t("Each of these can show your code and spend your cashback. Sign out what you do not know."),
            Color.QUIET,
        ),
        *error_notice(texts, loading.problem, quiet(texts.t("Try again"), loading.run)),
        *error_notice(texts, problem),
    ]
    if devices is None:
        return page([*parts, *([rows(texts, 3)] if loading.problem is None else [])], width)
    parts.append(
        _list(texts, devices, leaving.busy, lambda device: partial(leaving.run, device.device_id), session.now())
    )
    if len(devices) > 1:
        parts.append(
            secondary(texts.t("Sign out everywhere else"), all_others.run, icon=ft.Icons.LOGOUT, busy=all_others.busy)
        )
    return page(parts, width)


def _list(texts: Texts, devices: list[Device], busy: bool, out: Tap, now: object) -> ft.Control:
    lines: list[ft.Control] = []
    for device in devices:
        name = device.name or texts.t("Unnamed device")
        since = texts.t("Signed in on {date}", date=texts.date(device.signed_in_at))
        if device.this:
            below, last = f"{texts.t('This device')} · {since}", None
        else:
            below = f"{texts.t('Last used {age}', age=texts.ago(device.last_seen_at, now))} · {since}"  # type: ignore[arg-type]
            last = icon_button(ft.Icons.LOGOUT, texts.t("Sign out {device}", device=name), out(device), disabled=busy)
        phone = any(each in device.name for each in _PHONES)
        icon = ft.Icons.PHONE_ANDROID if phone else ft.Icons.LAPTOP
        lines += [divider()] if lines else []
        lines.append(row(name, below, icon=icon, trailing=last, key=device.device_id))
    return card(ft.Column(lines, spacing=Space.NONE, tight=True), padding=Space.NONE)
