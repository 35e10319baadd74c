"""A row that was kept from one rendering to the next still knows its session."""

# ruff: noqa: N802 - components stand where a control would

from __future__ import annotations

import gc
from types import SimpleNamespace

import flet as ft

from tests.views.host_wire import listening
from views.host.site import Site
from views.session import SessionContext, remember, use_session


@ft.component
def Button():
    session = use_session()
    taps, set_taps = ft.use_state(0)
    return ft.FilledButton(content=f"{session.name} {taps}", on_click=lambda: set_taps(taps + 1))


@ft.component
def Row(number: int):
    return ft.Row([Button()])


Kept = ft.memo(Row)


@ft.component
def Middle(count: int):
    return ft.Column([Kept(1), ft.Text(f"count {count}")])


@ft.component
def Top():
    count, set_count = ft.use_state(0)
    return ft.View(controls=[Middle(count), ft.FilledButton(content="More", on_click=lambda: set_count(count + 1))])


class FakeSession(SimpleNamespace):
    __hash__ = object.__hash__


def main(page: ft.Page) -> None:
    session = FakeSession(name="kept")
    remember(page, session)
    page.render_views(lambda: SessionContext(session, Top))


async def test_what_is_inside_a_memoised_row_renders_again_after_the_row_outlived_its_parent(tmp_path):
    async with listening(Site(main, cache=tmp_path)) as here:
        wire = await here.open()
        await wire.register()
        for count in (1, 2):
            await wire.click("More")
            await wire.until(lambda count=count: wire.shows(f"count {count}"))
        gc.collect()
        await wire.click("kept 0")
        await wire.until(lambda: wire.shows("kept 1") or wire.shows("Something went wrong"))
        assert not wire.shows("Something went wrong")
        await wire.close()
