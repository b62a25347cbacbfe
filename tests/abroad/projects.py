"""Fresh projects of several layouts, and a machine that follows a plan in them to the letter."""

import ast
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import requires
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from packaging.requirements import Requirement

from myproject.catalogue.requirements import distributions
from myproject.catalogue.targets import distribution

DJANGO = "Django>=5.2,<6.2"
ROOT = Path(__file__).parents[2]
OURS = (
    "VIRTUAL_ENV",
    "DJANGO_SETTINGS_MODULE",
    "PYTHONPATH",
    "PYTEST_ADDOPTS",
    "DATABASE_URL",
    "REDIS_URL",
)

ACCOUNTS = """
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class AccountManager(BaseUserManager):
    def create_user(self, username, password=None, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class Account(AbstractBaseUser, PermissionsMixin):
    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    objects = AccountManager()
    USERNAME_FIELD = "username"
"""

SOCKETS = """
import os

from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
theirs = URLRouter([path("theirs/", AsyncWebsocketConsumer.as_asgi())])
application = ProtocolTypeRouter(
    {"http": get_asgi_application(), "websocket": AuthMiddlewareStack(theirs)}
)
"""

THEIR_TEST = """
import pytest
from channels.testing import WebsocketCommunicator
from shop.asgi import application


@pytest.mark.asyncio
async def test_their_socket_opens():
    socket = WebsocketCommunicator(application, "/theirs/")
    assert (await socket.connect())[0]
    await socket.disconnect()
"""

OWN_USERS_SETTINGS = """
INSTALLED_APPS += ["accounts", "channels"]
AUTH_USER_MODEL = "accounts.Account"
ASGI_APPLICATION = "shop.asgi.application"
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
"""

# By the name of the layout: what `startproject` does not make, and the packages that it has.
FILES: dict[str, dict[str, str]] = {
    "default": {},
    "own user": {
        "accounts/__init__.py": "",
        "accounts/migrations/__init__.py": "",
        "accounts/models.py": ACCOUNTS,
        "shop/settings.py": OWN_USERS_SETTINGS,
        "shop/asgi.py": SOCKETS,
        "tests/factories.py": "THEIRS = True\n",
        "tests/test_theirs.py": THEIR_TEST,
        "pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = shop.settings\n",
    },
    "drf": {
        "shop/settings.py": '\nINSTALLED_APPS += ["rest_framework"]\n',
        "pyproject.toml": '[tool.pytest.ini_options]\nDJANGO_SETTINGS_MODULE = "shop.settings"\n',
        "tests/test_theirs.py": "def test_it(): ...\n",
    },
    "src": {
        "tests/unit/test_theirs.py": "def test_it(): ...\n",
        "setup.cfg": "[tool:pytest]\naddopts = --strict-markers\n",
    },
}
PACKAGES = {"own user": ["channels>=4.3,<5", "daphne"], "drf": ["djangorestframework>=3.17,<4"]}
WHOLE = ("shop/asgi.py",)  # to be replaced, where others are appended to


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command without what this process was given."""
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**env, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def checked(*command: str | Path, cwd: Path) -> None:
    """Run a command that has to succeed."""
    result = run(*command, cwd=cwd)
    assert result.returncode == 0, result.stdout + result.stderr


def append(file: Path, text: str) -> None:
    """Append to a file, which is made if there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as opened:
        opened.write(text)


def environment(requirements: Iterable[str]) -> Path:
    """Return a virtual environment with just these packages; one is kept for each set of them."""
    wanted = sorted({DJANGO, *requirements})
    key = hashlib.sha256("\n".join([sys.version, *wanted]).encode()).hexdigest()[:16]
    # Each run process has its own, so that none uses what another is still making.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder = ROOT / ".nox" / "abroad-environments" / f"{key}-{worker}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        checked("uv", "venv", "-q", "--python", sys.executable, folder, cwd=ROOT)
        python = folder / "bin/python"
        checked("uv", "pip", "install", "-q", "--python", python, *wanted, cwd=ROOT)
        (folder / "complete").touch()
    return folder


def requirement(name: str) -> str:
    """Return this project's requirement for a package, or nothing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    lines = [line for group in groups for line in group if isinstance(line, str)]
    return {distribution(line): line for line in lines}.get(distribution(name), "")


def with_dependencies(requirements: Iterable[str]) -> set[str]:
    """Return the names of packages, and of all that they require, as they are installed here."""
    found: set[str] = set()
    waiting = [distribution(line) for line in requirements]
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            needed = [Requirement(line) for line in requires(name) or []]
            waiting += [
                distribution(line.name)
                for line in needed
                if line.marker is None or line.marker.evaluate({"extra": ""})
            ]
    return found


def modules_imported(file: Path) -> set[str]:
    """Return the first names of all that a file imports when it runs."""
    tree = ast.parse(file.read_text())
    nodes = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for part in ast.walk(node)
    }
    imports = [node for node in ast.walk(tree) if id(node) not in nodes]
    names = [node.module for node in imports if isinstance(node, ast.ImportFrom) and node.module]
    names += [a.name for node in imports if isinstance(node, ast.Import) for a in node.names]
    return {name.partition(".")[0] for name in names}


class Project:
    """A fresh project.

    Args:
        folder: Where to make it.
        layout: One of ``FILES``.
        database: What it has in its settings instead of a file.
    """

    def __init__(
        self, folder: Path, layout: str, database: Mapping[str, Any] | None = None
    ) -> None:
        self.folder = folder
        self.layout = layout
        self.base = folder / "src" if layout == "src" else folder
        self.packages = PACKAGES.get(layout, [])
        self.base.mkdir(parents=True)
        checked(sys.executable, "-m", "django", "startproject", "shop", self.base, cwd=folder)
        for path, text in FILES[layout].items():
            if path in WHOLE:
                (folder / path).unlink()
            append(folder / path, text)
        if database:
            append(self.base / "shop/settings.py", f'\nDATABASES = {{"default": {database!r}}}\n')
        if layout == "own user":
            checked(sys.executable, "manage.py", "makemigrations", "-v0", "accounts", cwd=folder)

    def plan(self, slug: str, *, follow: bool = False) -> dict[str, Any]:
        """Copy a pattern, and return its plan."""
        output = StringIO()
        with contextlib.suppress(CommandError):  # conflicts, which are in the plan
            call_command("patterns", slug, copy_to=self.folder, json=True, stdout=output)
        plan: dict[str, Any] = json.loads(output.getvalue())
        if follow:
            self.follow(plan)
        return plan

    def follow(self, plan: dict[str, Any]) -> None:
        """Do what a plan says."""
        append(self.base / "shop/settings.py", plan["settings"])
        append(self.base / "shop/urls.py", plan["urls"])
        append(self.base / "shop/asgi.py", plan["asgi"])
        append(self.folder / "conftest.py", plan["conftest"])
        if plan["pytest"]:
            ini = self.folder / "pytest.ini"
            head = "" if ini.exists() else "[pytest]\n"
            options = "".join(f"{name} = {value}\n" for name, value in plan["pytest"].items())
            append(ini, head + options)
        self.packages = [*self.packages, *plan["packages"]]

    def unnamed(self, plan: dict[str, Any]) -> set[str]:
        """Return what the files of a plan import and none of its packages brings."""
        known = distributions()
        brought = with_dependencies([DJANGO, *PACKAGES.get(self.layout, []), *plan["packages"]])
        files = [self.folder / file for file in plan["files"] if file.endswith(".py")]
        modules = {name for file in files for name in modules_imported(file)}
        return {
            name
            for name in modules - set(sys.stdlib_module_names)
            if not (self.base / name).exists()
            and not (self.folder / name).exists()
            and not brought & {distribution(package) for package in known.get(name, [name])}
        }

    def copy(self, slug: str) -> str:
        """Copy a pattern, follow its plan, and return its command."""
        plan = self.plan(slug)
        self.follow(plan)
        return str(plan["run"])

    def run(self, command: str, virtual: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a plan's command with the packages of all plans followed, and no others.

        Args:
            command: What the plan says.
            virtual: An environment to run it in instead.
        """
        virtual = virtual or environment(self.packages)
        path = f"{virtual / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return run("sh", "-c", command, cwd=self.folder, PATH=path, VIRTUAL_ENV=str(virtual))
