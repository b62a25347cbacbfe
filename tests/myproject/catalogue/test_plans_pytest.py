"""Test which of pytest's options a project gets, and in which of its files.

Give the project its options in each place where pytest looks for them. The trap is a pytest.ini
beside them: pytest then reads that one alone.
"""

from pathlib import Path

import pytest

from tests.myproject.catalogue.planning import MakePlan, move_below_src, write

LOOPS = {
    "asyncio_default_fixture_loop_scope": "function",
    "asyncio_default_test_loop_scope": "function",
}
ALL = {"DJANGO_SETTINGS_MODULE": "shop.settings", "asyncio_mode": "auto", **LOOPS}
LOOPS_IN_COMMAND = (
    "-o asyncio_default_fixture_loop_scope=function -o asyncio_default_test_loop_scope=function"
)


@pytest.mark.parametrize(
    ("file", "text", "options"),
    [
        ("readme", "", {**ALL, "pythonpath": "."}),
        ("pytest.ini", "[pytest]\npythonpath = src\n", ALL),
        (
            ".pytest.ini",
            "[pytest]\nasyncio_mode = auto\nDJANGO_SETTINGS_MODULE = shop.settings\n",
            {**LOOPS, "pythonpath": "."},
        ),
    ],
    ids=["no file", "pytest.ini", "hidden"],
)
def test_options_that_are_missing_are_to_be_added(
    plan: MakePlan, target: Path, file: str, text: str, options: dict[str, str]
) -> None:
    write(target, {file: text})

    made = plan("chat-views")

    assert made.pytest == options
    assert made.run == "python -m pytest tests/test_chat_views.py"
    assert made.advice == []


def test_tests_that_run_in_another_mode_are_told_theirs(plan: MakePlan, target: Path) -> None:
    write(target, {"pytest.ini": "[pytest]\nasyncio_mode = strict\n"})

    made = plan("chat-views")

    assert made.run == "python -m pytest -o asyncio_mode=auto tests/test_chat_views.py"
    assert made.pytest == {"DJANGO_SETTINGS_MODULE": "shop.settings", **LOOPS, "pythonpath": "."}


def test_options_in_another_file_stay_there(plan: MakePlan, target: Path) -> None:
    write(target, {"setup.cfg": "[tool:pytest]\nasyncio_mode = strict\npythonpath = .\n"})

    made = plan("chat-views")

    assert made.pytest == {}
    assert made.run == (
        "python -m pytest --ds=shop.settings -o asyncio_mode=auto"
        f" {LOOPS_IN_COMMAND} tests/test_chat_views.py"
    )
    assert made.advice == [
        "Pytest's options are in setup.cfg, where a pytest.ini would hide them. The command has"
        " what is missing; to leave it out there, add to setup.cfg:"
        " DJANGO_SETTINGS_MODULE = shop.settings, asyncio_default_fixture_loop_scope = function,"
        " asyncio_default_test_loop_scope = function"
    ]


def test_options_that_are_all_there_need_no_advice(plan: MakePlan, target: Path) -> None:
    options = "".join(f"{name} = '{value}'\n" for name, value in ALL.items())
    pyproject = f"[tool.pytest.ini_options]\n{options}pythonpath = '.'\n"
    write(target, {"pyproject.toml": pyproject})

    made = plan("chat-views")

    assert (made.pytest, made.advice) == ({}, [])
    assert made.run == "python -m pytest tests/test_chat_views.py"


def test_folders_that_are_imported_from_are_named_as_a_shell_takes_them(
    plan: MakePlan, target: Path
) -> None:
    move_below_src(target)
    write(target, {"src/tests/test_x.py": "", "tox.ini": "[pytest]\nasyncio_mode = auto\n"})

    made = plan("chat-views")

    assert made.run == (
        "python -m pytest --ds=shop.settings"
        f' {LOOPS_IN_COMMAND} -o pythonpath=". src" src/tests/test_chat_views.py'
    )
