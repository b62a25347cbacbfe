"""Test that each plugin works where it is copied alone, with what its docstring says it needs.

A line ``Needs:`` names packages, settings (in capitals) and files of this repository. The trap is
a helper that works because its neighbours are there.
Code: myproject/catalogue/wiring.py
"""

import ast
import re
from pathlib import Path

import pytest

from myproject.catalogue.adaptations import with_any_user_model
from myproject.catalogue.wiring import SETTINGS
from tests.abroad.projects import ROOT, Project, append, requirement

pytestmark = [pytest.mark.abroad, pytest.mark.timeout(600)]

LEAVES_A_GROUP = """
import pytest
from django.contrib.auth.models import Group

@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
async def test_it(turn):
    assert not await Group.objects.aexists()
    await Group.objects.acreate(name="Editors")
"""
LEAVES_A_TASK = """
import asyncio
import pytest
from django.contrib.auth.models import Group

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio(loop_scope="module")]
kept = []

async def test_leaves_a_task():
    kept.extend([asyncio.Event(), asyncio.create_task(write_late())])

async def write_late():
    await kept[0].wait()
    await Group.objects.acreate(name="late")

@pytest.mark.xfail
async def test_meets_it():
    kept[0].set()
    await kept[1]
"""
USES = {
    "async_rollback": LEAVES_A_GROUP,
    "async_db": """
import pytest
from django.contrib.auth.models import Group

@pytest.mark.django_db(transaction=True)
async def test_it(aassert_num_queries):
    async with aassert_num_queries(1):
        await Group.objects.acount()
""",
    "background_tasks": "def test_it(enqueued_tasks):\n    assert enqueued_tasks == []\n",
    "blocking_calls": """
import time
import pytest
from blockbuster import BlockingError

async def test_it():
    with pytest.raises(BlockingError):
        time.sleep(0.001)
""",
    "caches": """
import pytest
from django.core.cache import cache

@pytest.mark.parametrize("turn", [1, 2])
async def test_it(turn):
    assert await cache.aget("key") is None
    await cache.aset("key", "value")
""",
    "channel_layers": """
import pytest
from channels.layers import get_channel_layer

@pytest.mark.parametrize("turn", [1, 2])
async def test_it(turn):
    layer = get_channel_layer()
    assert not layer.groups
    await layer.group_add("room", await layer.new_channel())
""",
    "inner_suite": """
def test_it(inner_suite):
    inner_suite("def test_that(): ...", plugins=[]).assert_outcomes(passed=1)
""",
    "leak_detector": """
import pytest
from django.contrib.auth.models import Group

@pytest.mark.django_db
def test_it():
    Group.objects.create(name="Editors")
""",
    "leftovers": LEAVES_A_TASK,
    "outside_api": """
from external.api import external_api

async def test_it(outside_api):
    assert await external_api.fetch() == {"key": "value"}
""",
    "people": """
async def test_it(authenticated_async_client, user):
    session = await authenticated_async_client.asession()
    assert await session.aget("_auth_user_id") == str(user.pk)
""",
    "postgresql": """
import pytest

@pytest.mark.postgresql
def test_elsewhere():
    assert False

def test_it(): ...
""",
    "sockets": """
from tests.plugins.sockets import socket_to

async def test_it():
    assert socket_to("/ws/").scope["type"] == "websocket"
""",
    "tcp_proxy": "async def test_it(tcp_proxy):\n    assert callable(tcp_proxy)\n",
    "warm_pytest": """
def test_it(pytester, warm_pytest):
    pytester.makepyfile("def test_that(): ...")
    assert warm_pytest.run(pytester, "-p", "no:django", "-p", "no:asyncio").ret == 0
""",
}


@pytest.mark.parametrize("name", USES)
def test_a_plugin_works_alone_with_what_it_needs(tmp_path: Path, name: str) -> None:
    project = Project(tmp_path / "project", "default")
    words = needs(f"tests/plugins/{name}.py")
    plugins = [f"tests.plugins.{name}", *(["pytester"] if "pytester" in words else [])]

    install(project, [f"tests/plugins/{name}.py", *files(words)])
    project.packages = [
        requirement(word)
        for word in ["pytest", "pytest-asyncio", "pytest-django", *words]
        if requirement(word)
    ]
    settings = "".join(f"{word} = {SETTINGS[word]}\n" for word in words if word in SETTINGS)
    append(project.base / "shop/settings.py", settings)
    append(project.folder / "tests/__init__.py", "")
    append(project.folder / "tests/test_it.py", USES[name])
    append(project.folder / "conftest.py", f"pytest_plugins = {plugins + others(words)}\n")
    append(project.folder / "pytest.ini", "[pytest]\nDJANGO_SETTINGS_MODULE = shop.settings\n")
    options = "-o asyncio_mode=auto -p no:cacheprovider"
    result = project.run(f"python -m pytest {options} tests/test_it.py")

    assert result.returncode == 0, result.stdout + result.stderr


def needs(path: str) -> list[str]:
    """Return what the docstring says is needed, word by word, for the files it names, too."""
    docstring = ast.get_docstring(ast.parse((ROOT / path).read_text())) or ""
    words = re.findall(r"[\w./-]+", docstring.partition("Needs:")[2])
    return [*words, *(word for file in files(words) for word in needs(file))]


def files(words: list[str]) -> list[str]:
    """Return the words that are files."""
    return [word for word in words if word.endswith(".py")]


def others(words: list[str]) -> list[str]:
    """Return the plugins among the files."""
    return [
        word.removesuffix(".py").replace("/", ".")
        for word in files(words)
        if word.startswith("tests/plugins/") and "_process" not in word
    ]


def install(project: Project, paths: list[str]) -> None:
    """Copy files as they are, but for the project's name and its user model."""
    for path in dict.fromkeys(paths):
        text = (ROOT / path).read_text().replace("myproject.", "shop.")
        (project.folder / path).unlink(missing_ok=True)
        append(project.folder / path, with_any_user_model(text))
