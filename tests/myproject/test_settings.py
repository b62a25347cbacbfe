"""Test settings that depend on the environment.

Use ``runpy`` to run the settings file once more under another environment. The trap is
``override_settings``, which replaces results: it cannot show what a start with ``DEBUG=false`` and
no secret key would do.
"""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pytest_django import Settings

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "fifty characters or more, as the deployment check wants it",
    "ALLOWED_HOSTS": "example.com",
}


SETTINGS = (ROOT / "myproject" / "settings.py").read_text()
VARIABLES = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with an environment in which nothing is set."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """Run the settings file under this environment, and return its names."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "myproject" / "settings.py"))


def test_with_no_variable_at_all_it_is_development_with_nothing_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = settings_with(monkeypatch)

    assert settings["DEBUG"] is True
    assert settings["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")
    assert settings["CHANNEL_LAYERS"]["default"]["BACKEND"].endswith("InMemoryChannelLayer")
    assert settings["SECURE_SSL_REDIRECT"] is False


def test_production_turns_on_what_protects_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_with(monkeypatch, **PRODUCTION)

    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["example.com"]
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert "SECURE_PROXY_SSL_HEADER" not in settings


def test_behind_a_proxy_its_word_for_https_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_with(monkeypatch, BEHIND_PROXY="true", **PRODUCTION)

    assert settings["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("variable", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"set the environment variable {variable}"):
        settings_with(monkeypatch, **PRODUCTION | {variable: ""})


def test_the_services_are_chosen_by_two_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_with(
        monkeypatch, DATABASE_URL="postgres://user@host/name", REDIS_URL="redis://host/0"
    )

    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert "redis://host/0" in str(settings["CHANNEL_LAYERS"]["default"]["CONFIG"])


def test_production_settings_pass_djangos_deployment_check(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    for name, value in settings_with(monkeypatch, **PRODUCTION).items():
        if name.isupper() and name != "DATABASES":
            setattr(settings, name, value)

    messages = run_checks(include_deployment_checks=True)

    assert [message for message in messages if not message.is_silenced()] == []


def test_the_example_environment_names_every_variable_and_no_other() -> None:
    assert set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS)) == VARIABLES


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True)
