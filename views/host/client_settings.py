"""What an operator may set where this process hosts the app alone, for an API that runs elsewhere."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from pydantic import Field, IPvAnyNetwork, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class WrongClientSetting(ValueError):
    """A setting that cannot be taken; the message names it and says what to do."""


class ClientSettings(BaseSettings):
    """The settings of a client, from the same variables as everything else's."""

    model_config = SettingsConfigDict(
        env_prefix="KIERTO_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    api_url: str
    data_dir: Path = Path(".kierto")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8550
    demo: bool = False
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = (IPv4Network("127.0.0.1"), IPv6Network("::1"))

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        return [each for part in value.split(",") if (each := part.strip())] if isinstance(value, str) else value

    @field_validator("api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("demo", mode="before")
    @classmethod
    def _forced_is_on(cls, value: object) -> object:
        return True if value == "force" else value


def load_client_settings() -> ClientSettings:
    """The settings of this client. Raises WrongClientSetting, which names the first wrong one."""
    try:
        return ClientSettings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = f"KIERTO_{str(first['loc'][0]).upper()}"
        raise WrongClientSetting(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
