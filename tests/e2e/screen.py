"""What a person at a screen does: reads it, taps on it, types into it. Reads what a screen reader would."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from playwright.async_api import BrowserContext, Error, Locator, Page, TimeoutError  # noqa: A004 - as it is called there

PATIENCE = 45_000
"""Milliseconds that a person waits on a busy two-core machine."""

_SAID = """() => {
  const said = [];
  for (const e of document.querySelectorAll('flt-semantics-host *')) {
    const texts = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim());
    const own = texts.filter(Boolean).join(' ');
    const label = e.getAttribute('aria-label');
    if (own) said.push(own);
    if (label && label !== own) said.push(label);
    if (e.tagName === 'INPUT' && e.value) said.push(e.value);
  }
  return said.join('\\n');
}"""


_LISTENS = """() => {
  const add = EventTarget.prototype.addEventListener, remove = EventTarget.prototype.removeEventListener;
  const count = (target, name, by) => {
    if (name === 'input' && target instanceof HTMLInputElement) target.listeners = (target.listeners || 0) + by;
  };
  EventTarget.prototype.addEventListener = function (name, ...rest) {
    count(this, name, 1);
    return add.call(this, name, ...rest);
  };
  EventTarget.prototype.removeEventListener = function (name, ...rest) {
    count(this, name, -1);
    return remove.call(this, name, ...rest);
  };
}"""
"""Flutter listens to a field some frames after it has the focus; what is typed before that is heard by nobody."""


class Screen:
    """One browser tab of the app, with its semantics on."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def open(cls, context: BrowserContext, url: str) -> Screen:
        screen = cls(await context.new_page())
        await screen.page.add_init_script(f"({_LISTENS})()")
        await screen.go(url)
        return screen

    async def go(self, url: str) -> None:
        await self.page.goto(url)
        await self._listen()

    async def moves(self, path: str) -> None:
        """Go to a link of the app without loading it anew, as the browser's own back and forward do."""
        await self.page.evaluate(
            "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate', {state: {}})); }",
            path,
        )

    async def reload(self) -> None:
        await self.page.reload()
        await self._listen()

    async def _listen(self) -> None:
        await self.page.wait_for_selector("flt-semantics-placeholder", state="attached", timeout=60_000)
        await self.page.evaluate("document.querySelector('flt-semantics-placeholder').click()")
        await self.page.wait_for_selector("flt-semantics", state="attached", timeout=PATIENCE)

    async def said(self) -> str:
        """All that the screen says, a piece a line."""
        text: str = await self.page.evaluate(_SAID)
        return text

    async def sees(self, *fragments: str, within: int = PATIENCE) -> str:
        """Wait until all these stand on the screen; what it says then."""
        for fragment in fragments:
            try:
                await self.page.wait_for_function(f"f => ({_SAID})().includes(f)", arg=fragment, timeout=within)
            except Exception as error:
                raise AssertionError(f"the screen does not say {fragment!r}:\n{await self.said()}") from error
        return await self.said()

    async def sees_no(self, fragment: str, within: int = PATIENCE) -> None:
        """Wait until this is gone."""
        await self.page.wait_for_function(f"f => !({_SAID})().includes(f)", arg=fragment, timeout=within)

    async def reads(self, pattern: str, within: int = PATIENCE) -> re.Match[str]:
        """Wait until the pattern stands on the screen; what it found."""
        await self.page.wait_for_function(f"p => new RegExp(p).test(({_SAID})())", arg=pattern, timeout=within)
        found = re.search(pattern, await self.said())
        assert found is not None
        return found

    def button(self, name: str) -> Locator:
        """A button, tab or the like whose name begins so."""
        begins = re.compile("^" + re.escape(name))
        roles: list[Any] = ["button", "tab", "menuitem", "checkbox", "radio"]
        found = self.page.get_by_role(roles[0], name=begins)
        for role in roles[1:]:
            found = found.or_(self.page.get_by_role(role, name=begins))
        return found.first

    async def tap(self, name: str) -> None:
        """Press it as assistive technology does: what is still sliding into its place is not missed."""
        await self.button(name).evaluate("button => button.click()", timeout=PATIENCE)

    async def opens(self, name: str, fragment: str) -> None:
        """Press until what it opens is there, as a person does on a list that is still being drawn."""
        await self.tap(name)
        for _ in range(3):
            with suppress(AssertionError):
                await self.sees(fragment, within=PATIENCE // 6)
                return
            if await self.button(name).count():  # else it was taken, and takes its time
                await self.tap(name)
        await self.sees(fragment)

    async def fill(self, label: str, value: str) -> None:
        field = self.page.get_by_label(label).first
        focused = "l => (e => e?.getAttribute('aria-label') === l && e.listeners > 0)(document.activeElement)"
        for attempt in range(3):  # a screen that is drawn once more just then takes the focus away
            await field.click(timeout=PATIENCE)
            try:
                await self.page.wait_for_function(focused, arg=label, timeout=PATIENCE // 3)
                break
            except TimeoutError:
                if attempt == 2:
                    raise
        await field.fill(value)
        for _ in range(2):  # and one that is drawn once more just after takes what was typed
            await self.page.wait_for_timeout(200)
            try:
                if await field.evaluate("e => e.value && e.listeners > 0", timeout=500):
                    return
                await field.fill(value, timeout=1_000)
            except Error:  # it sent itself, and is gone
                return

    async def scan(self, text: str, *, enter: bool = True) -> None:
        """What a scanner that types does: all keys within a moment, then Enter, which some do not send."""
        await self.page.keyboard.type(text, delay=2)
        if enter:
            await self.page.keyboard.press("Enter")

    async def press(self, key: str) -> None:
        await self.page.keyboard.press(key)

    async def dump(self) -> str:
        """The semantics tree, for a person who wonders why a test failed."""
        tree: str = await self.page.evaluate(
            "() => { const walk = (e, d) => [...e.children].map(c => ' '.repeat(d) + c.tagName.toLowerCase() + ' '"
            " + (c.getAttribute('role') || '') + ' ' + (c.getAttribute('aria-label') || '') + '\\n' + walk(c, d + 1))"
            ".join(''); const h = document.querySelector('flt-semantics-host'); return h ? walk(h, 0) : '' }"
        )
        return tree
