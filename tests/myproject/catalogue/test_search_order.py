"""Test what counts for more in a ranking, and what for as much.

Let two pages differ in one thing, and put the worse one first: by itself it would stay there. The
trap is a page that is first anyway, which would prove nothing.
"""

from collections.abc import Callable

import pytest

from myproject.catalogue.catalogue import Catalogue
from tests.myproject.catalogue.conftest import WriteProject

Ranked = Callable[..., list[str]]
HAY = {f"talks/test_{name}.py": f'"""{name}."""' for name in ("straw", "grass", "clover", "moss")}
LONG = "\n" + "hay = straw\n" * 50
NAME = '"""A needle.\n\nHay straw grass.\n"""'
PROSE = '"""A stack.\n\nHay straw needle.\n"""\ndef test_grass(): ...' + LONG
TEST = '"""A stack.\n\nHay straw grass.\n"""\ndef test_needle(): ...' + LONG
FIELD = '"""A stack.\n\nHay straw grass.\nTold by: needle\n"""'
CODE = '"""A stack.\n\nHay straw grass.\n"""\nneedle, needle.needle = needle(needle)'


@pytest.fixture
def ranked(write_project: WriteProject) -> Ranked:
    """Return a function that searches two pages, and tells which are found and in which order."""

    def search(first: str, second: str, query: str = "needle") -> list[str]:
        pages = {"users/test_first.py": first, "users/test_second.py": second}
        root = write_project({f"tests/{path}": text for path, text in (pages | HAY).items()})
        return [pattern.slug for pattern in Catalogue(root).search(query).patterns]

    return search


@pytest.mark.parametrize(
    ("better", "worse"),
    [(NAME, PROSE), (PROSE, FIELD), (TEST, FIELD), (PROSE, CODE), (TEST, CODE)],
    ids=[
        "the name than the prose",
        "the prose than a field",
        "a test's name than a field",
        "the prose than the code",
        "a test's name than the code",
    ],
)
def test_a_word_counts_for_more_in(ranked: Ranked, better: str, worse: str) -> None:
    assert ranked(worse, better) == ["users-second", "users-first"]


def test_a_page_that_is_all_about_a_word_is_better_than_its_name_alone(ranked: Ranked) -> None:
    prose = "Hay straw needle, and a needle."
    about = f'"""A stack.\n\n{prose}\n"""\ndef test_needle(): ...\ndef test_the_needle(): ...'

    assert ranked(NAME, about) == ["users-second", "users-first"]


@pytest.mark.parametrize(("first", "second"), [(PROSE, TEST), (TEST, PROSE)])
def test_a_word_counts_for_as_much_in_the_prose_and_in_a_test_s_name(
    ranked: Ranked, first: str, second: str
) -> None:
    assert ranked(first, second) == ["users-first", "users-second"]


def test_what_a_field_says_in_several_versions_counts_once(ranked: Ranked) -> None:
    once = "Told by: needle thread button cloth"
    often = "Told by: needle thread\nTold by: needle button\nTold by: needle cloth"
    as_much_code = "# told needle told needle"

    pages = [f'"""A stack.\n\n{once}\n"""\n{as_much_code}', f'"""A stack.\n\n{often}\n"""']

    assert ranked(*pages) == ["users-first", "users-second"]


@pytest.mark.parametrize("query", ["button", "cloth", "needle", "seam", "thread"])
def test_each_text_is_found_by_its_first_word(ranked: Ranked, query: str) -> None:
    page = (
        '"""Button.\n\nCloth.\nTold by: thread\nCure: needle\n"""\n'
        "def test_hay(): ...\ndef test_seam(): ..."
    )

    assert ranked("", page, query) == ["users-second"]


def test_of_an_error_words_in_a_row_count_for_more(ranked: Ranked) -> None:
    apart, in_a_row = "Needle broken, thread.", "Thread, needle broken."

    pages = [f'"""A stack.\n\n{prose}\n"""' for prose in (apart, in_a_row)]

    assert ranked(*pages, "OSError: thread needle") == ["users-second", "users-first"]
    assert ranked(*pages, "thread needle") == ["users-first", "users-second"]


def test_a_word_that_is_begun_may_go_on_in_several_ways(ranked: Ranked) -> None:
    found = ranked('"""A needle."""', '"""Some needlework."""', "needl")

    assert found == ["users-first", "users-second"]


def test_a_page_is_found_by_the_code_that_it_tests(write_project: WriteProject) -> None:
    files = {"users/views.py": "needle = 1", "tests/users/test_views.py": '"""A view."""'}
    catalogue = Catalogue(write_project(files | {f"tests/{path}": "" for path in HAY}))

    assert [pattern.slug for pattern in catalogue.search("needle").patterns] == ["users-views"]


def test_of_pages_that_fit_as_well_all_are_shown(write_project: WriteProject) -> None:
    pages = {f"tests/users/test_{name}.py": '"""A needle."""' for name in "abcde"}
    others = {f"tests/talks/test_{name}.py": '"""A straw."""' for name in "abcdefgh"}
    catalogue = Catalogue(write_project(pages | others))

    found = [pattern.slug for pattern in catalogue.search("needle").patterns]

    assert found == [f"users-{name}" for name in "abcde"]


def test_of_pages_that_hardly_fit_three_are_shown(write_project: WriteProject) -> None:
    best = {"tests/users/test_best.py": NAME}
    hardly = {f"tests/users/test_{name}.py": f"needle, {'straw, ' * 50}" for name in "abcde"}
    others = {f"tests/talks/test_{name}.py": '"""A straw."""' for name in "abcdefgh"}
    catalogue = Catalogue(write_project(best | hardly | others))

    found = [pattern.slug for pattern in catalogue.search("needle").patterns]

    assert found == ["users-best", "users-a", "users-b"]
