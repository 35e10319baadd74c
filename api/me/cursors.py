"""The cursor of `changes`: what a device has, opaque to it. One that is not ours, or not this member's, is none."""

from __future__ import annotations

import struct
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from uuid import UUID

_FORM = struct.Struct(">B16sq8sqq8sqI")
_FORMAT = 2
_DIGEST_BYTES = 8


@dataclass(frozen=True, slots=True)
class Position:
    """What a device has: a wallet version, the offers' versions, and which offers, good until when by the clock.

    `chain` is of the hash that the wallet's journal had reached at that version: after another past it is another one.
    """

    epoch: UUID
    wallet: int
    chain: bytes
    programme_offers: int
    member_offers: int
    offers: bytes
    offers_until: int

    def needs_offers(self, now: datetime) -> bool:
        """Whether time alone may have changed the offers."""
        return now.timestamp() >= self.offers_until


def digest(document: bytes) -> bytes:
    """A short digest of the offers as they were sent."""
    return blake2b(document, digest_size=_DIGEST_BYTES).digest()


def encode(position: Position, member_id: UUID, language: str) -> str:
    """The cursor of what one member's device has, in the language that it was told in."""
    p = position
    fields = (_FORMAT, p.epoch.bytes, p.wallet, p.chain, p.programme_offers, p.member_offers, p.offers, p.offers_until)
    packed = _FORM.pack(*fields, 0)
    check = zlib.crc32(packed, zlib.crc32(member_id.bytes + language.encode()))
    return urlsafe_b64encode(packed[:-4] + check.to_bytes(4, "big")).rstrip(b"=").decode()


def decode(cursor: str, member_id: UUID, language: str) -> Position | None:
    """What the device of a member has, or None where the cursor does not say, or was told in another language."""
    try:
        packed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        version, epoch, wallet, chain, programme_offers, member_offers, offers, until, _ = _FORM.unpack(packed)
    except (ValueError, struct.error):
        return None
    position = Position(UUID(bytes=epoch), wallet, chain, programme_offers, member_offers, offers, until)
    return position if version == _FORMAT and encode(position, member_id, language) == cursor else None


def whole_seconds(moment: datetime) -> int:
    """A moment in whole seconds since 1970, rounded down."""
    return int(moment.astimezone(UTC).timestamp())
