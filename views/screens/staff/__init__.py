"""Staff administration: who works here, what each may do, new PINs, and the end of somebody's work."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable

import flet as ft

from contract.staff import ROLES, Role, StaffMember
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.screens.staff.adding import AddStaff
from views.session import use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Size, Space
from views.ui import layout, skeleton
from views.ui.buttons import quiet, secondary
from views.ui.cards import card
from views.ui.choices import Choice, choices
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.keyed import keyed
from views.ui.notices import error_notice, notice
from views.ui.roles import role_name
from views.ui.rows import row
from views.ui.words import caption

_PIN = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.LOCK_OUTLINE, digits=8, secret=True)
_MEMBER = Look(icon=ft.Icons.LINK)
Change = Callable[..., Awaitable[bool]]


@ft.component
def StaffPeople() -> ft.Control:
    """The list; one opens to what can be changed."""
    client, session, texts, width = use_client(), use_session(), use_texts(), use_width()
    own = use_slice(session.store.who).staff
    nothing: tuple[StaffMember, ...] | None = None
    people, set_people = use_value(nothing)
    opened, set_opened = use_value("")
    adding, set_adding = use_value(False)

    async def read() -> None:
        set_people(tuple(await client.shop.staff()))

    load = use_command(read)

    async def first() -> None:
        await load.run()

    use_task(first)

    async def added() -> None:
        set_adding(False)
        await load.run()

    name, icon = (texts.t("Close"), ft.Icons.CLOSE) if adding else (texts.t("Add somebody"), ft.Icons.PERSON_ADD_ALT)
    head = ft.Row([secondary(name, lambda: set_adding(not adding), icon=icon)])
    if people is None:
        rest = [skeleton.rows(texts)]
        if load.problem is not None:
            rest = error_notice(texts, load.problem, quiet(texts.t("Try again"), load.run))
        return layout.page([head, *rest], width)
    new = [AddStaff(own.store_id if own is not None else "", added)] if adding else []
    rows: list[ft.Control] = []
    for each in people:
        is_open = each.staff_id == opened
        rows.append(_person(texts, each, is_open, functools.partial(set_opened, "" if is_open else each.staff_id)))
        if is_open:
            mine = own is not None and each.staff_id == own.staff_id
            rows.append(keyed(Changes, f"change-{each.staff_id}", each, mine, load.run))
    listed = card(ft.Column(rows, spacing=Space.NONE, tight=True), padding=Space.XS)
    return layout.page([head, *new, *error_notice(texts, load.problem), listed], width)


def _person(texts: Texts, who: StaffMember, is_open: bool, toggle: Callable[[], None]) -> ft.Control:
    role = role_name(texts, who.role) if who.active else texts.t("No longer here")
    said = [role, f"{who.staff_number}", who.store_name]
    if who.locked_until is not None:
        said.append(texts.t("locked until {time}", time=texts.time(who.locked_until)))
    if who.last_seen_at is not None:
        said.append(texts.t("last seen {date}", date=texts.date(who.last_seen_at)))
    return row(
        who.name,
        " · ".join(said),
        icon=ft.Icons.PERSON_OUTLINE if who.active else ft.Icons.PERSON_OFF_OUTLINED,
        on_click=toggle,
        chosen=is_open,
        key=who.staff_id,
    )


@ft.component
def Changes(who: StaffMember, mine: bool, changed: Callable[[], Awaitable[bool]]) -> ft.Control:
    """What can be changed about one person."""
    client, texts = use_client(), use_texts()
    version, set_version = use_value(0)
    done, set_done = use_value("")

    async def change(role: Role | None = None, new_pin: str | None = None, active: bool | None = None) -> None:
        await client.shop.change_staff(who.staff_id, role=role, pin=new_pin, active=active)
        set_done(texts.t("Saved. Who was signed in signs in again."))
        await changed()

    async def link_it() -> None:
        await client.shop.link_account(who.staff_id, member.text)
        set_done(texts.t("Linked. {name} cannot serve this account.", name=who.name))
        set_version(version + 1)
        await changed()

    command, linking = use_command(change), use_command(link_it)

    async def reset() -> None:
        if len(pin.text) >= 4 and await command.run(None, pin.text, None):
            pin.text = ""
            set_version(version + 1)

    pin = use_entry_field(on_submit=lambda _: reset())
    member = use_entry_field(on_submit=lambda _: linking.run())
    parts: list[ft.Control] = []
    if not mine:
        options = [Choice(role, role_name(texts, role)) for role in ROLES]
        parts += [caption(texts.t("May do")), choices(options, who.role, lambda role: command.run(role, None, None))]
    parts += [
        entry_field(pin, texts.t("New PIN, 4 to 8 digits"), version=version, look=_PIN),
        ft.Row([secondary(texts.t("Set the PIN"), reset, busy=command.busy)]),
        caption(
            texts.n(
                "{n} member account is linked to {name}: nobody serves their own.",
                "{n} member accounts are linked to {name}: nobody serves their own.",
                who.linked,
                name=who.name,
            )
        ),
        entry_field(member, texts.t("Their own member number, e-mail or phone"), version=version, look=_MEMBER),
        ft.Row([secondary(texts.t("Link the account"), linking.run, busy=linking.busy)]),
    ]
    if not mine:
        name = texts.t("End their work here") if who.active else texts.t("Take them on again")
        parts.append(
            ft.Row(
                [
                    quiet(
                        name,
                        functools.partial(command.run, None, None, not who.active),
                        icon=ft.Icons.PERSON_OFF_OUTLINED,
                    )
                ]
            )
        )
    if done:
        parts.append(notice(done, icon=ft.Icons.CHECK_CIRCLE_OUTLINE))
    parts += error_notice(texts, command.problem or linking.problem)
    return ft.Container(
        content=ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=Space.L,
        bgcolor=Color.PAGE,
        border_radius=Size.RADIUS_SMALL,
    )
