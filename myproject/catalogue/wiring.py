"""What a module needs in the project that it is copied to, where no import tells it.

A plan is the union over the files that are copied. Most of it is read from the code itself:

- Packages come from imports, their versions from ``pyproject.toml``.
- Routes come from the ``urls.py`` and ``routing.py`` beside a view or a consumer.
- Fixtures come from the plugins that define them.
- ``from users.models import User`` becomes ``User = get_user_model()``, the target's own.

The tables below hold the rest, an entry where a module is the first to need it. A setting that
copied code reads as ``settings.NAME`` is looked up in ``SETTINGS``.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Needs:
    """What else comes with a file, or with a module that it imports.

    Attributes:
        files: Files that it opens or renders, and so imports from nowhere.
        packages: Distributions that it does not import itself; one that this project has only
            by way of others is taken as it is given.
        apps: Entries of ``INSTALLED_APPS``.
        middleware: Entries of ``MIDDLEWARE``, to come first.
        settings: Names from ``SETTINGS``.
        urls: Lines for the URLconf that ``urls.py`` does not have in one ``path()``.
    """

    files: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    middleware: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    urls: str = ""


ROLLBACK = "tests/plugins/async_rollback.py"

# What a project gets for a setting that it does not have.
SETTINGS = {
    "CHANNEL_LAYERS": (
        '{"default": {"BACKEND": "channels.layers.InMemoryChannelLayer",'
        ' "CONFIG": {"capacity": 10_000}}}'
    ),
    "CHAT_BEAT": "2.0  # seconds",
    "DATABASE_SILENCE": "5.0  # seconds",
    "EXTERNAL_API_URL": '"http://127.0.0.1:8000/upstream/"',
    "EXTERNAL_API_TIMEOUT": "3.0  # seconds, retries included",
    "EXTERNAL_API_CONNECTIONS": "100  # at once, per process",
    "EXTERNAL_API_URLS": '{"upstream": "http://127.0.0.1:8000/upstream/"}',
    "EXTERNAL_API_CACHE_SECONDS": "10.0",
    "EXTERNAL_STREAM_URL": '"http://127.0.0.1:8000/upstream/clock/"',
    "EXTERNAL_STREAM_CONNECTIONS": "1000",
    "REST_FRAMEWORK": (
        '{"DEFAULT_PARSER_CLASSES": ["myproject.parsers.NestingSafeJSONParser"],'
        ' "DEFAULT_PERMISSION_CLASSES":'
        ' ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],'
        ' "DEFAULT_AUTHENTICATION_CLASSES":'
        ' ["rest_framework.authentication.SessionAuthentication"]}'
    ),
    "AUTHENTICATION_BACKENDS": (
        '["myproject.logins.LoginLimitBackend", "django.contrib.auth.backends.ModelBackend"]'
    ),
    "STORAGES": (
        '"avatars": {"BACKEND": "django.core.files.storage.FileSystemStorage",'
        ' "OPTIONS": {"location": "media/avatars", "allow_overwrite": True}}'
    ),
    "PASSWORD_HASHERS": '["myproject.logins.TurnTakingHasher"]',
    "AUTH_USER_MODEL": '"users.User"',
    "LOGIN_URL": '"login"',
    "LOGIN_REDIRECT_URL": '"account"',
}

# Settings to which an entry is added; it is there already if it has this name.
SETTINGS_OF_SEVERAL = {"STORAGES": "avatars"}

# Our pages have a frame of this site's own. It stays here, and what is in it gets another.
EXTENDS_BASE = '{% extends "base.html" %}'
BASE = """<!doctype html>
<title>{% block title %}{% endblock %}</title>
{% block head %}{% endblock %}
<main>{% block main %}{% endblock %}</main>
"""

# By a file's path, or by the name of a module that it imports.
NEEDS = {
    "channels.layers": Needs(settings=("CHANNEL_LAYERS",)),
    "channels.testing": Needs(packages=("daphne",)),
    "redis": Needs(packages=("channels-redis",)),
    "psycopg": Needs(packages=("psycopg",)),
    "rest_framework": Needs(packages=("djangorestframework",), apps=("rest_framework",)),
    "drf_spectacular": Needs(apps=("drf_spectacular",)),
    "users/models.py": Needs(
        settings=("AUTH_USER_MODEL",),
    ),
    "users/viewsets.py": Needs(
        files=("myproject/parsers.py",),
        settings=("REST_FRAMEWORK",),
        urls=(
            "from rest_framework.routers import SimpleRouter\n"
            "from users.viewsets import AsyncUserViewSet\n"
            "router = SimpleRouter(use_regex_path=False)\n"
            'router.register("users", AsyncUserViewSet, basename="drf-user")\n'
            'urlpatterns += [path("api/drf/", include(router.urls))]'
        ),
    ),
    "users/api.py": Needs(
        files=("myproject/parsers.py",),
        apps=("rest_framework.authtoken",),
        settings=("REST_FRAMEWORK",),
        urls=(
            "from adrf.routers import SimpleRouter\n"
            "from users.api import TokenView, UserViewSet\n"
            "router = SimpleRouter(use_regex_path=False)\n"
            'router.register("users", UserViewSet, basename="v1-user")\n'
            'urlpatterns += [path("api/v1/", include(router.urls))]\n'
            'urlpatterns += [path("api/v1/token/", TokenView.as_view())]'
        ),
    ),
    "users/exports.py": Needs(
        settings=("LOGIN_URL",),
        urls=(
            "from django.contrib.auth.views import LoginView\n"
            'urlpatterns += [path("login/", LoginView.as_view(), name="login")]'
        ),
    ),
    "users/avatars.py": Needs(settings=("STORAGES",)),
    "users/invitations.py": Needs(files=("users/templates/users/invite.html",), apps=("users",)),
    "chat/tickets.py": Needs(apps=("rest_framework.authtoken",)),
    "twisted": Needs(packages=("daphne",)),
    "users/pages.py": Needs(
        files=("users/templates/users/account.html", "users/templates/users/login.html"),
        apps=("users",),
        settings=("LOGIN_URL", "LOGIN_REDIRECT_URL"),
        urls=(
            "from django.contrib.auth.views import LoginView, LogoutView\n"
            'login = LoginView.as_view(template_name="users/login.html")\n'
            'urlpatterns += [path("login/", login, name="login")]\n'
            'urlpatterns += [path("logout/", LogoutView.as_view(), name="logout")]'
        ),
    ),
    "chat/views.py": Needs(
        files=(
            "chat/templates/chat/room.html",
            "chat/static/chat/chat.css",
            "chat/static/chat/chat.js",
        ),
        apps=("chat",),
    ),
    "myproject/logins.py": Needs(settings=("AUTHENTICATION_BACKENDS", "PASSWORD_HASHERS")),
    "myproject/middleware.py": Needs(middleware=("myproject.middleware.json_errors_middleware",)),
    "users/paging.py": Needs(files=("users/views.py",)),
    "chat/layer.py": Needs(files=("chat/consumers.py",)),
    # It copies them into the suites that it makes.
    "tests/plugins/inner_suite.py": Needs(
        files=(
            ROLLBACK,
            "tests/plugins/async_db.py",
            "tests/plugins/leak_detector.py",
            "tests/plugins/leftovers.py",
        ),
    ),
    "tests/plugins/processes.py": Needs(packages=("pytest-xdist",)),
    "tests/plugins/test_async_rollback_forms.py": Needs(
        packages=("pytest-randomly", "pytest-xdist")
    ),
    # What they show is a transaction that is rolled back.
    "tests/troubleshooting/test_broken_transaction.py": Needs(files=(ROLLBACK,)),
    "tests/troubleshooting/test_lock_in_a_rolled_back_test.py": Needs(files=(ROLLBACK,)),
    "tests/users/test_database_markers.py": Needs(files=(ROLLBACK,)),
    "tests/plugins/test_async_db_hooks.py": Needs(files=(ROLLBACK,)),
    # Two connections write at once, which a database in memory refuses.
    "tests/users/test_registration_races.py": Needs(files=(ROLLBACK,)),
    "tests/users/test_viewsets_races.py": Needs(files=(ROLLBACK,)),
    "tests/troubleshooting/test_trio_backend.py": Needs(packages=("anyio",)),
    "tests/plugins/test_async_rollback_ways.py": Needs(
        packages=("anyio", "pytest-rerunfailures", "uvloop")
    ),
}

# Fixtures that no test asks for by name: which word in the copied tests tells that it needs them.
UNASKED = {
    ROLLBACK: r"capture_on_commit_callbacks",
    "tests/plugins/channel_layers.py": r"channels\.layers|channels\.testing",
    "tests/plugins/blocking_calls.py": r"BlockingError",
    "tests/plugins/caches.py": r"django\.core\.cache|Throttle\b|\.rate\"",
    "tests/plugins/postgresql.py": r"mark\.postgresql",
    "myproject/middleware.py": r"is not allowed here|There is nothing at|There is no such",
}

# Fixtures and marks of packages.
PYTEST_PLUGINS = {
    "mocker": "pytest-mock",
    "time_machine": "time-machine",
    "timeout": "pytest-timeout",
}

# These show this project's user model. To all others any user model will do.
ABOUT_THE_USER_MODEL = (
    "tests/users/test_models.py",
    "tests/users/test_admin.py",
    "tests/users/test_services.py",
    "tests/users/test_viewsets.py",
    "tests/users/test_viewsets_races.py",
    "tests/myproject/management/commands/test_demo.py",
)

# The project's own modules: the target has them, and lines are added instead.
STAY_BEHIND = ("myproject/settings.py", "myproject/asgi.py", "myproject/apps.py", "*/urls.py")
