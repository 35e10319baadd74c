"""Where a request came from, as far as limits count it."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

_HOUSEHOLD = 64
"""Bits of an IPv6 address that one customer of a provider has; the others she may choose herself."""


def network_of(address: str) -> str:
    """What counts as one origin: an IPv4 address, or an IPv6 network of one customer; what is no address, as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Network((found, _HOUSEHOLD), strict=False))
    return str(found)
