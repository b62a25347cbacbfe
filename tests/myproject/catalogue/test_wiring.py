"""Hold a table to what it is about.

Look its files up, make its routes, match its words. The trap is a table that was right on the day
when it was written.
"""

import re
from dataclasses import FrozenInstanceError
from fnmatch import fnmatch

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver

from myproject.catalogue import wiring
from myproject.catalogue.wiring import NEEDS, UNASKED, Needs

ROLLBACK = "tests/plugins/async_rollback.py"
COMES = {
    "channels.layers": ["CHANNEL_LAYERS"],
    "channels.testing": ["daphne"],
    "redis": ["channels-redis"],
    "psycopg": ["psycopg"],
    "rest_framework": ["djangorestframework", "rest_framework"],
    "drf_spectacular": ["drf_spectacular"],
    "users/models.py": ["AUTH_USER_MODEL"],
    "users/viewsets.py": ["myproject/parsers.py", "REST_FRAMEWORK"],
    "users/api.py": ["myproject/parsers.py", "rest_framework.authtoken", "REST_FRAMEWORK"],
    "users/exports.py": ["LOGIN_URL"],
    "users/avatars.py": ["STORAGES"],
    "users/invitations.py": ["users/templates/users/invite.html", "users"],
    "chat/tickets.py": ["rest_framework.authtoken"],
    "twisted": ["daphne"],
    "users/pages.py": [
        "users/templates/users/account.html",
        "users/templates/users/login.html",
        "users",
        "LOGIN_URL",
        "LOGIN_REDIRECT_URL",
    ],
    "chat/views.py": [
        "chat/templates/chat/room.html",
        "chat/static/chat/chat.css",
        "chat/static/chat/chat.js",
        "chat",
    ],
    "myproject/logins.py": ["AUTHENTICATION_BACKENDS", "PASSWORD_HASHERS"],
    "myproject/middleware.py": ["myproject.middleware.json_errors_middleware"],
    "users/paging.py": ["users/views.py"],
    "chat/layer.py": ["chat/consumers.py"],
    "tests/plugins/inner_suite.py": [
        "tests/plugins/async_rollback.py",
        "tests/plugins/async_db.py",
        "tests/plugins/leak_detector.py",
        "tests/plugins/leftovers.py",
    ],
    "tests/plugins/processes.py": ["pytest-xdist"],
    "tests/plugins/test_async_rollback_forms.py": ["pytest-randomly", "pytest-xdist"],
    "tests/troubleshooting/test_trio_backend.py": ["anyio"],
    "tests/plugins/test_async_rollback_ways.py": ["anyio", "pytest-rerunfailures", "uvloop"],
}
ROLLED_BACK = [
    "tests/troubleshooting/test_broken_transaction.py",
    "tests/troubleshooting/test_lock_in_a_rolled_back_test.py",
    "tests/users/test_database_markers.py",
    "tests/plugins/test_async_db_hooks.py",
    "tests/users/test_registration_races.py",
    "tests/users/test_viewsets_races.py",
]
PATHS = [path for path in [*COMES, *wiring.ABOUT_THE_USER_MODEL] if "/" in path]


def test_what_is_not_imported_is_in_the_table() -> None:
    assert set(NEEDS) == {*COMES, *ROLLED_BACK}


@pytest.mark.parametrize("name", COMES)
def test_an_entry_brings_what_no_import_tells(name: str) -> None:
    needs = NEEDS[name]

    comes = [*needs.files, *needs.packages, *needs.apps, *needs.middleware, *needs.settings]
    assert comes == COMES[name]


@pytest.mark.parametrize("name", ROLLED_BACK)
def test_what_shows_a_rollback_brings_the_plugin(name: str) -> None:
    assert NEEDS[name] == Needs(files=(ROLLBACK,))


def test_nothing_is_needed_unless_it_is_said() -> None:
    assert (Needs().files, Needs().packages, Needs().apps) == ((), (), ())
    assert (Needs().middleware, Needs().settings, Needs().urls) == ((), (), "")


def test_the_entries_are_constants() -> None:
    with pytest.raises(FrozenInstanceError):
        NEEDS["redis"].urls = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "routes"),
    [
        ("users/viewsets.py", ["api/drf/"]),
        ("users/api.py", ["api/v1/", "api/v1/token/"]),
        ("users/exports.py", ["login/"]),
        ("users/pages.py", ["login/", "logout/"]),
        ("users/views.py", []),
    ],
)
def test_routes_that_are_added_are_python(name: str, routes: list[str]) -> None:
    urlconf: dict[str, list[URLPattern | URLResolver]] = {"urlpatterns": []}

    exec("from django.urls import include, path\n" + NEEDS.get(name, Needs()).urls, urlconf)  # noqa: S102

    assert [str(route.pattern) for route in urlconf["urlpatterns"]] == routes


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("capture_on_commit_callbacks", ROLLBACK),
        ("channels.layers", "tests/plugins/channel_layers.py"),
        ("channels.testing", "tests/plugins/channel_layers.py"),
        ("BlockingError", "tests/plugins/blocking_calls.py"),
        ("django.core.cache", "tests/plugins/caches.py"),
        ("AnonRateThrottle", "tests/plugins/caches.py"),
        ('monkeypatch.setattr("users.api.Seldom.rate", "1/min")', "tests/plugins/caches.py"),
        ("mark.postgresql", "tests/plugins/postgresql.py"),
        ("PUT is not allowed here", "myproject/middleware.py"),
        ("There is nothing at /x", "myproject/middleware.py"),
        ("There is no such user", "myproject/middleware.py"),
    ],
)
def test_a_word_in_a_test_asks_for_a_fixture(text: str, path: str) -> None:
    assert [asked for asked, word in UNASKED.items() if re.search(word, text)] == [path]


def test_fixtures_and_marks_of_packages_are_known() -> None:
    assert wiring.PYTEST_PLUGINS == {
        "mocker": "pytest-mock",
        "time_machine": "time-machine",
        "timeout": "pytest-timeout",
    }


def test_what_is_about_the_user_model_is_listed() -> None:
    assert wiring.ABOUT_THE_USER_MODEL == (
        "tests/users/test_models.py",
        "tests/users/test_admin.py",
        "tests/users/test_services.py",
        "tests/users/test_viewsets.py",
        "tests/users/test_viewsets_races.py",
        "tests/myproject/management/commands/test_demo.py",
    )


@pytest.mark.parametrize(
    ("path", "stays"),
    [
        ("myproject/settings.py", True),
        ("myproject/asgi.py", True),
        ("myproject/apps.py", True),
        ("users/urls.py", True),
        ("users/apps.py", False),
        ("myproject/middleware.py", False),
    ],
)
def test_what_a_project_has_of_its_own_stays_behind(path: str, stays: bool) -> None:
    assert any(fnmatch(path, glob) for glob in wiring.STAY_BEHIND) is stays


def test_the_frame_of_pages_has_the_blocks_of_this_site() -> None:
    assert wiring.EXTENDS_BASE == '{% extends "base.html" %}'
    assert wiring.BASE == (
        "<!doctype html>\n<title>{% block title %}{% endblock %}</title>\n"
        "{% block head %}{% endblock %}\n<main>{% block main %}{% endblock %}</main>\n"
    )


@pytest.mark.parametrize("path", [*ROLLED_BACK, *UNASKED, *PATHS])
def test_a_path_is_that_of_a_file(path: str) -> None:
    assert (settings.BASE_DIR / path).is_file()
