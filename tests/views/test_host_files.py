"""The web client's files: small on the first visit, next to nothing on the second; the API beside them untouched."""

from __future__ import annotations

import asyncio
import gzip
import logging
import os
import re

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import HTMLResponse, JSONResponse, StreamingResponse

from services.cache import CacheFile
from tests.views.host_wire import listening
from views.host.server import PortTaken, take_port
from views.host.site import Site
from views.host.web_root import ROBOTO


@pytest.fixture
def assets(tmp_path):
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "favicon.png").write_bytes(b"ours")
    (folder / "large.svg").write_text("<svg>" + "x" * 5000 + "</svg>")
    (folder / ".secret").write_text("hidden")
    return folder


@pytest.fixture
def site(tmp_path, assets):
    return Site(lambda page: None, cache=tmp_path / "cache", assets=assets)


def client(app) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_while_the_app_comes_a_screen_reader_hears_so_in_its_language(site):
    async with client(site) as http:
        page = (await http.get("/")).text
    assert '"ru": "\\u0417\\u0430\\u0433\\u0440\\u0443\\u0437\\u043a\\u0430"' in page
    assert page.index('id="loading"') < page.index("aria-label', said") < page.index("flutter_bootstrap.js")


async def test_every_route_of_the_app_is_the_page_named_kierto(site):
    async with client(site) as http:
        for path in ("/", "/offers/3", "/till/basket"):
            page = await http.get(path)
            assert page.status_code == 200
            assert "<title>Kierto</title>" in page.text
            assert "flet.noCdn=true" in page.text


async def test_a_file_that_is_not_there_is_404_and_no_page(site):
    async with client(site) as http:
        for path in (
            "/nothing.js",
            "/web/0000/main.dart.js",
            "/.secret",
            "/..%2fpyproject.toml",
            "/pyodide/pyodide.mjs",
        ):
            assert (await http.get(path)).status_code == 404, path


async def test_our_own_file_replaces_the_packaged_one(site):
    async with client(site) as http:
        assert (await http.get("/favicon.png")).content == b"ours"


async def test_a_browser_fetches_the_fonts_of_our_screens_alone_and_every_weight_of_them(tmp_path, assets):
    ours = tmp_path / "ours"
    (ours / "fonts").mkdir(parents=True)
    for name in ROBOTO.values():
        (ours / name).write_bytes(b"font")
    for folder, weights in ((assets, 1), (ours, len(ROBOTO))):
        async with client(Site(lambda page: None, cache=tmp_path / "cache", assets=folder)) as http:
            manifest = (await http.get("/assets/FontManifest.json")).json()
            fonts = {family["family"]: family["fonts"] for family in manifest}
            assert fonts.keys() == {"MaterialIcons", "Roboto"}
            assert len(fonts["Roboto"]) == weights
            for font in fonts["Roboto"]:
                assert (await http.get(httpx.URL("http://test/assets/").join(font["asset"]).path)).status_code == 200


async def test_text_goes_packed_and_pictures_as_they_are(site):
    async with client(site) as http:
        text = await http.get("/large.svg")
        assert text.headers["content-encoding"] == "gzip"
        assert len(text.text) > 5000 > int(text.headers["content-length"])
        assert "content-encoding" not in (await http.get("/favicon.png")).headers
        plain = await http.get("/large.svg", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == text.text
        assert plain.headers["vary"] == "Accept-Encoding"


async def test_a_file_is_packed_once_also_over_a_restart(site, tmp_path, assets, monkeypatch):
    async with client(site) as http:
        first = await http.get("/large.svg")
    monkeypatch.setattr(gzip, "compress", lambda *_, **__: pytest.fail("packed again"))
    async with client(Site(lambda page: None, cache=tmp_path / "cache", assets=assets)) as http:
        assert (await http.get("/large.svg")).text == first.text


async def test_the_second_visit_costs_a_few_headers(site):
    async with client(site) as http:
        page = await http.get("/")
        large = re.findall(r'src="(/web/[^"]+)"', page.text)
        assert len(large) == 3
        for path in large:
            assert "immutable" in (await http.get(path)).headers["cache-control"]
        again = await http.get("/", headers={"If-None-Match": page.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["cache-control"] == "no-cache"


async def test_another_version_of_the_app_has_other_names_for_its_files(site, tmp_path, assets):
    (assets / "large.svg").write_text("<svg/>")
    other = Site(lambda page: None, cache=tmp_path / "cache", assets=assets)
    async with client(site) as http, client(other) as newer:
        assert re.findall(r"/web/\w+/", (await http.get("/")).text) != re.findall(
            r"/web/\w+/", (await newer.get("/")).text
        )


async def test_nothing_from_elsewhere_may_be_loaded(site):
    async with client(site) as http:
        policy = (await http.get("/")).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.fixture
def api():
    app = FastAPI()
    go_on = asyncio.Event()
    app.state.go_on = go_on

    @app.get("/v1/events")
    async def events():
        async def stream():
            yield "data: " + "first" * 1000 + "\n\n"
            await go_on.wait()
            yield "data: last\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")

    @app.get("/v1/json")
    async def json():
        return JSONResponse({"text": "x" * 5000})

    @app.get("/v1/packed")
    async def packed():
        return HTMLResponse(gzip.compress(b"y" * 50_000), headers={"Content-Encoding": "gzip"})

    @app.get("/demo/inbox")
    async def inbox():
        return HTMLResponse("mails")

    return app


async def test_the_api_answers_its_own_paths_and_the_app_all_others(api, tmp_path):
    async with client(Site(lambda page: None, cache=tmp_path, api=api)) as http:
        assert (await http.get("/v1/json")).json()["text"].startswith("x")
        assert (await http.get("/v1/nothing")).json() == {"detail": "Not Found"}
        assert (await http.get("/demo/inbox")).text == "mails"
        assert "openapi" in (await http.get("/openapi.json")).json()
        assert "<title>Kierto" in (await http.get("/demo")).text


async def test_an_event_reaches_the_browser_at_once_and_unpacked(api, tmp_path):
    async with (
        listening(Site(lambda page: None, cache=tmp_path, api=api)) as here,
        httpx.AsyncClient() as http,
        http.stream("GET", f"{here.url}/v1/events") as answer,
    ):
        assert "content-encoding" not in answer.headers
        lines = answer.aiter_lines()
        assert (await asyncio.wait_for(anext(lines), 5)).startswith("data: first")
        api.state.go_on.set()
        assert [line async for line in lines][-2] == "data: last"


async def test_an_answer_is_packed_once_at_most(api, tmp_path):
    async with client(Site(lambda page: None, cache=tmp_path, api=api)) as http:
        assert (await http.get("/v1/json")).headers["content-encoding"] == "gzip"
        assert (await http.get("/v1/packed")).text == "y" * 50_000


async def test_the_api_starts_and_stops_with_the_site(tmp_path):
    seen: list[str] = []

    async def lifespan(app):
        seen.append("started")
        yield
        seen.append("stopped")

    from contextlib import asynccontextmanager

    api = FastAPI(lifespan=asynccontextmanager(lifespan))
    async with listening(Site(lambda page: None, cache=tmp_path, api=api)):
        assert seen == ["started"]
    assert seen == ["started", "stopped"]


async def test_what_a_browser_left_behind_long_ago_is_removed_at_the_start(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    left = tmp_path / "client" / "device" / "ana.sqlite3"
    cache = await CacheFile.open(left)
    await cache.close()
    for file in left.parent.iterdir():
        os.utime(file, (0, 0))
    async with listening(Site(lambda page: None, cache=tmp_path / "web", clients=tmp_path / "client")):
        async with asyncio.timeout(10):
            while "removed: 1" not in caplog.text:  # noqa: ASYNC110 - a line of a log raises no event
                await asyncio.sleep(0.01)
    assert not left.parent.exists()


def test_a_port_in_use_is_said_with_the_way_out():
    with take_port("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"KIERTO_PORT={port + 1}"):
            take_port("127.0.0.1", port)
