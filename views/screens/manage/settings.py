"""The limits of the programme's tills."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from contract.money import decimals
from contract.reviews import Settings
from views.commands import use_command
from views.hooks import use_kept, use_value
from views.screens.manage.limits import groups
from views.screens.manage.numbers import number, shown
from views.session import use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.tokens import Space
from views.ui import layout, skeleton
from views.ui.buttons import primary, quiet
from views.ui.cards import card
from views.ui.field import Entry, Look, entry_field
from views.ui.notices import error_notice, notice
from views.ui.words import caption, title

_COUNT = Look(keyboard=ft.KeyboardType.NUMBER, digits=7)
_AMOUNT = Look(keyboard=ft.KeyboardType.NUMBER)


@ft.component
def TillSettings() -> ft.Control:
    """Each limit in a field; 0 switches it off."""
    client, texts, width = use_client(), use_texts(), use_width()
    nothing: Settings | None = None
    settings, set_settings = use_value(nothing)

    async def read() -> None:
        set_settings(await client.shop.settings())

    load = use_command(read)

    async def first() -> None:
        await load.run()

    use_task(first)
    if settings is None:
        waiting = [skeleton.rows(texts)]
        if load.problem is not None:
            waiting = error_notice(texts, load.problem, quiet(texts.t("Try again"), load.run))
        return layout.page(waiting, width)
    parts: list[ft.Control] = [
        caption(texts.t("0 switches a limit off. Everybody's tills follow at once.")),
        _Form(settings, set_settings, load.run),
    ]
    return layout.page(parts, width)


@ft.component
def _Form(settings: Settings, keep: Callable[[Settings], None], again: Callable[[], Awaitable[bool]]) -> ft.Control:
    client, session, texts = use_client(), use_session(), use_texts()
    staff = use_slice(session.store.who).staff
    currency = staff.currency if staff is not None else "EUR"
    amounts = {name for _, fields in groups(texts) for name, _, amount in fields if amount}
    entries = use_kept(dict[str, Entry])
    said, say = use_value("")

    async def save(changes: dict[str, int]) -> None:
        keep(await client.shop.change_settings(settings, **changes))
        say(texts.t("Saved."))

    change = use_command(save)

    async def submit() -> None:
        say("")
        given: dict[str, int] = {}
        for name, entry in entries.items():
            value = number(entry.text, decimals(currency) if name in amounts else 0)
            if value is None:
                say(texts.t("Each limit is a number, 0 or above."))
                return
            given[name] = value
        await change.run(given)

    def field(name: str, called: str, amount: bool) -> ft.Control:
        start = shown(settings.body.model_dump()[name], decimals(currency) if amount else 0)
        entry = entries.setdefault(name, Entry(text=start))
        look = _AMOUNT if amount else _COUNT
        called = texts.t("{limit}, in {currency}", limit=called, currency=currency) if amount else called
        return entry_field(entry, called, start=start, version=settings.version, look=look)

    stretched = ft.CrossAxisAlignment.STRETCH
    parts: list[ft.Control] = []
    for name, fields in groups(texts):
        column = [title(name), *(field(*each) for each in fields)]
        parts.append(card(ft.Column(column, spacing=Space.L, tight=True, horizontal_alignment=stretched)))
    if settings.changed_at is not None:
        when = texts.date(settings.changed_at)
        parts.append(caption(texts.t("Last set by {name} on {date}.", name=settings.changed_by, date=when)))
    if said:
        parts.append(notice(said))
    parts += error_notice(texts, change.problem, quiet(texts.t("Look again"), again))
    parts.append(primary(texts.t("Save"), submit, busy=change.busy))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=stretched)
