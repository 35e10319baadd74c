"""How the database is reached: by its owner, and by the API."""

from __future__ import annotations

from dataclasses import dataclass

from api.database.embedded import API_ROLE, EmbeddedPostgres
from api.settings import Settings


@dataclass(frozen=True, slots=True)
class Connections:
    """Addresses for the owner (migrations) and for the API.

    With the embedded server the API signs in as `kierto_api`. With KIERTO_DATABASE_URL both use the same address, and
    the API asks for the role `kierto_api` in the connection's start message: no round trip, neither then nor later.
    """

    owner_dsn: str
    api_dsn: str
    role: str | None = None

    @classmethod
    def to_embedded(cls, server: EmbeddedPostgres) -> Connections:
        """To the embedded server of this process."""
        return cls(server.owner_dsn, server.api_dsn)

    @classmethod
    def to_url(cls, url: str) -> Connections:
        """To a PostgreSQL that somebody else runs."""
        return cls(url, url, API_ROLE)

    @classmethod
    def from_settings(cls, settings: Settings) -> Connections | None:
        """To what the settings name, or None: a server is to be embedded."""
        for url in (settings.running_dsn, settings.database_url):
            if url is not None:
                return cls.to_url(url.get_secret_value())
        return None
