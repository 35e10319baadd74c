"""Cursors of purchases: the place of one purchase in the order newest first, opaque to whoever keeps it."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from api.problems import invalid

_FORM = struct.Struct(">Bq16s")
_FORMAT = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Place(NamedTuple):
    """Where a purchase stands: by its moment, then by its id."""

    at: datetime
    purchase_id: UUID


def encode(place: Place) -> str:
    """The cursor that continues after a purchase."""
    packed = _FORM.pack(_FORMAT, (place.at - _EPOCH) // _MICROSECOND, place.purchase_id.bytes)
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(cursor: str) -> Place:
    """Where a cursor continues. Raises the refusal 422 that names `cursor`."""
    try:
        packed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        version, microseconds, purchase_id = _FORM.unpack(packed)
        place = Place(_EPOCH + microseconds * _MICROSECOND, UUID(bytes=purchase_id))
    except (ValueError, struct.error, OverflowError) as error:
        raise invalid("cursor", "is none that we gave out") from error
    if version != _FORMAT or encode(place) != cursor:
        raise invalid("cursor", "is none that we gave out")
    return place
