"""A page whose line is gone says so, and is loaded anew once its server answers; Flet alone would wait ever longer."""

from __future__ import annotations

import re

from playwright.async_api import Browser, Page, Route

from views.host.web_root import line_script

_LINES = """
window.lines = [];
window.WebSocket = class extends EventTarget {
  constructor() { super(); lines.push(this); }
  say(what) { this.dispatchEvent(new Event(what)); }
};
"""
_PAGE = (
    f"<!doctype html><title>Here</title><script>{_LINES}</script>{line_script()}"
    "<body><script>new WebSocket('/ws')</script></body>"
)


async def opened(browser: Browser, answers: list[bool], language: str = "en-GB") -> tuple[Page, list[str]]:
    """A page with this script, whose server answers while there is a true word left to say; what it was asked for."""
    page = await browser.new_page(locale=language)
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


async def test_a_line_that_is_gone_is_said_in_the_readers_language_until_it_is_back(browser: Browser):
    page, _ = await opened(browser, [], "pt-BR")
    await page.evaluate("lines[0].say('open'); lines[0].say('close')")
    notice = page.get_by_role("alert")
    await notice.wait_for(timeout=10_000)
    assert await notice.inner_text() == "A conexão com o Kierto caiu. Esta página volta sozinha."
    await page.evaluate("new WebSocket('/ws'); lines[1].say('open')")
    await notice.wait_for(state="detached", timeout=10_000)
    await page.close()
