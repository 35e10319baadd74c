"""Identifiers: UUID version 7 (RFC 9562), which sort by the time they were made."""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID

_LOW = (1 << 62) - 1


def new_id(now: datetime) -> UUID:
    """A new UUIDv7: 48 bits of milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    chance = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | 0x7 << 76 | chance >> 68 << 64 | 0b10 << 62 | chance & _LOW
    return UUID(int=value)


def round_id(now: datetime) -> UUID:
    """A new UUIDv7 whose last 16 bits are zero: what belongs to it can be numbered there."""
    return UUID(int=new_id(now).int & ~0xFFFF)
