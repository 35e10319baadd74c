"""How much cashback may be spent, when the member is asked first, and what a till may give without a network."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import flet as ft

from contract.publishing import RulesVersion
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_kept, use_value
from views.screens.manage.spending_limits import Limit, groups, read, value_of, with_values
from views.session import use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.till.parts import figure
from views.tokens import Space
from views.ui import layout, skeleton
from views.ui.buttons import primary, quiet
from views.ui.cards import card, divider
from views.ui.field import Entry, Look, entry_field
from views.ui.keyed import keyed
from views.ui.notices import error_notice, notice
from views.ui.words import caption, title

_NUMBER = Look(keyboard=ft.KeyboardType.NUMBER)
_STRETCH = ft.CrossAxisAlignment.STRETCH
Values = dict[str, int | None]


@ft.component
def SpendingLimits() -> ft.Control:
    """The limits of spending, each with what it does; a change is read once more before it holds."""
    client, texts, width = use_client(), use_texts(), use_width()
    nothing: RulesVersion | None = None
    rules, set_rules = use_value(nothing)

    async def look() -> None:
        set_rules(await client.shop.rules())

    load = use_command(look)

    async def first() -> None:
        await load.run()

    use_task(first)
    if rules is None:
        waiting = [skeleton.rows(texts)]
        if load.problem is not None:
            waiting = error_notice(texts, load.problem, quiet(texts.t("Try again"), load.run))
        return layout.page(waiting, width)
    said = texts.t("A change holds for every till at once, and never for what was sold before.")
    return layout.page([caption(said), _Form(rules, set_rules, load.run)], width)


@ft.component
def _Form(
    rules: RulesVersion, keep: Callable[[RulesVersion], None], again: Callable[[], Awaitable[bool]]
) -> ft.Control:
    client, session, texts = use_client(), use_session(), use_texts()
    staff = use_slice(session.store.who).staff
    currency = staff.currency if staff is not None else "EUR"
    entries = _entries(use_kept(_Typed), rules, currency, texts)
    said, say = use_value("")
    none: Values | None = None
    asked, ask = use_value(none)

    async def publish(values: Values) -> None:
        keep(await client.shop.change_rules(rules, with_values(rules.rules, values)))
        ask(None)
        say(texts.t("Saved."))

    change = use_command(publish)

    def check() -> None:
        values, wrong = read(texts, {name: entry.text for name, entry in entries.items()}, currency)
        changed = {name: value for name, value in values.items() if value != value_of(rules.rules, name)}
        ask(changed or None)
        say(wrong or ("" if changed else texts.t("Nothing was changed.")))

    def back() -> None:
        change.clear()
        ask(None)

    async def anew() -> None:
        back()
        await again()

    if asked is not None:
        trouble = error_notice(texts, change.problem, quiet(texts.t("Look again"), anew))
        parts = [
            _Change(rules, asked, currency),
            *trouble,
            primary(texts.t("Change it for all tills"), functools.partial(change.run, asked), busy=change.busy),
            quiet(texts.t("Go back"), back, disabled=change.busy),
        ]
        return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=_STRETCH)
    parts = []
    for name, limits in groups(texts):
        fields = [_field(texts, entries[each.name], each, rules.version, currency) for each in limits]
        column = ft.Column([title(name), *fields], spacing=Space.L, tight=True, horizontal_alignment=_STRETCH)
        parts.append(card(column))
    since = texts.date(rules.starts_at)
    parts.append(caption(texts.t("Version {number}, since {date}.", number=rules.version, date=since)))
    parts += [notice(said)] if said else []
    parts.append(primary(texts.t("Look over the change"), check))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=_STRETCH)


@dataclass(eq=False)
class _Typed:
    """What stands in the fields, over a look at what it would change; another version begins anew."""

    version: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)


def _entries(typed: _Typed, rules: RulesVersion, currency: str, texts: Texts) -> dict[str, Entry]:
    if typed.version != rules.version:
        limits = [limit for _, group in groups(texts) for limit in group]
        typed.version = rules.version
        typed.entries = {limit.name: Entry(text=limit.typed(rules.rules, currency)) for limit in limits}
    return typed.entries


@ft.component
def _Field(entry: Entry, name: str, about: str, version: int) -> ft.Control:
    start = use_kept(lambda: entry.text)
    typed = entry_field(entry, name, start=start, version=version, look=_NUMBER)
    return ft.Column([typed, caption(about)], spacing=Space.XS, tight=True, horizontal_alignment=_STRETCH)


def _field(texts: Texts, entry: Entry, limit: Limit, version: int, currency: str) -> ft.Control:
    return keyed(_Field, f"{limit.name}-{version}", entry, limit.label(texts, currency), limit.about, version)


@ft.component
def _Change(rules: RulesVersion, values: Values, currency: str) -> ft.Control:
    """Each limit that would be another, with what it is now."""
    texts = use_texts()
    rows: list[ft.Control] = []
    for limit in (each for _, group in groups(texts) for each in group if each.name in values):
        was = limit.said(texts, value_of(rules.rules, limit.name), currency)
        will = limit.said(texts, values[limit.name], currency)
        rows += [divider()] if rows else []
        rows.append(figure(limit.called, will, strong=True))
        rows.append(caption(texts.t("It is {value} now.", value=was)))
    return card(ft.Column([title(texts.t("This will change")), *rows], spacing=Space.M, tight=True))
