"""Test what a page is made of, before it is a page.

Call the function that gathers it, with the smallest modules that differ in the point in question.
The trap is to look for it in HTML: what stands in the wrong section is there as well.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from myproject.catalogue.catalogue import get_catalogue
from myproject.catalogue.views import found_patterns, page_of
from tests.myproject.catalogue.conftest import WriteProject

Gather = Callable[[str], dict[str, Any]]
LONG = "def test_long():\n    assert 1\n    assert 2\n\n\n"
SHORT = "def test_short():\n    assert 1\n\n\n"
MIDDLE = "def test_middle(): ...\n"
CURE = '"""A cure.\n\nMessage: KeyError: x\n"""\n'


@pytest.fixture
def gather(write_project: WriteProject, settings: Settings) -> Gather:
    """Return a function that gathers the page of a test module that is about this repository."""

    def page(text: str) -> dict[str, Any]:
        settings.BASE_DIR = write_project(
            {
                "tests/abroad/test_x.py": text,
                "tests/abroad/test_y.py": '"""Another.\n\nMessage: KeyError: x\n"""',
                "abroad/x.py": "def x(): ...",
                "abroad/more.py": "def more(): ...",
            }
        )
        return page_of(get_catalogue().find("abroad-x"))

    return page


def names(excerpts: list[Any]) -> list[str]:
    return [excerpt.name for excerpt in excerpts]


def test_the_shortest_test_is_first_and_the_others_follow_by_length(gather: Gather) -> None:
    page = gather(LONG + MIDDLE + SHORT)

    assert page["first"].name == "test_middle"
    assert names(page["others"]) == ["test_short", "test_long"]
    assert page["right"] is None


def test_what_is_tested_is_beside_it_and_not_among_the_files(gather: Gather) -> None:
    page = gather(f'"""X.\n\nMore.\nCode: abroad/x.py, abroad/more.py\n"""\n{SHORT}')

    assert [source.path for source in page["production"]] == ["abroad/x.py"]
    assert [source.path for source in page["files"]] == ["tests/abroad/test_x.py", "abroad/more.py"]


def test_of_a_cure_the_first_test_is_wrong_and_the_last_is_right(gather: Gather) -> None:
    page = gather(CURE + LONG + SHORT + MIDDLE)

    assert (page["first"].name, page["right"].name) == ("test_long", "test_middle")
    assert names(page["others"]) == ["test_short"]
    assert page["production"] == []
    assert [source.path for source in page["files"]] == ["tests/abroad/test_x.py", "abroad/x.py"]


def test_two_tests_are_enough_for_a_cure(gather: Gather) -> None:
    page = gather(CURE + LONG + SHORT)

    assert (page["first"].name, page["right"].name) == ("test_long", "test_short")
    assert page["others"] == []


def test_one_is_not(gather: Gather) -> None:
    page = gather(CURE + LONG)

    assert (page["first"].name, page["right"], page["others"]) == ("test_long", None, [])


def test_a_module_without_tests_has_a_page_all_the_same(gather: Gather) -> None:
    page = gather('"""X.\n\nMore.\n"""')

    assert (page["first"], page["right"], page["others"]) == (None, None, [])
    assert page["steps"] == {}


def test_who_has_the_same_message_is_named(gather: Gather) -> None:
    page = gather(CURE + LONG + SHORT)

    assert [pattern.slug for pattern in page["same"]] == ["abroad-y"]


def test_tasks_are_the_patterns_that_test_something_of_ones_own(rf: RequestFactory) -> None:
    tasks: Any = found_patterns(rf.get("/"))["tasks"]

    groups = [group for group, _ in tasks]
    assert groups[0] == "Views"
    assert len(groups) == len(set(groups))
    assert [pattern for _, members in tasks for pattern in members] == [
        pattern for pattern in get_catalogue().patterns if pattern.task
    ]


@pytest.mark.parametrize("address", ["/", "/?q=", "/?q=%20"])
def test_without_words_to_look_for_all_are_found(rf: RequestFactory, address: str) -> None:
    found: dict[str, Any] = found_patterns(rf.get(address))

    assert found["query"] == ""
    assert found["found"].patterns == get_catalogue().patterns
