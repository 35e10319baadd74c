"""A PNG of black and white rows, by the standard library alone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence


def black_and_white(rows: Sequence[Sequence[bool]]) -> bytes:
    """Rows of equal length, True where dark, as a PNG of one bit a pixel."""
    width = len(rows[0])
    data = b"".join(b"\0" + _packed(row) for row in rows)
    header = struct.pack(">IIBBBBB", width, len(rows), 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(data, 9)) + _chunk(b"IEND", b"")
    )


def _packed(row: Sequence[bool]) -> bytes:
    bits = "".join("0" if dark else "1" for dark in row)
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
