"""Who is at the till? By camera, by a scanner that types, or by typed digits."""

from __future__ import annotations

import functools
import time

import flet as ft

from contract import member_code
from contract.till import Identification
from services.contacts import is_contact
from services.scanning import Keyed, is_member_code
from services.texts import Texts
from services.till import Draft, OfflineMember
from views.camera import CameraScanner, OnCode
from views.commands import Command, use_command
from views.session import go, use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.till import signals
from views.till.field import Port, Typed, typing_field, use_port
from views.till.hooks import use_kept, use_value, use_watched
from views.till.keys import typing_in_a_field, use_scanner
from views.till.latest import LatestReceipts
from views.till.locking import LOCK_KEY, lock_of
from views.till.lone_codes import use_lone_codes
from views.till.parts import has_keyboard, with_key
from views.till.products import use_shelf
from views.till.queue import QueueCard
from views.till.sale import Sale, use_sale
from views.till.standing import ClockNotice
from views.till.verdict import refused
from views.tokens import Color, Size, Space, edge
from views.ui.buttons import icon_button, primary, quiet, secondary
from views.ui.cards import card
from views.ui.keyed import keyed
from views.ui.notices import error_notice, notice
from views.ui.words import body, caption, title

SHORTEST = 8
"""Keys that a scan has at least; fewer are somebody's who leaned on the keyboard."""
ONE_SCAN = 1.0
"""Seconds within which the same code is the same scan."""
_DIGITS = member_code.NUMBER_DIGITS + member_code.TOTP_DIGITS + 1


class Heard:
    """What was read last: a scan that comes by the field and by the keys alike is one scan."""

    def __init__(self) -> None:
        self._digits, self._at = "", float("-inf")

    def is_new(self, code: str) -> bool:
        """Whether this is not what was read a moment ago."""
        digits, now = "".join(char for char in code if char.isdigit()), time.monotonic()
        new = digits != self._digits or now - self._at > ONE_SCAN
        self._digits, self._at = digits, now
        return new


@ft.component
def TillScan() -> ft.Control:
    """The till's first screen: it always waits for the next customer's code."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    sale, page = use_sale(), ft.context.page
    version, set_version = ft.use_state(0)

    async def identify(code: str) -> Identification | OfflineMember:
        found = await client.till.identify(code)
        sale.begin(found, session.now())
        go("/till/basket")
        return found

    command = use_command(identify)
    use_shelf()  # so that it is there when the first product is scanned

    async def read(code: str) -> None:
        code = code[max(code.upper().rfind(member_code.PREFIX), 0) :]  # what half a scan left before it is nobody's
        port.typed.text = ""  # also of a scan that was heard by its keys before its field had sent it
        if code.strip() and not command.busy and heard.is_new(code):
            set_version(lambda before: before + 1)
            taken = await command.run(code.strip())
            signals.give(page, "taken" if taken else "refused")

    port = use_port(on_submit=read)
    heard = use_kept(Heard)

    async def scanned(keyed: Keyed) -> bool:
        # A scanner is listened to wherever the focus is: a browser may lose it and not say so. What is no code, and
        # stands in a field, is the field's: an address is typed as fast as a scanner types.
        code = keyed.find(is_member_code) or ("" if typing_in_a_field(page) else keyed.tail)
        if len(code) < SHORTEST:
            return False
        await read(code)
        return True

    async def seen(code: str) -> None:
        if client.shelf.find(code) is None:  # a product on the belt is nobody's code
            await read(code)

    use_scanner(scanned)
    use_lone_codes(port, read)
    ft.use_effect(lambda: signals.prepare(page), [])
    scan = _scan(texts, port, version, command, read, seen, width == "compact")
    above = [_Header(), ClockNotice(), QueueCard(), Unfinished(), *_kept(texts, sale)]
    head = ft.Column(above, spacing=Space.NONE, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    latest = LatestReceipts(limit=5)
    if width == "expanded":
        return _two_panes([head, card(_stretched(scan), padding=Space.XL)], latest)
    return ft.Container(
        content=_stretched([head, *scan, latest], scroll=ft.ScrollMode.AUTO), padding=edge(False), expand=True
    )


def _two_panes(left: list[ft.Control], right: ft.Control) -> ft.Control:
    return ft.Container(
        content=ft.Row(
            [
                ft.Container(content=_stretched(left, scroll=ft.ScrollMode.AUTO), expand=3),
                ft.Container(content=_stretched([right], scroll=ft.ScrollMode.AUTO), expand=2),
            ],
            spacing=Space.XXL,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=edge(True),
        expand=True,
    )


def _stretched(parts: list[ft.Control], scroll: ft.ScrollMode | None = None) -> ft.Column:
    return ft.Column(
        parts,
        spacing=Space.L,
        scroll=scroll,
        tight=scroll is None,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _scan(
    texts: Texts,
    port: Port,
    version: int,
    command: Command[Identification | OfflineMember],
    read: OnCode,
    seen: OnCode,
    compact: bool,
) -> list[ft.Control]:
    keys = has_keyboard(ft.context.page)
    busy: list[ft.Control] = [_working(texts)] if command.busy else []
    ask = [] if compact else [title(texts.t("Scan the shopper's code"))]
    box = keyed(ScannerBox, "camera", seen, compact)  # what comes and goes above it must not start it anew
    return [
        *ask,
        *refused(texts, command.problem),
        *([box] if compact else []),
        typing_field(
            port,
            texts.t("Scan or type a code"),
            version=version,
            autofocus=keys,
            icon=ft.Icons.QR_CODE_SCANNER,
        ),
        TypedSoFar(port.typed, read),
        ft.Row([quiet(texts.t("New member"), lambda: go("/till/join"), icon=ft.Icons.PERSON_ADD_ALT)]),
        *busy,
        *([] if compact else [box]),
    ]


@ft.component
def ScannerBox(read: OnCode, compact: bool) -> ft.Control:
    """The camera: open at once on a phone, on request elsewhere."""
    texts, page = use_texts(), ft.context.page
    on, set_on = ft.use_state(compact)
    if not (page.web or page.platform in {ft.PagePlatform.ANDROID, ft.PagePlatform.IOS}):
        return ft.Container(height=Space.NONE)
    if on:
        return CameraScanner(read)
    return ft.Row([secondary(texts.t("Use the camera"), lambda: set_on(True), icon=ft.Icons.PHOTO_CAMERA_OUTLINED)])


@ft.component
def TypedSoFar(typed: Typed, read: OnCode) -> ft.Control:
    """The digits typed so far in groups, as they stand below the shopper's code."""
    texts = use_texts()
    text = use_watched(typed).text
    if is_contact(text):
        words = caption(texts.t("Who is known by a phone number or an e-mail address earns, and does not spend."))
        return ft.Row(
            [ft.Container(content=words, expand=True), primary(texts.t("Look up"), functools.partial(read, text))],
            spacing=Space.M,
        )
    digits = "".join(char for char in text if char.isdigit())
    if not digits:
        return caption(texts.t("The 19 digits stand below the shopper's code. A phone number or an e-mail works too."))
    count = texts.t("{count} of {all} digits", count=len(digits), all=_DIGITS)
    parts: list[ft.Control] = [
        ft.Container(content=body(member_code.grouped(digits[:_DIGITS])), expand=True),
        caption(count),
    ]
    if len(digits) == _DIGITS:
        parts.append(primary(texts.t("Go on"), functools.partial(read, text)))
    return ft.Row(parts, spacing=Space.M)


@ft.component
def _Header() -> ft.Control:
    texts, session, width = use_texts(), use_session(), use_width()
    staff = use_slice(session.store.who).staff
    who = f"{staff.store_name} · {staff.name}" if staff is not None else ""

    def lock() -> None:
        lock_of(session).locked = True

    look = icon_button(ft.Icons.SETTINGS_OUTLINED, texts.t("Language and look"), lambda: go("/till/device"))
    name = texts.t("Lock the till")
    button = (
        icon_button(ft.Icons.LOCK_OUTLINE, name, lock)
        if width == "compact"
        else quiet(with_key(name, LOCK_KEY, has_keyboard(ft.context.page)), lock, icon=ft.Icons.LOCK_OUTLINE)
    )
    return ft.Row([ft.Container(content=title(who, level=1), expand=True), look, button])


def _working(texts: Texts) -> ft.Control:
    ring = ft.ProgressRing(width=Size.ICON, height=Size.ICON, color=Color.BRAND)
    return ft.Row([ring, body(texts.t("Looking for the member"))], spacing=Space.M)


def _kept(texts: Texts, sale: Sale) -> list[ft.Control]:
    """A basket that was left open."""
    if not sale.lines or not sale.known_as:
        return []
    words = texts.t("The basket of {name} waits for a new scan.", name=sale.member_name)
    if not sale.again:
        words = texts.t("The basket of {name} is still open.", name=sale.member_name)
    actions = ft.Row(
        [
            primary(texts.t("Go on with it"), lambda: go("/till/basket")),
            quiet(texts.t("Discard it"), sale.clear),
        ],
        wrap=True,
        spacing=Space.S,
    )
    box = card(ft.Column([body(words), actions], spacing=Space.M, tight=True), tone=Color.CARD_RAISED)
    return [ft.Container(content=box, padding=ft.Padding.only(top=Space.M))]


@ft.component
def Unfinished() -> ft.Control:
    """What a crash or a lost network left: a confirm without its answer, or a basket that was being entered."""
    client, texts, sale = use_client(), use_texts(), use_sale()
    nothing: Draft | None = None
    draft, set_waiting = use_value(nothing)

    async def look() -> None:
        found = await client.till.unfinished()
        set_waiting(found)
        if found is None and not sale.lines:
            kept = await client.till.kept_draft()
            if kept is not None and kept.lines and not sale.lines:
                sale.restore(kept)

    use_task(look)

    async def resume() -> None:
        receipt = await client.till.resume()
        set_waiting(None)
        if receipt is not None:
            go(sale.finish(receipt))

    async def forget() -> None:
        await client.till.set_aside()
        await look()

    again, aside = use_command(resume), use_command(forget)
    if draft is None:
        return ft.Container(height=Space.NONE)
    actions = ft.Row(
        [
            primary(texts.t("Ask again"), again.run, busy=again.busy),
            quiet(texts.t("Set it aside"), aside.run, disabled=again.busy),
        ],
        wrap=True,
        spacing=Space.S,
    )
    sentence = texts.t(
        "The purchase of {name} was sent, but no answer came. Ask again: it is posted once, whatever happened.",
        name=draft.member_name,
    )
    box = notice(sentence, icon=ft.Icons.HISTORY, action=actions)
    parts = ft.Column([box, *error_notice(texts, again.problem)], spacing=Space.S, tight=True)
    return ft.Container(content=parts, padding=ft.Padding.only(top=Space.M))
