"""The secret from which one signed-in device makes member codes. Derived, never stored."""

from __future__ import annotations

import base64
import hmac
from uuid import UUID


def device_secret(session_id: UUID, key: bytes) -> str:
    """The Base32 secret (20 bytes) of one session, from the key that the API signs with (`Settings.signing_key()`)."""
    mac = hmac.digest(key, f"member-code|{session_id}".encode(), "sha256")
    return base64.b32encode(mac[:20]).decode()
