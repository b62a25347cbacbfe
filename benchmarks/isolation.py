"""What isolating an async test costs: rolled back, in a ``TestCase``, or flushed.

Runs the same tests in four ways: rolled back with ``async_rollback``, as methods of
``django.test.TestCase``, as sync functions that go through ``async_to_sync`` as those methods do
(so what they cost more than the methods is pytest's, for a function and its fixtures), and with
``transaction=True``. Each test creates a row and requests it through ``AsyncClient``. The ways take
turns, and the medians of several rounds are compared::

    uv run benchmarks/isolation.py
    uv run benchmarks/isolation.py --database-url postgres://postgres@127.0.0.1/isolation

A time is that of a whole test (set-up, call and teardown), the median of its run: starting
pytest and creating the database do not count.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from string import Template

PLUGINS = Path(__file__).parent.parent / "tests/plugins"
SELECT = {  # the ways, and pytest's -k for each
    "rollback": "test_rollback",
    "TestCase": "TestThings",
    "sync function": "test_sync",
    "transaction=True": "test_transaction",
}
WAYS = tuple(SELECT)

FILES = {
    "pytest.ini": """
[pytest]
DJANGO_SETTINGS_MODULE = settings
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
""",
    "settings.py": """
import environ
SECRET_KEY = "only for a benchmark"
ROOT_URLCONF = "things.urls"
INSTALLED_APPS = ["things"]
DATABASES = {"default": environ.Env.db_url_config("$url")}
USE_TZ = True
""",
    "conftest.py": """
import itertools
import statistics
import time

pytest_plugins = ["async_rollback"]
ends = []

def pytest_runtest_logfinish():
    ends.append(time.perf_counter())

def pytest_sessionfinish():
    times = [after - before for before, after in itertools.pairwise(ends)]
    print("ms:", 1000 * statistics.median(times))
""",
    "things/__init__.py": "",
    "things/models.py": """
from django.db import models

class Thing(models.Model):
    name = models.CharField(max_length=50)

for number in range($models - 1):
    attributes = {"__module__": __name__, "thing": models.ForeignKey(Thing, models.CASCADE)}
    type(f"Thing{number}", (models.Model,), attributes)
""",
    "things/urls.py": """
from django.http import JsonResponse
from django.urls import path
from .models import Thing

async def things(request):
    return JsonResponse({"names": [thing.name async for thing in Thing.objects.all()]})

urlpatterns = [path("things/", things)]
""",
    "test_things.py": """
import pytest
from asgiref.sync import async_to_sync
from django.test import TestCase
from things.models import Thing

async def create_and_request(client):
    await Thing.objects.acreate(name="one")
    response = await client.get("/things/")
    assert response.json() == {"names": ["one"]}

@pytest.mark.django_db
@pytest.mark.parametrize("number", range($tests))
async def test_rollback(async_client, number):
    await create_and_request(async_client)

@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range($tests))
async def test_transaction(async_client, number):
    await create_and_request(async_client)

@pytest.mark.django_db
@pytest.mark.parametrize("number", range($tests))
def test_sync(async_client, number):
    async_to_sync(create_and_request)(async_client)

async def method(self):
    await create_and_request(self.async_client)

methods = {f"test_{number}": method for number in range($tests)}
TestThings = type("TestThings", (TestCase,), methods)
""",
}


def write_project(folder: Path, **values: object) -> None:
    """Write the little project under test."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(Template(text).substitute(values))
    for plugin in ("async_rollback.py", "leftovers.py"):
        shutil.copy(PLUGINS / plugin, folder)


def run(folder: Path, way: str) -> float:
    """Run the tests one way, in a process of its own, and return the milliseconds per test."""
    command = [sys.executable, "-m", "pytest", "-qs", "-k", SELECT[way]]
    command += ["-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:xdist"]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        sys.exit(result.stdout + result.stderr)
    return float(result.stdout.split("ms: ")[1].split()[0])


def compare(database_url: str, models: int, tests: int, rounds: int) -> None:
    """Print a row for each way: the median and what it is to ``TestCase``."""
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder), url=database_url, models=models, tests=tests)
        for number in range(rounds):
            for way in WAYS[number % 4 :] + WAYS[: number % 4]:
                times[way].append(run(Path(folder), way))
    medians = {way: statistics.median(times[way]) for way in WAYS}
    for way, median in medians.items():
        spread = f"{min(times[way]):.2f}-{max(times[way]):.2f}"
        case, function = median / medians["TestCase"], median / medians["sync function"]
        print(f"| {models} | {way} | {median:.2f} | {spread} | {case:.2f} | {function:.2f} |")
    factor = medians["transaction=True"] / medians["rollback"]
    print(f"| {models} | rollback is **{factor:.1f} times** as fast as transaction=True | | | | |")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database-url", default="sqlite://:memory:")
    parser.add_argument("--models", type=int, nargs="+", default=[1, 50])
    parser.add_argument("--tests", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    scheme = options.database_url.partition(":")[0]
    print(
        f"{options.tests} tests, {options.rounds} rounds, {scheme}; Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n"
    )
    print("| models | way | ms per test | range | to TestCase | to a sync function |")
    print("|---|---|---|---|---|---|")
    for models in options.models:
        compare(options.database_url, models, options.tests, options.rounds)


if __name__ == "__main__":
    main()
