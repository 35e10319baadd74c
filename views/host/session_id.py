"""What names a browser's session on the server."""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32


def new_session_id() -> str:
    """A session id that cannot be guessed: whoever holds it is that browser tab."""
    return secrets.token_urlsafe(_BYTES)


def session_key(page_name: str, session_id: str) -> str:
    """The key under which a session is kept.

    Flet mixes the address of the caller into it, so that a phone that moves from Wi-Fi to the mobile network loses
    its screen. The id is secret enough alone; it is hashed, so that no listing of keys gives a session away.
    """
    return f"{page_name}:{hashlib.sha256(session_id.encode()).hexdigest()}"
