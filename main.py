"""The one entry. `python main.py`: everything on this machine; with KIERTO_API_URL, or on a phone, the client alone."""

# ruff: noqa: PLC0415 - a phone carries no server, and a client-only host loads no API

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from api.settings import Settings
    from services.client import ClientConfig
    from views.host.site import Api

ROOT = Path(__file__).resolve().parent
ASSETS = ROOT / "assets"
WRONG_SETTING = 2
CANNOT_START = 1


def main() -> int:
    """Start what this machine is for. Answers the exit code."""
    if os.environ.get("FLET_PLATFORM"):
        return run_on_device()
    try:
        if os.environ.get("KIERTO_API_URL"):
            return run_client()
        return run_everything()
    except KeyboardInterrupt:
        return 0


def run_on_device() -> int:
    """The app on a phone or a desktop of its own, as `flet build` packs it."""
    import flet as ft

    from services.client import ClientConfig
    from views.app import make_main

    storage = Path(os.environ.get("FLET_APP_STORAGE_DATA", ".kierto"))
    ft.run(make_main(ClientConfig(api_url=os.environ.get("KIERTO_API_URL", ""), data_dir=storage)), assets_dir="assets")
    return 0


def run_client() -> int:
    """The app, hosted for browsers, of an API that runs elsewhere."""
    from services.client import ClientConfig
    from views.host.client_settings import WrongClientSetting, load_client_settings

    try:
        settings = load_client_settings()
    except WrongClientSetting as wrong:
        return fail(str(wrong), WRONG_SETTING)
    config = ClientConfig(api_url=settings.api_url, data_dir=settings.data_dir / "client", demo=settings.demo)
    return host(
        settings.host, settings.port, lambda _: (config, None), settings.data_dir, trusted=settings.trusted_proxies
    )


def run_everything() -> int:
    """Database, API and app, on one port."""
    from api.settings import WrongSetting, load_settings

    try:
        settings = load_settings()
    except WrongSetting as wrong:
        return fail(str(wrong), WRONG_SETTING)
    if settings.client_only:
        os.environ["KIERTO_API_URL"] = settings.api_url or ""
        return run_client()

    def build(port: int) -> tuple[ClientConfig, Api]:
        from api.app import create_app
        from api.demo.seed import demo_data
        from services.client import ClientConfig

        here = settings.model_copy(update={"port": port})
        config = ClientConfig(
            api_url=own_address(settings.host, port), data_dir=settings.data_dir / "client", demo=settings.is_demo
        )
        return config, create_app(here, beside=[demo_data])

    return host(
        settings.host,
        settings.port,
        build,
        settings.data_dir,
        trusted=settings.trusted_proxies,
        demo=settings.is_demo,
        taken=lambda: holder(settings),
    )


def host(
    at: str,
    port: int,
    build: Callable[[int], tuple[ClientConfig, Api | None]],
    data_dir: Path,
    *,
    trusted: Iterable[object],
    demo: bool = False,
    taken: Callable[[], str | None] = lambda: None,
) -> int:
    """Take the port, then build and serve until a signal comes."""
    from views.app import make_main
    from views.host.announce import announce, has_screen
    from views.host.server import PortTaken, serve, take_port
    from views.host.site import Site

    try:
        listener = take_port(at, port)
    except PortTaken as problem:
        return fail(taken() or str(problem), CANNOT_START)
    port = listener.getsockname()[1]
    config, api = build(port)
    site = Site(make_main(config), cache=data_dir / "web", assets=ASSETS, api=api, clients=config.data_dir)
    address = own_address(at, port)
    serve(site, listener, on_ready=lambda: announce(address, demo=demo, browser=has_screen()), trusted=trusted)
    if site.failure is not None:
        return fail(f"Kierto cannot start: {site.failure}", CANNOT_START)
    return 0


def own_address(at: str, port: int) -> str:
    """Where a browser on this machine finds this process."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(at, f"[{at}]" if ":" in at else at)  # noqa: S104 - not bound here
    return f"http://{name}:{port}"


def holder(settings: Settings) -> str | None:
    """Who already runs on this data directory, if anyone does."""
    if not settings.embedded or not settings.data_dir.is_dir():
        return None
    from api.database.lock import AlreadyRunning, DataDirLock

    lock = DataDirLock(settings.data_dir)
    try:
        lock.take()
    except AlreadyRunning as running:
        return str(running)
    lock.release()
    return None


def fail(sentence: str, code: int) -> int:
    """Say in one line why nothing starts."""
    print(" ".join(sentence.split()), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
