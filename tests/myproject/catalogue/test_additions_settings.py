"""Test which settings a copy adds to those that a project has.

Compare the whole text that is added, for a project that has none of it, and for one that has it.
The trap is a setting that is added a second time: the later one wins, and the project's is gone.
"""

from pathlib import Path

import pytest

from tests.myproject.catalogue.planning import TARGET, MakePlan, write

SOURCE = {
    "tests/chat/test_views.py": '"""Test a view.\n\nCode: chat/views.py, users/managing.py\n"""\n',
    "chat/views.py": (
        "import chat.tickets, users.api, users.avatars, myproject.logins, myproject.middleware\n"
    ),
    "chat/tickets.py": "",
    "users/api.py": "",
    "users/avatars.py": "",
    "users/managing.py": (
        "import users.management.commands.tidy, myproject.management.commands.demo\n"
    ),
    "users/management/commands/tidy.py": "",
    "myproject/logins.py": "",
    "myproject/management/commands/demo.py": "",
    "myproject/middleware.py": "",
    "myproject/parsers.py": "",
}
INSTALLED_APPS = (
    'INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework.authtoken", "chat", "users", "shop"]'
)
SETTINGS = [
    'REST_FRAMEWORK = {"DEFAULT_PARSER_CLASSES": ["shop.parsers.NestingSafeJSONParser"],'
    ' "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],'
    ' "DEFAULT_AUTHENTICATION_CLASSES":'
    ' ["rest_framework.authentication.SessionAuthentication"]}',
    'AUTHENTICATION_BACKENDS = ["shop.logins.LoginLimitBackend",'
    ' "django.contrib.auth.backends.ModelBackend"]',
    'PASSWORD_HASHERS = ["shop.logins.TurnTakingHasher"]',
]
AVATARS = (
    '"avatars": {"BACKEND": "django.core.files.storage.FileSystemStorage",'
    ' "OPTIONS": {"location": "media/avatars", "allow_overwrite": True}}'
)
STORAGES = f"STORAGES = {{**STORAGES, {AVATARS}}}"
FIRST_STORAGES = (
    "from django.conf import global_settings  # noqa: E402\n"
    f"STORAGES = {{**global_settings.STORAGES, {AVATARS}}}"
)
MIDDLEWARE = 'MIDDLEWARE = ["shop.middleware.json_errors_middleware", *MIDDLEWARE]'
ALL = "\n".join(["", INSTALLED_APPS, *SETTINGS, FIRST_STORAGES, MIDDLEWARE, ""])


@pytest.fixture(autouse=True)
def source(tmp_path: Path, plan: MakePlan) -> None:
    """Write a pattern that needs a setting of each kind."""
    write(tmp_path / "source", SOURCE)


def settings_of(target: Path, there: str) -> None:
    """Give a project these settings besides those that it has."""
    write(target, {"shop/settings.py": TARGET["shop/settings.py"] + there})


def test_a_project_that_has_none_of_them_gets_all(plan: MakePlan) -> None:
    assert plan("chat-views").settings == ALL


@pytest.mark.parametrize(
    ("there", "left_out"),
    [
        ("REST_FRAMEWORK = {}\n", SETTINGS[0]),
        ("AUTHENTICATION_BACKENDS = PASSWORD_HASHERS = []\n", "\n".join(SETTINGS[1:])),
        ('MIDDLEWARE = ["shop.middleware.json_errors_middleware"]\n', MIDDLEWARE),
        ("STORAGES = {'avatars': {}}\n", FIRST_STORAGES),
        (
            'INSTALLED_APPS += ["chat", "rest_framework.authtoken", "users.apps.Users", "shop"]\n',
            INSTALLED_APPS,
        ),
    ],
    ids=["a setting", "two settings", "middleware", "a storage", "apps"],
)
def test_what_a_project_has_is_left_out(
    plan: MakePlan, target: Path, there: str, left_out: str
) -> None:
    settings_of(target, there)

    assert plan("chat-views").settings == ALL.replace(f"{left_out}\n", "")


@pytest.mark.parametrize(
    ("there", "instead_of", "added"),
    [
        ("STORAGES = {}\n", FIRST_STORAGES, STORAGES),
        (
            'INSTALLED_APPS = ["chat.tickets", "user", "users_of_shop", "authtoken", "shop"]\n',
            INSTALLED_APPS,
            'INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework.authtoken", "users"]',
        ),
    ],
    ids=["other storages", "other apps"],
)
def test_what_is_added_joins_what_a_project_has(
    plan: MakePlan, target: Path, there: str, instead_of: str, added: str
) -> None:
    settings_of(target, there)

    assert plan("chat-views").settings == ALL.replace(instead_of, added)


def test_a_project_without_lists_of_apps_and_middleware_gets_them_extended_all_the_same(
    plan: MakePlan, target: Path
) -> None:
    write(target, {"shop/settings.py": "from elsewhere import *\n"})

    assert plan("chat-views").settings == ALL


def test_middleware_is_named_as_it_is_called_in_the_project(plan: MakePlan, target: Path) -> None:
    write(target, {"shop/middleware.py": "# theirs"})

    assert plan("chat-views").settings == ALL.replace("shop.middleware", "shop.middleware_async")


def test_a_setting_that_a_test_replaces_is_not_made_of_what_stays_behind(
    plan: MakePlan, tmp_path: Path
) -> None:
    test = (
        '"""Test it.\n\nCode: chat/views.py\n"""\nsettings.PASSWORD_HASHERS = settings.CHAT_BEAT\n'
    )
    write(tmp_path / "source", {"tests/chat/test_views.py": test, "chat/views.py": ""})

    assert plan("chat-views").settings == (
        '\nINSTALLED_APPS = [*INSTALLED_APPS, "chat"]\nCHAT_BEAT = 2.0  # seconds\n'
    )


def test_what_needs_no_settings_adds_nothing(plan: MakePlan, tmp_path: Path) -> None:
    write(
        tmp_path / "source",
        {"tests/test_nothing.py": "", "tests/users/management/commands/x.py": ""},
    )

    assert plan("nothing").settings == ""


def test_a_pattern_about_our_user_model_brings_it(plan: MakePlan) -> None:
    made = plan("users-models")

    assert made.settings == (
        '\nINSTALLED_APPS = [*INSTALLED_APPS, "users"]\nAUTH_USER_MODEL = "users.User"\n'
    )
    assert "users/models.py" in made.files
