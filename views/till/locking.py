"""The lock of a till: by hand, or after idle minutes. What was being entered waits behind it."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from datetime import datetime, timedelta

import flet as ft

from views.commands import use_command
from views.hooks import use_watched
from views.session import Session, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.till.keys import use_keys
from views.till.sale import use_sale
from views.ui.buttons import primary, quiet
from views.ui.entry import entry_view, heading
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice

_NUMBER = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.BADGE_OUTLINED, digits=8)
_PIN = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.LOCK_OUTLINE, digits=8, secret=True)
_LOOK_AGAIN = 10.0
LOCK_KEY = "F2"
"""Locks the till from any of its screens."""


@ft.observable
@dataclass(eq=False)
class TillLock:
    """Whether the till is locked."""

    locked: bool = False


_locks: weakref.WeakKeyDictionary[Session, TillLock] = weakref.WeakKeyDictionary()
_touched: weakref.WeakKeyDictionary[Session, datetime] = weakref.WeakKeyDictionary()


def lock_of(session: Session) -> TillLock:
    """The lock of this session's till."""
    return _locks.setdefault(session, TillLock())


def use_lock(path: str) -> bool:
    """Whether the till is locked now; locks it when nothing was done for as long as the programme allows.

    A key, a change of the basket and a move to another screen count as something done.
    """
    session, sale = use_session(), use_sale()
    lock = use_watched(lock_of(session))
    staff = use_slice(session.store.who).staff
    minutes = staff.lock_after_minutes if staff is not None else 0

    def key(name: str) -> None:
        touch(session)
        if name == LOCK_KEY and staff is not None:
            lock.locked = True

    use_keys(key)

    async def watch() -> None:
        while minutes > 0:
            await session.sleep(_LOOK_AGAIN)
            if session.now() - _touched.get(session, session.now()) >= timedelta(minutes=minutes):
                lock.locked = True

    ft.use_effect(lambda: touch(session), [path, sale.lines, sale.known_as, lock.locked])
    use_task(watch, [minutes])
    return lock.locked


def touch(session: Session) -> None:
    """Somebody is at the till."""
    _touched[session] = session.now()


@ft.component
def Locked(path: str) -> ft.View:
    """The locked till: the PIN of who was here, or the number and PIN of a colleague."""
    session, texts, width = use_session(), use_texts(), use_width()
    sale = use_sale()
    staff = use_slice(session.store.who).staff
    own = staff.staff_number if staff is not None else ""
    missing, set_missing = ft.use_state(False)
    version, set_version = ft.use_state(0)

    async def unlock(staff_number: str, secret: str) -> None:
        await session.client.switch_staff(staff_number, secret)
        touch(session)
        lock_of(session).locked = False

    command = use_command(unlock)

    async def leave() -> None:
        lock_of(session).locked = False
        await session.client.sign_out()

    out = use_command(leave)

    async def submit() -> None:
        values = (number.text.strip() or own, pin.text.strip())
        set_missing(not all(values))
        if all(values) and not await command.run(*values):
            pin.text = ""
            set_version(lambda before: before + 1)

    number = use_entry_field(on_submit=lambda _: submit())
    pin = use_entry_field(on_submit=lambda _: submit())
    name = staff.name if staff is not None else ""
    waits = [notice(texts.t("The basket of {name} waits here.", name=sale.member_name))] if sale.lines else []
    return entry_view(
        texts,
        path,
        width,
        [
            heading(
                texts.t("The till is locked"),
                texts.t("Enter your PIN, {name}. A colleague enters another staff number first.", name=name),
            ),
            *waits,
            entry_field(number, texts.t("Staff number"), start=own, look=_NUMBER),
            entry_field(pin, texts.t("PIN"), version=version, focus=True, look=_PIN),
            *([notice(texts.t("Fill in your staff number and your PIN."))] if missing else []),
            *error_notice(texts, command.problem),
            primary(texts.t("Unlock"), submit, busy=command.busy, icon=ft.Icons.LOCK_OPEN_OUTLINED),
            quiet(texts.t("Sign out"), out.run, disabled=command.busy),
        ],
    )
