"""The commands of `python -m api`. Each module of `api.commands` with a `register` joins by itself."""

from __future__ import annotations

import importlib
import pkgutil

import typer

from api import commands


def build() -> typer.Typer:
    """All commands."""
    cli = typer.Typer(
        name="api",
        help="Kierto's API, and what an operator does beside it.",
        no_args_is_help=True,
        add_completion=False,
    )

    @cli.callback()
    def root() -> None:
        """Kierto's API, and what an operator does beside it."""

    for found in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"{commands.__name__}.{found.name}")
        if hasattr(module, "register"):
            module.register(cli)
    return cli


def main() -> None:
    """Run one command."""
    build()()
