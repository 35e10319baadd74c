"""One module a command: `register(cli: typer.Typer)` adds it."""
