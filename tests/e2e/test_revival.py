"""A page whose line is gone while its server answers is loaded anew; Flet alone would wait ever longer."""

from __future__ import annotations

import re

from playwright.async_api import Browser, Page, Route

from views.host.web_root import _REVIVE

_LINES = """
window.lines = [];
window.WebSocket = class extends EventTarget {
  constructor() { super(); lines.push(this); }
  say(what) { this.dispatchEvent(new Event(what)); }
};
"""
_PAGE = f"<!doctype html><title>Here</title><script>{_LINES}</script>{_REVIVE}<script>new WebSocket('/ws')</script>"


async def opened(browser: Browser, answers: list[bool]) -> tuple[Page, list[str]]:
    """A page with this script, whose server answers while there is a true word left to say; what it was asked for."""
    page = await browser.new_page()
    asked: list[str] = []

    async def answer(route: Route) -> None:
        asked.append(re.sub(r"^https?://[^/]+", "", route.request.url))
        if route.request.method == "GET":
            await route.fulfill(body=_PAGE, content_type="text/html")
        elif answers and answers.pop(0):
            await route.fulfill(status=200)
        else:
            await route.abort()

    await page.route("**/*", answer)
    await page.goto("http://kierto.test/till")
    return page, asked


async def test_a_page_that_lost_its_line_is_loaded_anew_once_its_server_answers(browser: Browser):
    page, asked = await opened(browser, [False, True])
    await page.evaluate("lines[0].say('open'); window.marked = true; lines[0].say('close')")
    await page.wait_for_function("!window.marked", timeout=30_000)
    assert asked == ["/till", "/manifest.json", "/manifest.json", "/till"]
    await page.close()


async def test_a_page_with_a_line_or_one_that_never_had_any_is_left_alone(browser: Browser):
    page, asked = await opened(browser, [True] * 9)
    await page.wait_for_timeout(7_000)
    await page.evaluate("lines[0].say('open'); lines[0].say('close'); new WebSocket('/ws'); lines[1].say('open')")
    await page.wait_for_timeout(7_000)
    assert asked == ["/till"]
    await page.close()
