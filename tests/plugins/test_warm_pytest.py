"""Run small suites quickly: each in a fork of one process that is warm.

Use it in the tests of a pytest plugin, where ``pytester.runpytest_subprocess`` spends most of its
time on imports. Nothing carries over from one run to the next: the trap of running them in the
process of the test itself, where Django can be set up only once.
"""

import os
import subprocess
import time
from importlib.util import find_spec

import pytest

from tests.plugins.warm_pytest import WARM, WarmPytest


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is tried here is pytest alone, without this project's plugins and settings.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


TELLS_ITS_SURROUNDINGS = """
import os, sys

def test_surroundings(tmp_path):
    assert os.environ["GREETING"] == "hello"
    assert tmp_path.is_relative_to(os.getcwd())
    assert os.path.samefile(os.getcwd(), os.path.dirname(__file__))
    assert "json.tool" not in sys.modules
    import json.tool
    print("number", os.getpid())
    print("complaint", file=sys.stderr)
"""


def test_it_reports_what_a_pytest_of_its_own_would(
    pytester: pytest.Pytester, warm_pytest: WarmPytest
) -> None:
    pytester.makepyfile("def test_good(): pass\ndef test_bad(): assert 1 == 2")

    start = time.perf_counter()
    result = warm_pytest.run(pytester)

    assert 0 < result.duration <= time.perf_counter() - start
    assert result.ret == pytester.runpytest_subprocess().ret == 1
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["E*assert 1 == 2"])


def test_each_run_has_a_process_modules_and_surroundings_of_its_own(
    pytester: pytest.Pytester, warm_pytest: WarmPytest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREETING", "hello")
    pytester.makepyfile(TELLS_ITS_SURROUNDINGS)

    results = [warm_pytest.run(pytester, "-s") for _ in range(2)]

    numbers = {line for r in results for line in r.outlines if "number" in line}
    assert [result.ret for result in results] == [0, 0]
    assert len(numbers) == 2
    assert str(os.getpid()) not in " ".join(numbers)
    assert [result.errlines for result in results] == [["complaint"]] * 2


def test_both_outputs_are_shown_if_the_test_fails(
    pytester: pytest.Pytester, warm_pytest: WarmPytest, capsys: pytest.CaptureFixture[str]
) -> None:
    pytester.makepyfile("import os\ndef test_it(): os.write(2, b'one\\ntwo')")

    result = warm_pytest.run(pytester, "-s")

    assert capsys.readouterr().out.splitlines() == [*result.outlines, "one", "two"]


@pytest.fixture(scope="session")
def process(warm_pytest: WarmPytest) -> subprocess.Popen[str]:
    return warm_pytest.process or warm_pytest.start()


def test_one_process_serves_all_tests(
    pytester: pytest.Pytester, warm_pytest: WarmPytest, process: subprocess.Popen[str]
) -> None:
    warm_pytest.run(pytester)

    assert warm_pytest.process is process


def test_modules_are_found_on_the_python_path(
    pytester: pytest.Pytester, warm_pytest: WarmPytest, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pytester.mkdir("elsewhere") / "neighbour.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(pytester.path / "elsewhere"))
    pytester.makepyfile("import neighbour\ndef test_it(): assert neighbour")

    assert warm_pytest.run(pytester).ret == 0


def test_the_path_of_the_run_that_starts_the_process_is_none_of_the_next_ones(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = WarmPytest([])
    (pytester.mkdir("elsewhere") / "neighbour.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(pytester.path / "elsewhere"))
    pytester.makepyfile("import neighbour\ndef test_it(): assert neighbour")
    assert warm.run(pytester).ret == 0
    monkeypatch.delenv("PYTHONPATH")

    warm.run(pytester).assert_outcomes(errors=1)

    warm.close()


def test_what_is_imported_beforehand_is_kept_compiled_even_if_a_run_leaves_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = WarmPytest([])
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    pytester.makepyfile(
        "import sys\ndef test_it(): assert sys.dont_write_bytecode > sys.flags.dont_write_bytecode"
    )

    assert warm.run(pytester).ret == 0

    warm.close()


def test_this_project_is_not_on_the_path_of_a_run(
    pytester: pytest.Pytester, warm_pytest: WarmPytest
) -> None:
    pytester.makepyfile("import pytest\ndef test_it():\n  pytest.importorskip('warm_pytest')")

    warm_pytest.run(pytester).assert_outcomes(skipped=1)


def test_a_process_that_died_is_started_anew(pytester: pytest.Pytester) -> None:
    warm = WarmPytest([])
    pytester.makepyfile("import os\ndef test_kills(): os.kill(os.getppid(), 9)")
    with pytest.raises(ChildProcessError, match=r"^The process .* ended\.$"):
        warm.run(pytester)
    pytester.makepyfile("def test_good(): pass")

    assert warm.run(pytester).ret == 0

    warm.close()


def test_a_run_that_takes_too_long_is_ended(pytester: pytest.Pytester) -> None:
    warm = WarmPytest([])
    pytester.makepyfile("import threading\ndef test_hangs(): threading.Event().wait()")

    with pytest.raises(ChildProcessError) as raised:
        warm.ask([], pytester.path, dict(os.environ), seconds=0.5)

    assert str(raised.value.__cause__) == "It took more than 0.5 s."


def test_modules_are_imported_beforehand(pytester: pytest.Pytester) -> None:
    warm = WarmPytest(["json.tool"])
    pytester.makeini("[pytest]\nfilterwarnings = error")
    pytester.makepyfile("import sys\ndef test_it(): assert 'json.tool' in sys.modules")

    assert warm.run(pytester).ret == 0
    assert warm.run(pytester, "-p", "json.tool").ret == 0

    warm.close()


def test_what_takes_a_suite_of_django_long_to_import_is_imported_beforehand(
    pytester: pytest.Pytester,
) -> None:
    warm = WarmPytest([*WARM, "json.tool"])
    pytester.makepyfile("import sys\ndef test_it(): print('', *sys.modules, '', sep='\\n')")

    modules = warm.run(pytester, "-s").outlines

    assert {
        "_pytest.unittest",
        "django.db.backends.sqlite3.base",
        "django.db.migrations.executor",
        "django.db.models.sql.compiler",
        "django.test.client",
        "pdb",
        "pytest_asyncio",
        "pytest_django",
        *filter(find_spec, ["psycopg"]),
    } <= set(modules[: modules.index("json.tool")])
    warm.close()


def test_the_process_ends_when_it_is_closed_however_often() -> None:
    warm = WarmPytest([])
    process = warm.start()

    warm.close()
    warm.close()

    assert process.poll() is not None
