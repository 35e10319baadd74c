"""How the API writes its log: one line an event, to standard error."""

from __future__ import annotations

import logging
import time
from typing import Any


class Lines(logging.Formatter):
    """One line an event; the second is written out once for all events in it."""

    _second = -1
    _written = ""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """The local time to the millisecond."""
        second = int(record.created)
        if second != self._second:
            self._written, self._second = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second)), second
        return f"{self._written},{int(record.msecs):03d}"


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": Lines, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"kierto": {"level": "INFO"}, "uvicorn": {"level": "WARNING"}},
}
