"""Translations: gettext catalogs under assets/translations, read as they are; and their upkeep from a terminal.

``python -m services.catalogs --missing pt_BR`` lists what has no translation; ``--update`` brings all catalogs in step
with the sentences in the code.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gettext
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message, mofile, pofile

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "assets" / "translations"
SPOKEN_IN = ("services", "views")
TRANSLATED = ("pt_BR", "fi", "da", "id", "ru")


@functools.cache
def translations(language: str) -> gettext.NullTranslations:
    """The translations of a language tag such as ``pt-BR``; none for English."""
    path = po_path(language.replace("-", "_"))
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    mofile.write_mo(compiled, read(path))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def po_path(name: str) -> Path:
    """Where the catalog of ``pt_BR`` lives."""
    return FOLDER / name / "LC_MESSAGES" / "kierto.po"


def read(path: Path) -> Catalog:
    """Parse a catalog; raises PoFileError when it is not one."""
    with path.open("rb") as file:
        return pofile.read_po(file, abort_invalid=True)


def spoken(folders: Iterable[str] = SPOKEN_IN) -> Catalog:
    """All sentences in the code, also those within f-strings and after a condition."""
    found = Catalog(project="Kierto", charset="utf-8")
    for path in (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))):
        place = path.relative_to(ROOT).as_posix()
        calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            for id_, context in _sentences(call):
                found.add(id_, locations=[(place, call.lineno)], context=context)
    return found


def _sentences(call: ast.Call) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """The sentences of one call, each with its context."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = [_literals(each) for each in call.args[:2]]
    if name in {"t", "N_"} and given:
        yield from ((text, None) for text in given[0])
    elif name == "n" and len(given) == 2:
        yield from (((one, many), None) for one, many in zip(*given, strict=False))
    elif name == "p" and len(given) == 2:
        yield from ((text, context) for context in given[0] for text in given[1])


def _literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def missing(name: str, wanted: Catalog | None = None) -> list[str]:
    """The sentences in the code (or in `wanted`, what `spoken` found before) that a catalog does not translate."""
    catalog = read(po_path(name)) if po_path(name).is_file() else Catalog(locale=name)
    return [_first(message) for message in wanted or spoken() if message.id and not _done(catalog, message)]


def update(name: str, wanted: Catalog | None = None) -> None:
    """Bring one catalog in step with the code: new sentences without a translation, those gone removed."""
    path = po_path(name)
    old = read(path) if path.is_file() else Catalog(locale=name)
    header = f"# What Kierto says, in {name}."
    fresh = Catalog(
        locale=name,
        project="Kierto",
        version="1",
        header_comment=header,
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    fresh.creation_date, fresh.revision_date = old.creation_date, old.revision_date
    for message in wanted or spoken():
        if not message.id:
            continue
        known = old.get(_first(message), message.context)
        said = known.string if known is not None and bool(known.pluralizable) == bool(message.pluralizable) else None
        places = sorted({(place, 0) for place, _ in message.locations})
        fresh.add(message.id, string=said, locations=places, context=message.context)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pofile.write_po(file, fresh, width=120, include_lineno=False)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _done(catalog: Catalog, wanted: Message) -> bool:
    message = catalog.get(_first(wanted), wanted.context)
    if message is None or message.fuzzy:
        return False
    strings = [message.string] if isinstance(message.string, str) else message.string
    return bool(strings) and all(strings)


def main(arguments: list[str] | None = None) -> int:
    """List or update; exit status 1 when something is missing."""
    parser = argparse.ArgumentParser(prog="python -m services.catalogs", description=__doc__)
    parser.add_argument("--missing", metavar="NAME", choices=TRANSLATED)
    parser.add_argument("--update", action="store_true")
    chosen = parser.parse_args(arguments)
    wanted = spoken()
    if chosen.update:
        for name in TRANSLATED:
            update(name, wanted)
    names = [chosen.missing] if chosen.missing else [] if chosen.update else list(TRANSLATED)
    lost = {name: missing(name, wanted) for name in names}
    for name, ids in lost.items():
        sys.stdout.writelines(f"{name}: {id_}\n" for id_ in ids)
    return 1 if any(lost.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
