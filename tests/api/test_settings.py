"""A wrong setting is named in one line."""

from __future__ import annotations

import stat

import pytest

from api.settings import WrongSetting, load_settings

KEY = "k" * 32
URL = "postgresql://kierto@localhost/kierto"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch, tmp_path):
    import os

    for name in os.environ:
        if name.startswith("KIERTO_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_set_is_a_demo_on_this_machine():
    settings = load_settings()
    assert settings.is_demo
    assert settings.embedded
    assert settings.address == "http://127.0.0.1:8550"


@pytest.mark.parametrize(
    ("environment", "name", "says"),
    [
        ({"PORT": "eighty"}, "KIERTO_PORT", "valid integer"),
        ({"PORT": "70000"}, "KIERTO_PORT", "65535"),
        ({"DATABASE_URL": "mysql://x/y", "SECRET_KEY": KEY}, "KIERTO_DATABASE_URL", "postgresql://"),
        ({"DATABASE_URL": URL}, "KIERTO_SECRET_KEY", "required"),
        ({"SECRET_KEY": "short"}, "KIERTO_SECRET_KEY", "32 characters"),
        ({"HOST": "0.0.0.0"}, "KIERTO_HOST", "KIERTO_DEMO=force"),  # noqa: S104
        ({"DEMO": "maybe"}, "KIERTO_DEMO", "force"),
        ({"JOBS": "force"}, "KIERTO_JOBS", "'false'"),
        ({"SMTP_URL": "mail.example.com"}, "KIERTO_SMTP_URL", "smtp://"),
        ({"SMTP_URL": "smtp://host:x"}, "KIERTO_SMTP_URL", "no address"),
        ({"SMS_URL": "sms.example.com"}, "KIERTO_SMS_URL", "https://"),
        ({"API_URL": "example.com"}, "KIERTO_API_URL", "https://"),
        ({"TRUSTED_PROXIES": "10.0.0.1, proxy"}, "KIERTO_TRUSTED_PROXIES", "IPv4 or IPv6 network"),
        ({"CODES_PER_ADDRESS": "0"}, "KIERTO_CODES_PER_ADDRESS", "1"),
        ({"WORKERS": "0"}, "KIERTO_WORKERS", "1"),
        ({"WORKERS": "2"}, "KIERTO_WORKERS", "demo mode"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch, environment, name, says):
    for key, value in environment.items():
        monkeypatch.setenv(f"KIERTO_{key}", value)
    with pytest.raises(WrongSetting) as wrong:
        load_settings()
    assert wrong.value.name == name
    assert says in wrong.value.sentence
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    ("environment", "demo"),
    [
        ({}, True),
        ({"SMTP_URL": "smtp://localhost:25"}, False),
        ({"SMS_URL": "https://sms.example.com"}, False),
        ({"DATABASE_URL": URL, "SECRET_KEY": KEY}, False),
        ({"API_URL": "https://api.example.com"}, False),
        ({"DEMO": "1", "SMTP_URL": "smtp://localhost:25"}, True),
        ({"DEMO": "off"}, False),
        ({"DEMO": "force", "HOST": "0.0.0.0"}, True),  # noqa: S104
    ],
)
def test_demo_mode_is_on_when_nothing_is_configured(monkeypatch, environment, demo):
    for key, value in environment.items():
        monkeypatch.setenv(f"KIERTO_{key}", value)
    assert load_settings().is_demo is demo


def test_a_file_named_env_is_read_and_the_environment_wins(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("KIERTO_PORT=9000\nKIERTO_HOST=localhost\n")
    monkeypatch.setenv("KIERTO_HOST", "127.0.0.2")
    settings = load_settings()
    assert (settings.port, settings.host) == (9000, "127.0.0.2")


def test_a_key_is_made_once_and_is_its_owners_alone(tmp_path):
    settings = load_settings(data_dir=tmp_path / "data")
    key = settings.signing_key()
    assert len(key) == 64
    assert load_settings(data_dir=tmp_path / "data").signing_key() == key
    assert stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode) == 0o600
    assert len(list((tmp_path / "data").iterdir())) == 1


def test_secrets_do_not_show():
    settings = load_settings(database_url="postgresql://u:hidden1@h/d", secret_key="hidden2" * 6)
    assert "hidden" not in repr(settings)
