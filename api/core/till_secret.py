"""The secret with which one signed-in till signs the receipts that it queues. Derived, never stored."""

from __future__ import annotations

import hmac
from uuid import UUID


def till_secret(session_id: UUID, key: bytes) -> str:
    """The secret (32 bytes, hex) of one staff session, from the key that the API signs with."""
    return hmac.digest(key, f"till-receipts|{session_id}".encode(), "sha256").hex()
