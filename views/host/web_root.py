"""The files of the web client: the packaged ones, our own over them, and the page patched for this host."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import version as installed_version
from pathlib import Path

from flet.controls.types import RouteUrlStrategy, WebRenderer
from flet_web import (  # type: ignore[import-untyped]
    get_package_web_dir,
    patch_font_manifest_json,
    patch_index_html,
    patch_manifest_json,
)

from services.texts import LANGUAGES, Texts
from views.tokens import DARK, LIGHT

APP_NAME = "Kierto"
DESCRIPTION = "Cashback that comes back to you, in the shop and online."
VERSIONED = "/web"
"""Where the client's large files stand, under a name that changes with them: a browser asks for each only once."""

ROBOTO = {400: "fonts/roboto-regular.woff2", 500: "fonts/roboto-medium.woff2", 600: "fonts/roboto-semibold.woff2"}
"""The weights of the look among our own files. The packaged client has the first alone, and smears what is bold."""
_FAMILIES = {"MaterialIcons", "Roboto"}
"""What our screens are written in: a browser fetches every family of the manifest before it draws anything."""
_NOT_SERVED = ("pyodide/", "python-worker.js")
_PATCHED = ("index.html", "manifest.json", "assets/FontManifest.json")


def collect(assets: Path | None) -> tuple[dict[str, bytes | Path], str]:
    """Every file that the host serves, by its path from the root, and the version of the set.

    The whole set is known before the first request, so that no request can name a file outside it.
    """
    packaged = Path(get_package_web_dir())
    files: dict[str, bytes | Path] = dict(_walk(packaged))
    if assets is not None and assets.is_dir():
        files.update(_walk(assets))
    version = _version(files)
    files.update(_patched(files, f"{VERSIONED}/{version}/"))
    return files, version


def _walk(root: Path) -> list[tuple[str, Path]]:
    found = [(path.relative_to(root).as_posix(), path) for path in sorted(root.rglob("*")) if path.is_file()]
    return [(name, path) for name, path in found if _served(name)]


def _served(name: str) -> bool:
    hidden = any(part.startswith(".") for part in name.split("/"))
    source = name.endswith((".symbols", ".exe", ".po", ".pot", ".mo"))
    return not (hidden or source or name.startswith(_NOT_SERVED))


def _version(files: dict[str, bytes | Path]) -> str:
    digest = hashlib.sha256(installed_version("flet-web").encode())
    for name, path in sorted(files.items()):
        if isinstance(path, Path):
            digest.update(f"{name}:{path.stat().st_size}\n".encode())
    return digest.hexdigest()[:12]


def _patched(files: dict[str, bytes | Path], base: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in _PATCHED:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(str(files[name])), root / name)
        patch_index_html(
            index_path=str(root / "index.html"),
            base_href="",
            websocket_endpoint_path="/ws",
            app_name=APP_NAME,
            app_description=DESCRIPTION,
            web_renderer=WebRenderer.AUTO,
            route_url_strategy=RouteUrlStrategy.PATH,
            no_cdn=True,
        )
        patch_manifest_json(
            manifest_path=str(root / "manifest.json"),
            app_name=APP_NAME,
            app_short_name=APP_NAME,
            app_description=DESCRIPTION,
        )
        patch_font_manifest_json(manifest_path=str(root / "assets" / "FontManifest.json"))
        patched = {name: (root / name).read_bytes() for name in _PATCHED}
    patched["assets/FontManifest.json"] = _fonts(patched["assets/FontManifest.json"], files)
    patched["index.html"] = _spoken(_versioned(patched["index.html"].decode(), base)).encode()
    return patched


def _fonts(manifest: bytes, files: dict[str, bytes | Path]) -> bytes:
    """The manifest with the families that are used, and with every weight of the text's where we have them."""
    families = [family for family in json.loads(manifest) if family["family"] in _FAMILIES]
    for family in families:
        if family["family"] == "Roboto" and all(name in files for name in ROBOTO.values()):
            family["fonts"] = [{"weight": weight, "asset": f"../{name}"} for weight, name in ROBOTO.items()]
    return json.dumps(families).encode()


_SPEAK = """<script>(said => {
  const here = navigator.languages.map(each => each.slice(0, 2)).find(each => each in said) || 'en';
  document.documentElement.lang = here;
  document.getElementById('loading').setAttribute('aria-label', said[here]);
})(%s)</script>
  """


_STYLE = """<style>
    #line { position: fixed; inset: 0; z-index: 9; padding: 24px; gap: 24px; text-align: center;
            display: grid; place-content: center; justify-items: center;
            font: 16px/24px Roboto, system-ui, sans-serif; background: %(surface)s; color: %(on_surface)s }
    #line p { margin: 0; max-width: 28em }
    #line i { width: 28px; height: 28px; border-radius: 50%%; animation: line 1s linear infinite;
              border: 3px solid %(primary)s; border-right-color: transparent }
    @keyframes line { to { transform: rotate(360deg) } }
    @media (prefers-reduced-motion: reduce) { #line i { animation-duration: 4s } }
    @media (prefers-color-scheme: dark) {
      #line { background: %(dark_surface)s; color: %(dark_on_surface)s }
      #line i { border-color: %(dark_primary)s; border-right-color: transparent }
    }
  </style>
  """


def line_script() -> str:
    """What the page does about its line to the server, and what it says meanwhile, in each language."""
    names = ("surface", "on_surface", "primary")
    colors = {name: LIGHT[name] for name in names} | {f"dark_{name}": DARK[name] for name in names}
    words = _in_each_language(lambda texts: texts.t("The line to Kierto is gone. This page comes back by itself."))
    script = Path(__file__).with_name("line.js").read_text(encoding="utf-8")
    return _STYLE % colors + f"<script>{script.replace('WORDS', json.dumps(words))}</script>\n  "


def _in_each_language(say: Callable[[Texts], str]) -> dict[str, str]:
    return {language.split("-", maxsplit=1)[0]: say(Texts(language)) for language in LANGUAGES}


def _spoken(index: str) -> str:
    """The page in its reader's language, while the app comes and when its line is gone."""
    said = _in_each_language(lambda texts: texts.t("Loading"))
    starter = "<script src="
    before, _, after = index.rpartition(starter)
    return before + _SPEAK % json.dumps(said) + line_script() + starter + after


def _versioned(index: str, base: str) -> str:
    """The page with its large files named by their version, on the ground that the app will stand on."""
    moved = {
        'flet.canvasKitBaseUrl="/canvaskit/"': f'flet.canvasKitBaseUrl="{base}canvaskit/"',
        'flet.fontFallbackBaseUrl="assets/fonts/"': f'flet.fontFallbackBaseUrl="{base}assets/fonts/"',
        'flet.entrypointBaseUrl="/";': f'flet.entrypointBaseUrl="{base}";',
        'flet.assetBase="/";': f'flet.assetBase="{base}";',
        'src="python.js"': f'src="{base}python.js"',
        'src="flutter_bootstrap.js"': f'src="{base}flutter_bootstrap.js"',
        'src="icons/': f'src="{base}icons/',
        'href="icons/': f'href="{base}icons/',
        'href="favicon.png"': f'href="{base}favicon.png"',
        "background: #ffffff": f"background: {LIGHT['surface']}",
        "background: #222222": f"background: {DARK['surface']}",
    }
    for old, new in moved.items():
        index = index.replace(old, new)
    return index
