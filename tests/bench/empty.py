"""The least Flet app, hosted as Kierto is: what a browser and a session cost before the first line of a product.

python -m tests.bench.empty
"""

# ruff: noqa: N802 - components stand where a control would

from __future__ import annotations

import tempfile
from pathlib import Path

import flet as ft

from views.host.server import serve, take_port
from views.host.site import Site

READY = "Ready"


@ft.component
def Empty() -> ft.View:
    """One word on a screen."""
    return ft.View(route="/", controls=[ft.Text(READY)])


def start(page: ft.Page) -> None:
    """What a new browser tab begins with."""
    page.render_views(Empty)


def main() -> None:
    """Serve until a signal comes; says where."""
    listener = take_port("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="kierto-bench-") as folder:
        serve(Site(start, cache=Path(folder)), listener, on_ready=lambda: print(address, flush=True))


if __name__ == "__main__":
    main()
