"""`python -m api terms terms.json`: put new terms in force, which every member is then asked to accept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from api.commands.support import fail, run_with_database
from api.database.pool import Database
from api.sign_in.programmes import find_programme
from api.terms import publishing

WRONG_FILE = 2


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command()
    def terms(
        file: Annotated[
            Path, typer.Argument(help='JSON: {"texts": {"en": ...}, "changes": {"en": "one sentence"}}, by language.')
        ],
        programme: Annotated[str, typer.Option(help="The programme's slug; may be left out where there is one.")] = "",
    ) -> None:
        """Put new terms in force. Members go on as before, and are asked to accept them."""
        draft = _read(file)
        version = run_with_database(lambda database: _publish(database, draft, programme))
        typer.echo(f"Version {version} of the terms is in force; every member is asked to accept it.")


def _read(file: Path) -> publishing.TermsDraft:
    try:
        return publishing.TermsDraft.model_validate_json(file.read_bytes())
    except OSError as error:
        fail(f"{file}: {error.strerror}", WRONG_FILE)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        fail(f"{file}: {'.'.join(str(part) for part in first['loc']) or 'all of it'}: {first['msg']}", WRONG_FILE)


async def _publish(database: Database, draft: publishing.TermsDraft, programme: str) -> int:
    async with database.transaction() as connection:
        programme_id = await find_programme(connection, programme or None)
        return await publishing.publish(connection, programme_id, draft, datetime.now(UTC))
