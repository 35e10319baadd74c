"""What the terminal says once the app answers, and the browser that is opened where there is a screen."""

from __future__ import annotations

import json
import os
import sys
import threading
import urllib.request
import webbrowser
from collections.abc import Mapping
from contextlib import suppress


def announce(address: str, *, demo: bool, browser: bool) -> None:
    """Say where the app is and who one can be; does not hold up the caller."""
    threading.Thread(target=_announce, args=(address, demo, browser), daemon=True).start()


def has_screen(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a browser window can be opened here."""
    if environment.get("SSH_CONNECTION") or environment.get("CI"):
        return False
    return platform in {"darwin", "win32"} or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _announce(address: str, demo: bool, browser: bool) -> None:
    lines = [f"Kierto is at {address}", *(_people(address) if demo else []), "Stop it with Ctrl-C."]
    print("\n".join(lines), flush=True)
    if browser:
        with suppress(Exception):  # a desktop without a browser is no reason to stop
            webbrowser.open(address)


def _people(address: str) -> list[str]:
    """The demo's people, as its API names them."""
    try:
        with urllib.request.urlopen(f"{address}/v1/demo/personas", timeout=10) as answer:  # noqa: S310 - our own address
            people = json.load(answer)["items"]
    except (OSError, ValueError, KeyError):
        return []
    width = max((len(who["name"]) for who in people), default=0)
    rows = [f"  {who['name']:<{width}}  {who['hint']}" for who in people]
    return ["This is a demo; open the address and be one of:", *rows, f"Mail that it would send: {address}/demo/inbox"]
