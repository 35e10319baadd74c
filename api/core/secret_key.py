"""The key that signs tokens, made once where none is set."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_create_key(data_dir: Path) -> bytes:
    """The key in `data_dir`, readable by its owner only; made at the first call, once even when two processes race."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "secret.key"
    if not path.exists():
        draft = data_dir / f"secret.key.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)  # a complete file or none: a second process never reads half a key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip().encode()
