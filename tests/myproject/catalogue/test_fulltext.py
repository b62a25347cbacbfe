"""Test what full-text search makes of words.

Insert the few rows that show one rule, and assert on which are found and in what order. The trap
is a corpus of two rows: a word that half of the rows have counts for nothing.
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from myproject.catalogue.fulltext import FullText

ROWS = {
    1: ("the lock of a table", "first"),
    2: ("two tables are locked and locked", "second"),
    3: ("an open door", "lock"),
    4: ("a row", "fourth"),
    5: ("a door", "open"),
    6: ("another row", "sixth"),
    7: ("one more row", "seventh"),
}


@pytest.fixture
def texts() -> FullText:
    """Return a table of seven rows."""
    texts = FullText({"notes": ("title", "body")})
    for number, columns in ROWS.items():
        texts.insert("notes", number, *(column.split() for column in columns))
    return texts


def ranked(texts: FullText, words: str, **options: object) -> list[int]:
    scores = texts.scores("notes", words.split(), **options)  # type: ignore[arg-type]
    return sorted(scores, key=lambda number: -scores[number])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("table", {1, 2}),
        ("locks", {1, 2, 3}),
        ("tab", set()),
        ("tab*", {1, 2}),
        ("fourth sixth", {4, 6}),
        ("zebra fourth", {4}),
        ("", set()),
    ],
    ids=[
        "one word",
        "another form of it",
        "not a part of it",
        "its beginning",
        "any of two",
        "a word that no row has",
        "no words",
    ],
)
def test_rows_that_have_any_of_the_words_are_found(
    texts: FullText, words: str, found: set[int]
) -> None:
    assert set(ranked(texts, words)) == found


def test_a_rare_word_counts_for_more_than_a_common_one(texts: FullText) -> None:
    assert ranked(texts, "row fourth")[0] == 4


def test_a_column_may_count_for_more_than_another(texts: FullText) -> None:
    assert ranked(texts, "open", weights=(5.0, 1.0))[0] == 3
    assert ranked(texts, "open", weights=(1.0, 5.0))[0] == 5


def test_a_score_is_higher_the_better_a_row_fits(texts: FullText) -> None:
    scores = texts.scores("notes", ["open", "door", "lock"])

    assert scores[3] > scores[5] > 0


def test_words_that_follow_each_other_may_count_once_more(texts: FullText) -> None:
    apart = texts.scores("notes", ["open", "row", "door"], pairs=True)
    together = texts.scores("notes", ["row", "open", "door"], pairs=True)

    assert together[3] > apart[3]
    assert texts.scores("notes", ["row", "open", "door"])[3] == pytest.approx(apart[3])


def test_a_word_that_is_asked_for_twice_counts_once(texts: FullText) -> None:
    assert texts.scores("notes", ["door", "door"]) == texts.scores("notes", ["door"])


def test_another_thread_may_search(texts: FullText) -> None:
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(ranked, texts, "fourth").result()

    assert found == [4]


def test_the_connection_is_closed_with_its_tables() -> None:
    texts = FullText({"notes": ("title",)})
    connection = texts.db

    del texts

    with pytest.raises(sqlite3.ProgrammingError, match="Cannot operate on a closed database"):
        connection.execute("SELECT 1")
