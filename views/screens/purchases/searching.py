"""A search that goes on at the API where this device does not hold all purchases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from contract.errors import Problem
from contract.wallet import Purchase
from services.books import Wanted
from views.commands import problem_of
from views.hooks import use_value
from views.session import use_session, use_task

ALL = Wanted()
_PAUSE = 0.4
"""Seconds after a letter before the API is asked."""


@dataclass(frozen=True)
class Found:
    """What the API has found so far for what was asked, and whether there is more."""

    wanted: Wanted = ALL
    items: tuple[Purchase, ...] = ()
    cursor: str | None = None
    busy: bool = False
    problem: Problem | None = None


def use_search(wanted: Wanted, asked: bool) -> tuple[Found, Callable[[], Awaitable[None]]]:
    """What the API finds, and a way to its next page; nothing unless ``asked``."""
    session = use_session()
    books = session.client.books
    found, set_found = use_value(Found())

    async def search() -> None:
        if not asked:
            return
        set_found(Found(wanted, busy=True))
        await session.client.show_all_kept()
        await session.sleep(_PAUSE)
        set_found(await answer(Found(wanted)))

    async def more() -> None:
        if found.cursor is not None and not found.busy:
            set_found(await answer(found))

    async def answer(so_far: Found) -> Found:
        try:
            page = await books.find_purchases(so_far.wanted, so_far.cursor)
        except Exception as error:
            return Found(so_far.wanted, so_far.items, so_far.cursor, problem=problem_of(error))
        return Found(so_far.wanted, (*so_far.items, *page.items), page.next_cursor)

    use_task(search, [wanted, asked])
    return (found if asked and found.wanted == wanted else Found(wanted, busy=asked)), more
