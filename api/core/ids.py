"""Identifiers: UUID version 7 (RFC 9562), which sort by the time they were made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

_LOW = (1 << 62) - 1
_EACH, _AT_A_TIME = 10, 256
_chances: list[Iterator[bytes]] = [iter(())]


def _chance() -> bytes:
    """Random bytes, read many at a time: a call of the system for each id lets other threads in between."""
    try:
        return next(_chances[0])
    except StopIteration:
        read = os.urandom(_EACH * _AT_A_TIME)
        _chances[0] = iter([read[i : i + _EACH] for i in range(0, len(read), _EACH)])
        return next(_chances[0])


def _forget() -> None:
    _chances[0] = iter(())


os.register_at_fork(after_in_child=_forget)  # or both processes would go on with the same bytes


def new_id(now: datetime) -> UUID:
    """A new UUIDv7: 48 bits of milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    chance = int.from_bytes(_chance())
    value = milliseconds << 80 | 0x7 << 76 | chance >> 68 << 64 | 0b10 << 62 | chance & _LOW
    return UUID(int=value)


def made_at(made: UUID) -> datetime:
    """When a UUIDv7 was made, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)


def round_id(now: datetime) -> UUID:
    """A new UUIDv7 whose last 16 bits are zero: what belongs to it can be numbered there."""
    return UUID(int=new_id(now).int & ~0xFFFF)
