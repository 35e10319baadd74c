"""The only place that speaks HTTP."""

from __future__ import annotations

import httpx

Transport = httpx.AsyncBaseTransport
