"""Test settings that depend on the environment.

Use ``runpy`` to run the settings file once more under another environment. The trap is
``override_settings``, which replaces results: it cannot show what a start with ``DEBUG=false`` and
no secret key would do.
"""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.urls import reverse
from pytest_django import Settings
from pytest_mock import MockerFixture

from external.upstream import clock, upstream
from tests.myproject.settings_file import (
    EXAMPLE,
    PRODUCTION,
    ROOT,
    VARIABLES,
    settings_in,
    settings_with,
)

SETTINGS = ROOT / "myproject/settings.py"


def values(names: dict[str, Any]) -> dict[str, Any]:
    """Return what is a setting among a module's names."""
    return {name: value for name, value in names.items() if name.isupper()}


@pytest.fixture
def checkout(tmp_path: Path, mocker: MockerFixture) -> Path:
    """Return a folder with the settings file in it, whose ``.env`` sets nothing for other tests."""
    mocker.patch.dict(os.environ)
    Path(tmp_path, "myproject").mkdir()
    shutil.copy(SETTINGS, tmp_path / "myproject")
    return tmp_path


def test_with_no_variable_at_all_it_is_development_with_nothing_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = settings_with(monkeypatch)

    assert settings["DEBUG"] is True
    assert settings["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")
    assert settings["CHANNEL_LAYERS"]["default"]["BACKEND"].endswith("InMemoryChannelLayer")
    assert settings["SECURE_SSL_REDIRECT"] is False


def test_to_copy_the_example_as_it_is_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    without = values(settings_in(checkout, monkeypatch))

    shutil.copy(EXAMPLE, checkout / ".env")

    assert values(settings_in(checkout, monkeypatch)) == without


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    Path(checkout, ".env").write_text("SMTP_HOST=from-the-file\nSECRET_KEY=from-the-file")

    settings = settings_in(checkout, monkeypatch, SMTP_HOST="mine")

    assert settings["SMTP_HOST"] == "mine"
    assert settings["SECRET_KEY"] == "from-the-file"


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("SECRET_KEY", "secret", "secret"),
        ("ALLOWED_HOSTS", "a.example,b.example", ["a.example", "b.example"]),
        ("HTTP_THREADS", "7", 7),
        ("HTTP_THREADS_AT_MOST", "8", 8),
        ("DATABASE_SILENCE", "1.5", 1.5),
        ("EXTERNAL_API_URL", "https://a.example/", "https://a.example/"),
        ("EXTERNAL_API_TIMEOUT", "1.5", 1.5),
        ("EXTERNAL_API_CONNECTIONS", "7", 7),
        ("EXTERNAL_API_CACHE_SECONDS", "1.5", 1.5),
        ("EXTERNAL_API_URLS", "a=https://a/,b=https://b/", {"a": "https://a/", "b": "https://b/"}),
        ("EXTERNAL_STREAM_URL", "https://a.example/", "https://a.example/"),
        ("EXTERNAL_STREAM_CONNECTIONS", "7", 7),
        ("REDIS_URL", "redis://host/0", "redis://host/0"),
        ("SMTP_HOST", "mail.example", "mail.example"),
        ("STATIC_ROOT", "/srv/static", "/srv/static"),
        ("MEDIA_ROOT", "/srv/media", "/srv/media"),
        ("SECURE_SSL_REDIRECT", "true", True),
    ],
)
def test_a_variable_sets_the_setting_of_its_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, value: object
) -> None:
    settings = settings_with(monkeypatch, **{variable: text})

    assert settings[variable] == value


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_in_development_the_server_answers_under_each_name_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    assert host in settings_with(monkeypatch)["ALLOWED_HOSTS"]


@pytest.mark.parametrize(
    ("setting", "view"),
    [("EXTERNAL_API_URL", upstream), ("EXTERNAL_STREAM_URL", clock)],
    ids=["API", "stream"],
)
def test_the_outside_is_this_server_in_development_and_nobody_in_production(
    monkeypatch: pytest.MonkeyPatch, setting: str, view: Callable[..., Any]
) -> None:
    assert settings_with(monkeypatch)[setting] == f"http://127.0.0.1:8000{reverse(view)}"
    assert settings_with(monkeypatch, **PRODUCTION)[setting] == ""


def test_production_turns_on_what_protects_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_with(monkeypatch, **PRODUCTION)

    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["example.com"]
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert "SECURE_PROXY_SSL_HEADER" not in settings


@pytest.mark.parametrize("variable", ["SECRET_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("value", ["", None], ids=["empty", "unset"])
def test_production_refuses_to_start_without(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None
) -> None:
    environment = {
        name: text for name, text in (PRODUCTION | {variable: value}).items() if text is not None
    }

    with pytest.raises(
        ImproperlyConfigured, match=f"^DEBUG is off: set the environment variable {variable}"
    ):
        settings_with(monkeypatch, **environment)


def test_the_services_are_chosen_by_two_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_with(
        monkeypatch, DATABASE_URL="postgres://user@host/name", REDIS_URL="redis://host/0"
    )

    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert "redis://host/0" in str(settings["CHANNEL_LAYERS"]["default"]["CONFIG"])


@pytest.mark.parametrize(
    ("setting", "place"),
    [("STATIC_ROOT", "staticfiles/"), ("MEDIA_ROOT", "media/")],
)
def test_what_the_server_writes_is_beside_the_code_and_not_under_version_control(
    monkeypatch: pytest.MonkeyPatch, setting: str, place: str
) -> None:
    folder = settings_with(monkeypatch)[setting]

    assert f"{Path(folder).relative_to(ROOT)}/" == place
    assert place in Path(ROOT, ".gitignore").read_text().splitlines()


def test_passwords_are_hashed_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_with(monkeypatch)

    assert settings["PASSWORD_HASHERS"] == ["myproject.logins.TurnTakingHasher"]


def test_production_settings_pass_djangos_deployment_check(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    for name, value in values(settings_with(monkeypatch, **PRODUCTION)).items():
        # Set LANGUAGE_CODE, for one, and Django forgets what the next text has to read again.
        if name != "DATABASES" and value != getattr(settings, name, None):
            setattr(settings, name, value)

    messages = run_checks(include_deployment_checks=True)

    assert [message for message in messages if not message.is_silenced()] == []


def test_the_example_environment_names_every_variable_and_no_other() -> None:
    assert set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS.read_text())) == VARIABLES


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True)
