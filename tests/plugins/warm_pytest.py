"""Runs small suites in a process of their own each, without the time that starting one takes.

Two thirds of a small suite's run is Python that starts, and imports pytest and Django. One process
does that once, and each run is a fork of it: as separate as before, three times as fast. It needs
``warm_process.py`` beside it, pytest's ``pytester`` and a system that forks.

Needs: pytest-asyncio, pytest-django, pytester, tests/plugins/warm_process.py
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.config import default_plugins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What takes longest of all that a small suite of Django's imports before its first test, as far as
# that needs no settings.
WARM = [
    *(f"_pytest.{plugin}" for plugin in default_plugins),
    "django.core.management.commands.migrate",
    "django.db.backends.sqlite3.base",
    "django.db.models.sql.compiler",
    "django.test",
    "pdb",
    "pytest_asyncio.plugin",
    "pytest_django.plugin",
    *filter(find_spec, ["psycopg"]),
]

PROCESS = Path(__file__).with_name("warm_process.py")
OUTPUTS = ("stdout", "stderr")  # the files it leaves them in
# Variables that each run is told by itself. What the process imports is worth keeping compiled, and
# the path of the run that happens to start it is none of the next one's.
OF_A_RUN = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
# It is imported, and so not rewritten; its assertions are not what such a suite is about.
OPTIONS = ["-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]


class WarmPytest:
    """Starts the process at the first run, and anew if one was interrupted.

    Args:
        modules: what the process imports beforehand.
    """

    def __init__(self, modules: Iterable[str] = WARM) -> None:
        self.modules = modules
        self.process: subprocess.Popen[str] | None = None

    def run(self, pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
        """Do what ``pytester.runpytest_subprocess`` does.

        Args:
            pytester: the fixture, in whose folder pytest is to run.
            arguments: pytest's.

        Returns:
            The exit code and the lines of both outputs, to be asserted on as pytester's.
        """
        start = time.perf_counter()
        arguments = (f"--basetemp={pytester.path}/basetemp", *arguments)
        code = self.ask(arguments, pytester.path, dict(os.environ))
        duration = time.perf_counter() - start
        out, err = ((pytester.path / name).read_text().splitlines() for name in OUTPUTS)
        print("\n".join([*out, *err]))  # noqa: T201 - shown if the test fails
        return pytest.RunResult(code, out, err, duration)

    def ask(
        self,
        arguments: Iterable[str],
        folder: Path,
        environment: dict[str, str],
        seconds: float = 300,
    ) -> int:
        """Have pytest run in a folder, and return its exit code.

        Args:
            arguments: pytest's.
            folder: where it runs, and leaves its output.
            environment: all of its environment variables.
            seconds: how long it may take.

        Raises:
            ChildProcessError: The process died, or it took too long.
        """
        process = self.process or self.start()
        assert process.stdin
        assert process.stdout
        try:
            request = [[*OPTIONS, *arguments], str(folder), environment]
            process.stdin.write(f"{json.dumps(request)}\n")
            process.stdin.flush()
            if not any(select.select([process.stdout], [], [], seconds)):
                raise TimeoutError(f"It took more than {seconds} s.")
            return int(process.stdout.readline())
        except BaseException as error:
            self.close()  # or an answer still on its way would be taken for the next one's
            raise ChildProcessError("The process that suites are forked from ended.") from error

    def start(self) -> subprocess.Popen[str]:
        """Start the process."""
        self.process = subprocess.Popen(
            [sys.executable, PROCESS, *self.modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if name not in OF_A_RUN},
        )
        return self.process

    def close(self) -> None:
        """End the process, whatever it does, and what was forked from it."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()
            self.process = None


@pytest.fixture(scope="session")
def warm_pytest() -> Iterator[WarmPytest]:
    """Give the process that all tests of this run fork from."""
    warm = WarmPytest()
    yield warm
    warm.close()
