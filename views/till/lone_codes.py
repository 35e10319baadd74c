"""Member codes that no Enter follows: some scanners send none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from services.scanning import FAST, is_member_code
from views.session import use_session
from views.till.field import Port
from views.till.keys import keyboard_of, use_keys


def use_lone_codes(port: Port, read: Callable[[str], Awaitable[None]]) -> None:
    """Go on with a whole code that nothing follows, in the field or by the keys."""
    session, page = use_session(), ft.context.page
    log = keyboard_of(page).log

    async def go_on(code: str, standing: Callable[[], str]) -> None:
        here, before = page.route, standing()
        await session.sleep(FAST)
        if standing() == before and page.route == here:
            log.took(code)
            await read(code)

    async def typed(text: str) -> None:
        if is_member_code(text):
            await go_on(text, lambda: port.typed.text)

    async def pressed(_key: str) -> None:
        code = log.standing.find(is_member_code)
        if code:  # also where a field has the focus: it may have come into it half-way
            await go_on(code, lambda: log.standing.text)

    port.on_text = typed
    use_keys(pressed)
