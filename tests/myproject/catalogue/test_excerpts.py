"""Test code that cuts code apart.

Write the smallest module that has the feature in question, and compare whole results, blank lines
included. The trap is to look only for what must be there: what must not be there is the point.
"""

import ast

import pytest

from myproject.catalogue.catalogue import get_catalogue
from myproject.catalogue.excerpts import cases_in, excerpts_of
from myproject.catalogue.patterns import Source

HEAD = '"""A pattern.\n\nIts prose.\n"""\n\n'


def cut(module: str) -> list[str]:
    return [excerpt.source.text for excerpt in excerpts_of(Source("tests/test_x.py", module))]


def test_a_test_is_named_by_its_sentence() -> None:
    (excerpt,) = excerpts_of(Source("tests/test_x.py", "async def test_it_works(): ...\n"))

    assert excerpt.name == "test_it_works"
    assert excerpt.says == "it works"
    assert excerpt.source == Source("tests/test_x.py", "async def test_it_works(): ...\n")


@pytest.mark.parametrize(
    ("needed", "text"),
    [
        ("import asyncio.timeouts\n", "asyncio.timeouts.timeout()"),
        ("import numpy as np\n", "np.array()"),
        ("from ..factories import UserFactory as Factory\n", "Factory()"),
        ("LIMIT = 3\n", "LIMIT"),
        ("# In seconds,\n# at most.\nLIMIT: int = 3\n", "LIMIT"),
        ("def helper():\n    return 1\n", "helper()"),
        ("def helper():\n    return 1\n\n\nLIMIT = helper()\n", "LIMIT"),
        ("@dataclass\nclass Helper:\n    size: int\n", "Helper(1)"),
    ],
    ids=[
        "an import",
        "an import by another name",
        "a relative import",
        "a constant",
        "a constant with a type and a comment",
        "a function",
        "a constant after a function",
        "a class with its decorator",
    ],
)
def test_what_a_test_uses_comes_with_it(needed: str, text: str) -> None:
    module = f"{needed}\n\ndef test_it():\n    {text}\n"

    assert cut(HEAD + module) == [module]


def test_what_it_does_not_use_stays_behind() -> None:
    module = (
        "import json, re\nfrom x import a, b\n\nONE = 1\nTWO = 2\n\n\n"
        "def helper():\n    return b\n\n\ndef other():\n    return json\n\n\n"
        "def test_it():\n    helper()\n\n\ndef test_other():\n    other()\n"
    )

    assert cut(HEAD + module)[0] == (
        "from x import b\n\n\ndef helper():\n    return b\n\n\ndef test_it():\n    helper()\n"
    )


def test_what_is_used_by_what_it_uses_comes_too() -> None:
    module = "ONE = 1\n\nTWO = ONE\n\n\ndef test_it():\n    assert TWO\n"

    assert cut(HEAD + module) == [module]


@pytest.mark.parametrize(
    "needed",
    [
        "\npytestmark = pytest.mark.django_db",
        "\n\n@pytest.fixture(autouse=True)\ndef quiet():\n    yield",
        "\nurlpatterns = []\n\npytestmark = pytest.mark.urls(__name__)",
    ],
    ids=["marks", "fixtures for every test", "the URLs that a mark names"],
)
def test_what_concerns_every_test_comes_with_each(needed: str) -> None:
    module = f"import pytest\n{needed}\n\n\ndef test_it():\n    assert True\n"

    assert cut(HEAD + module) == [module]


def test_a_comment_above_it_comes_too_though_it_is_the_first_line() -> None:
    module = "# In seconds.\nLIMIT = 3\n\n\ndef test_it():\n    assert LIMIT\n"

    assert cut(f"{module}# The end.\n") == [module]


def test_a_fixture_comes_with_the_test_that_takes_it() -> None:
    module = "@fixture\ndef size():\n    return 1\n\n\ndef test_it(size):\n    assert True\n"

    assert cut(HEAD + module) == [module]


def test_of_a_class_of_tests_each_comes_alone_with_what_they_share() -> None:
    shared = "class Tests(TestCase):\n    size = 1\n"
    one = "\n    def test_one(self):\n        assert 1\n"
    two = "\n    @slow\n    def test_two(self):\n        assert two\n"

    assert cut(HEAD + shared + one + two) == [shared + one, shared + two]


def test_what_only_the_other_tests_of_a_class_use_stays_behind() -> None:
    module = (
        "ONE = 1\n\n\nclass Tests(TestCase):\n    def test_it(self):\n        assert True\n\n"
        "    def test_one(self):\n        assert ONE\n"
    )

    assert cut(HEAD + module)[0] == (
        "class Tests(TestCase):\n    def test_it(self):\n        assert True\n"
    )


def test_every_excerpt_of_this_project_is_python_and_holds_its_test() -> None:
    texts = [
        excerpt.source.text
        for pattern in get_catalogue().patterns
        for excerpt in excerpts_of(pattern.test)
    ]

    tests = [sum(1 for node in ast.parse(text).body for _ in cases_in(node)) for text in texts]
    assert min(tests) == 1
