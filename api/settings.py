"""What an operator may set: environment variables with the prefix `KIERTO_`, also read from a file `.env`."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, IPvAnyNetwork, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.core.secret_key import read_or_create_key

Flag = Literal["true", "false", "force"]
_FLAGS: dict[str, Flag] = {"1": "true", "yes": "true", "on": "true", "0": "false", "no": "false", "off": "false"}


class WrongSetting(ValueError):
    """A setting that cannot be taken: its name, and one sentence that says what to do."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}")
        self.name = name
        self.sentence = sentence


class _Refused(ValueError):
    """A refusal that knows which field it is about."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Settings(BaseSettings):
    """All settings of one process. Frozen; secrets never show in a log."""

    model_config = SettingsConfigDict(
        env_prefix="KIERTO_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
    )

    database_url: SecretStr | None = Field(
        default=None, description="A PostgreSQL to use; unset: one is embedded in DATA_DIR."
    )
    data_dir: Path = Field(
        default=Path(".kierto"), description="Where the embedded PostgreSQL and the secret key live."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen at.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8550, description="The port to listen at; 0 takes a free one."
    )
    api_url: str | None = Field(
        default=None, description="Set: this process is a client only, of the API at that address."
    )
    demo: Flag | None = Field(default=None, description="Demo mode; unset: on when nothing is configured.")
    secret_key: SecretStr | None = Field(default=None, description="What signs tokens; at least 32 characters.")
    smtp_url: SecretStr | None = Field(
        default=None, description="Where mail goes: smtp://user:password@host:port or smtps://."
    )
    sms_url: SecretStr | None = Field(
        default=None, description="Where text messages are posted: https://user:password@gateway/path."
    )
    mail_from: str = Field(default="Kierto <no-reply@localhost>", description="The sender of mail.")
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        default=(IPv4Network("127.0.0.1"), IPv6Network("::1")),
        description="Whose X-Forwarded-For is believed: addresses and networks, with commas between them.",
    )
    codes_per_address: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=300, description="One-time codes that may be asked for in an hour from one network address."
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(default=1, description="Processes that serve the API.")
    jobs: Literal["true", "false"] = Field(
        default="true", description='Whether this process does what is due every minute; "false": cron does.'
    )
    running_dsn: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("running_dsn", "KIERTO_INTERNAL_RUNNING_DSN"),
        description="Internal: the embedded server that the parent of this worker runs.",
    )

    @field_validator("demo", "jobs", mode="before")
    @classmethod
    def _flag(cls, value: object) -> object:
        if isinstance(value, bool):
            return "true" if value else "false"
        return _FLAGS.get(value.lower(), value.lower()) if isinstance(value, str) else value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        return [each for part in value.split(",") if (each := part.strip())] if isinstance(value, str) else value

    @field_validator("database_url", "smtp_url", "sms_url", "api_url")
    @classmethod
    def _scheme(cls, value: SecretStr | str | None, info: object) -> SecretStr | str | None:
        name = getattr(info, "field_name", "")
        schemes = {
            "database_url": ("postgresql", "postgres"),
            "smtp_url": ("smtp", "smtps"),
            "sms_url": ("https", "http"),
            "api_url": ("http", "https"),
        }[name]
        if value is None:
            return None
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        try:
            parts = urlsplit(text)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise ValueError(f"this is no address ({error})") from error
        if parts.scheme not in schemes:
            raise ValueError(f"must begin with {' or '.join(s + '://' for s in schemes)}")
        if not host and name != "database_url":
            raise ValueError("names no host")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters; make one with: openssl rand -hex 32")
        return value

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.client_only:
            return self
        if self.database_url is not None and self.secret_key is None:
            raise _Refused("secret_key", "is required with KIERTO_DATABASE_URL; make one with: openssl rand -hex 32")
        if self.is_demo and self.demo != "force" and not self._is_loopback:
            raise _Refused(
                "host",
                f"demo mode lets anyone be anyone, so it does not listen at {self.host}; "
                "set KIERTO_DEMO=false, or KIERTO_DEMO=force if that is what you want",
            )
        if self.is_demo and self.workers > 1:
            raise _Refused("workers", "must be 1 in demo mode, where mail stays in the memory of one process")
        return self

    @property
    def client_only(self) -> bool:
        """Whether this process runs no API of its own."""
        return self.api_url is not None

    @property
    def is_demo(self) -> bool:
        """Whether demo mode is on."""
        if self.demo is None:
            return not any((self.database_url, self.api_url, self.smtp_url, self.sms_url))
        return self.demo in ("true", "force")

    @property
    def embedded(self) -> bool:
        """Whether the PostgreSQL is the embedded one."""
        return self.database_url is None

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the process."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def _is_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def signing_key(self) -> bytes:
        """The key that signs tokens and derives codes: SECRET_KEY, or one made once in DATA_DIR (mode 0600)."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        return read_or_create_key(self.data_dir)


def load_settings(**overrides: object) -> Settings:
    """The settings of this process. Raises WrongSetting, which names the first wrong one."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # a test's overrides are checked by pydantic
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        cause = (first.get("ctx") or {}).get("error")
        field = cause.field if isinstance(cause, _Refused) else str(first["loc"][0]) if first["loc"] else "settings"
        sentence = first["msg"].removeprefix("Value error, ")
        raise WrongSetting(f"KIERTO_{field.upper()}", sentence) from None
