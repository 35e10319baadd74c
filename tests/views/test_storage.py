"""Where a device keeps tokens: its own key store; and what is left where it has none."""

from __future__ import annotations

import flet as ft
import pytest

from tests.views.host_wire import listening
from views.host.site import Site
from views.storage import KeyRing, StoredVault, store_of


class Store:
    """A key store that may refuse."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.kept: dict[str, str] = {}
        self.refusal = refusal

    async def get(self, key: str) -> str | None:
        self._check()
        return self.kept.get(key)

    async def set(self, key: str, value: str) -> None:
        self._check()
        self.kept[key] = value

    async def remove(self, key: str) -> None:
        self._check()
        self.kept.pop(key, None)

    def _check(self) -> None:
        if self.refusal is not None:
            raise self.refusal


async def test_a_vault_keeps_reads_and_forgets_under_names_of_its_own() -> None:
    store = Store()
    vault = StoredVault(KeyRing(store))
    await vault.set("tokens", "secret")
    assert store.kept == {"kierto.tokens": "secret"}
    assert await StoredVault(KeyRing(store), ["tokens"]).get("tokens") == "secret"
    await vault.delete("tokens")
    assert store.kept == {}
    assert await vault.get("tokens") is None


@pytest.mark.parametrize("refusal", [RuntimeError("no room for 4f1c-value"), TimeoutError("set(4f1c-value)")])
async def test_a_device_without_a_key_store_keeps_secrets_until_the_app_ends_and_writes_none(refusal, caplog) -> None:
    store = Store(refusal)
    vault = StoredVault(KeyRing(store), ["tokens", "theme"])
    assert await vault.get("tokens") is None
    await vault.set("tokens", "4f1c-value")
    assert await vault.get("tokens") == "4f1c-value"
    await vault.delete("tokens")
    assert await vault.get("tokens") is None
    assert store.kept == {}
    assert caplog.text.count("this device keeps no secrets") == 1
    assert "4f1c-value" not in caplog.text


async def test_what_a_store_kept_before_it_began_to_refuse_is_forgotten_once_it_can_be() -> None:
    store = Store()
    ring = KeyRing(store)
    await ring.set("a", "1")
    store.refusal = RuntimeError("locked")
    await ring.set("b", "2")
    store.refusal = None
    await ring.remove("a")
    assert store.kept == {}
    assert await ring.get("b") == "2"


async def asks_its_store(page: ft.Page) -> None:
    store = store_of(page)
    page.add(ft.Text(f"{type(store).__name__}: {await store.get('tokens')}"))


@pytest.mark.parametrize(("web", "name"), [(True, "SharedPreferences"), (False, "KeyRing")])
async def test_a_device_is_asked_for_its_key_store_and_a_browser_for_its_own(tmp_path, web, name) -> None:
    async with listening(Site(asks_its_store, cache=tmp_path)) as here:
        wire = await here.open()
        await wire.register(web=web)
        await wire.until(lambda: wire.asked is not None)
        await wire.answer("kept")
        await wire.until(lambda: wire.shows(f"{name}: kept"))
        await wire.close()
