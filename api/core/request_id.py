"""One id a request: in the answer's header, in the log, and in the answer to an unexpected error."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import MutableMapping
from typing import Any

HEADER = b"x-request-id"
_OURS = f"{secrets.token_hex(4)}-%06x"
_numbers = itertools.count(1)
_FIT = re.compile(rb"[A-Za-z0-9._-]{8,64}")


def request_id(scope: MutableMapping[str, Any]) -> str:
    """The id of a request: what the caller sent, when it has a fit form, or a new one."""
    found = scope.get("kierto.request_id")
    if isinstance(found, str):
        return found
    sent = next((value for name, value in scope.get("headers", ()) if name == HEADER), b"")
    made = sent.decode() if _FIT.fullmatch(sent) else _OURS % next(_numbers)
    scope["kierto.request_id"] = made
    return made
