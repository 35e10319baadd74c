"""From where codes are asked for: of whom a proxy speaks is believed where the operator named it."""

from __future__ import annotations

import itertools

import httpx
import pytest

from api.sign_in.origins import network_of
from tests.faults.serving import Serving

_numbers = itertools.count()


@pytest.mark.parametrize(
    ("addresses", "origins"),
    [
        (["203.0.113.7", "203.0.113.8"], 2),
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"], 1),
        (["2001:db8:1:2::1", "2001:db8:1:3::1"], 2),
        (["203.0.113.7", "::ffff:203.0.113.7"], 1),
        (["testclient", ""], 2),
    ],
)
def test_an_origin_is_what_one_customer_of_a_provider_has(addresses, origins):
    assert len({network_of(address) for address in addresses}) == origins


def asked(serving: Serving, forwarded: str) -> int:
    """The answer to one more request for a code, by somebody new."""
    body = {"contact": f"new{next(_numbers)}@example.com"}
    headers = {"X-Forwarded-For": forwarded}
    return httpx.post(f"{serving.url}/v1/sign-in/code", json=body, headers=headers, trust_env=False).status_code


async def test_who_asks_by_a_named_proxy_is_counted_apart_and_nobody_chooses_her_own_address(
    connections, programme, tmp_path
):
    serving = Serving(tmp_path / "api", url=connections.owner_dsn, KIERTO_CODES_PER_ADDRESS="1", KIERTO_JOBS="false")
    try:
        serving.start()
        assert [asked(serving, address) for address in ("203.0.113.7", "203.0.113.8")] == [202, 202]
        assert asked(serving, "203.0.113.7") == 429
        assert asked(serving, "198.51.100.1, 203.0.113.8") == 429, "the last that the proxy itself saw counts"
        serving.kill()
        serving.start(KIERTO_TRUSTED_PROXIES="192.0.2.0/24")
        assert [asked(serving, address) for address in ("203.0.113.9", "203.0.113.10")] == [202, 429]
    finally:
        serving.kill()
