"""Hold the tests themselves to a rule, with a test.

Use it for what a linter cannot know: here, that each module with behaviour has a test that shows
it, and each test says what it is for. The trap is a list of exceptions that only grows; a rule
(«defines a function») needs none.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from pytest_django import Settings
from pytest_mock import MockerFixture

from myproject.catalogue.catalogue import Catalogue, UnknownPatternError, get_catalogue
from myproject.catalogue.patterns import Pattern, read_pattern
from tests.myproject.catalogue.conftest import WriteProject
from tests.myproject.settings_file import ROOT


@pytest.fixture
def catalogue(write_project: WriteProject) -> Catalogue:
    """Return a catalogue of three patterns."""
    return Catalogue(
        write_project(
            {
                "tests/troubleshooting/test_locks.py": '"""Survive locks.\n\nMessage: locked\n"""',
                "tests/users/test_views.py": '"""Test a view.\n\nWithout a block.\n"""',
                "tests/users/test_orm.py": '"""Test the ORM.\n\nAs it is.\n"""',
            }
        )
    )


def test_everything_is_found_without_a_query_in_the_order_of_groups(catalogue: Catalogue) -> None:
    found = catalogue.search(" ").patterns

    assert [pattern.slug for pattern in found] == [
        "users-views",
        "users-orm",
        "troubleshooting-locks",
    ]


def test_a_search_ranks_the_patterns(catalogue: Catalogue) -> None:
    assert catalogue.search("locked").patterns[0].slug == "troubleshooting-locks"


@pytest.mark.parametrize(
    "name", ["users-views", "views", "Users/Views", "vie", "a view", "Test a view"]
)
def test_a_pattern_is_found_by_name_or_by_part_of_it(catalogue: Catalogue, name: str) -> None:
    assert catalogue.find(name).slug == "users-views"


def test_a_whole_name_wins_over_a_part_of_another(write_project: WriteProject) -> None:
    files = {"tests/test_x.py": "", "tests/test_x_more.py": ""}
    catalogue = Catalogue(write_project(files))

    assert catalogue.find("x").slug == "x"


def test_the_whole_wins_over_its_parts(write_project: WriteProject) -> None:
    files = {"tests/plugins/test_rollback.py": "", "tests/plugins/test_rollback_proof.py": ""}
    catalogue = Catalogue(write_project(files))

    assert catalogue.find("rollback").slug == "plugins-rollback"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("veiws", "Did you mean users-views?"),
        ("user-views", "Did you mean users-views?"),
        ("user-orm", "Did you mean users-orm?"),
        ("users", "Did you mean users-views or users-orm?"),
        ("locked table", "Did you mean troubleshooting-locks?"),
        ("qwertz", "Try --search with other words."),
    ],
    ids=[
        "misspelt",
        "misspelt in full",
        "misspelt in full, with a short end",
        "ambiguous",
        "found by search",
        "nothing like it",
    ],
)
def test_an_unknown_name_suggests_the_nearest(catalogue: Catalogue, name: str, advice: str) -> None:
    with pytest.raises(UnknownPatternError) as error:
        catalogue.find(name)

    assert str(error.value) == f"There is no single pattern “{name}”. {advice}"


def test_three_patterns_are_suggested_at_most(write_project: WriteProject) -> None:
    files = {f"tests/users/test_{name}.py": '"""Thread a needle."""' for name in "abcd"}

    with pytest.raises(UnknownPatternError, match=r"mean users-a or users-b or users-c\?$"):
        Catalogue(write_project(files)).find("needles")


def test_patterns_with_a_message_in_common_know_each_other(write_project: WriteProject) -> None:
    messages = {"a": "one\nMessage: KeyError: Two!", "b": "two", "c": "three"}
    catalogue = Catalogue(
        write_project(
            {
                f"tests/troubleshooting/test_{name}.py": f'"""X.\n\nMessage: {text}\n"""'
                for name, text in messages.items()
            }
        )
    )

    first, second, third = catalogue.patterns

    assert catalogue.same_message(first) == [second]
    assert catalogue.same_message(second) == [first]
    assert catalogue.same_message(third) == []


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"tests/users/test_views.py": "", "users/views.py": "x = 1"},
            "tests/users/test_views.py has no docstring that names and explains its pattern.",
        ),
        (
            {"tests/users/test_orm.py": '"""Name.\n\nProse.\n"""'},
            "tests/users/test_orm.py mirrors no module: say which it tests, `Code: some/path.py`.",
        ),
        (
            {"tests/users/test_orm.py": '"""Name.\n\nProse.\nCode: users/gone.py\n"""'},
            "tests/users/test_orm.py names users/gone.py, which does not exist.",
        ),
        (
            {"users/sub/views.py": "def view(request): ..."},
            "users/sub/views.py has no pattern: show it in tests/users/sub/test_views.py.",
        ),
    ],
    ids=["no docstring", "no code", "code that is gone", "a module without pattern"],
)
def test_what_is_missing_is_a_problem(
    write_project: WriteProject, files: dict[str, str], problem: str
) -> None:
    assert Catalogue(write_project(files)).problems() == [problem]


@pytest.mark.parametrize(
    "files",
    [
        {"users/urls.py": "urlpatterns = []", "users/apps.py": "class Config: name = 'users'"},
        {"tests/troubleshooting/test_x.py": '"""Name.\n\nProse.\n"""'},
        {"tests/users/test_x.py": '"""Name.\n\nProse.\n"""', "users/x.py": "def f(): ..."},
    ],
    ids=["modules without a function", "a trouble that is its own code", "a module and its test"],
)
def test_what_is_whole_is_no_problem(write_project: WriteProject, files: dict[str, str]) -> None:
    assert Catalogue(write_project(files)).problems() == []


@pytest.mark.parametrize("package", sorted(app.parent.name for app in ROOT.glob("*/apps.py")))
def test_every_app_of_this_project_is_looked_at(write_project: WriteProject, package: str) -> None:
    root = write_project({f"{package}/views.py": "def view(request): ..."})

    assert Catalogue(root).problems() == [
        f"{package}/views.py has no pattern: show it in tests/{package}/test_views.py."
    ]


def test_modules_are_told_in_the_order_of_their_names(write_project: WriteProject) -> None:
    names = [f"users/{name}.py" for name in "hbgdface"]

    catalogue = Catalogue(write_project(dict.fromkeys(names, "def view(): ...")))

    assert catalogue.modules() == sorted(names)


def test_two_who_come_first_wait_for_one_reading(
    write_project: WriteProject, settings: Settings, mocker: MockerFixture
) -> None:
    settings.BASE_DIR = write_project({"tests/test_x.py": ""})
    both = Barrier(2, timeout=0.05)

    def read(root: Path, path: str) -> Pattern:
        with suppress(BrokenBarrierError):
            both.wait()
        return read_pattern(root, path)

    mocker.patch("myproject.catalogue.catalogue.read_pattern", read)

    with ThreadPoolExecutor(2) as pool:
        first, second = [pool.submit(get_catalogue) for _ in range(2)]

    assert first.result() is second.result()


def test_a_project_without_tests_has_no_patterns(write_project: WriteProject) -> None:
    assert Catalogue(write_project({})).patterns == []


def test_the_catalogue_of_this_project_is_whole() -> None:
    assert get_catalogue().problems() == []
