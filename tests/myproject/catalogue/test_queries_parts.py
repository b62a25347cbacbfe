"""Test how much is read out of a text, and what each part of it counts.

Write words that are numbered, so that what is left out shows. The trap is a limit that cuts at the
wrong end: of a log the end tells, of a question the beginning.
"""

import pytest

from myproject.catalogue.queries import Query, message_key

WORDS = [f"w{number}" for number in range(200)]


def test_of_a_question_the_beginning_is_read() -> None:
    query = Query(" ".join(WORDS))

    assert query.is_error is False
    assert query.messages == [WORDS[:150]]
    assert query.parts == [(WORDS[:150], 0.5)]


def test_of_an_error_and_what_stands_around_it_the_ends_are_read() -> None:
    query = Query(f"{' '.join(WORDS)}\nValueError: {' '.join(WORDS)}\n{' '.join(WORDS[:9])}")

    assert query.is_error is True
    assert query.messages == [WORDS[:150], ["valueerror"]]
    assert query.parts == [(WORDS[50:], 0.2), ([*WORDS[59:], *WORDS[:9]], 0.5)]


def test_of_many_errors_the_last_are_read() -> None:
    query = Query("\n".join(f"ValueError: {word}" for word in WORDS[:25]))

    assert query.messages == [*([word] for word in WORDS[5:25]), *[["valueerror"]] * 20]
    assert query.parts[1] == ([], 0.5)


def test_a_line_that_says_nothing_is_no_message() -> None:
    assert Query("E   ...\nE   ValueError: w1").messages == [["w1"], ["valueerror"]]


def test_what_stands_around_errors_is_read_line_by_line() -> None:
    query = Query("w1\nE   ValueError: w2\nw3\nE   KeyError: w4\n")

    assert query.parts == [
        (["valueerror", "value", "error", "w2", "keyerror", "key", "error", "w4"], 0.2),
        (["w1", "w3"], 0.5),
    ]


@pytest.mark.parametrize(
    ("words", "spelt"),
    [(WORDS[:12], ["spelt"] * 12), (WORDS[:13], WORDS[:13])],
    ids=["few", "many"],
)
def test_the_spelling_of_few_words_is_looked_after(words: list[str], spelt: list[str]) -> None:
    query = Query(" ".join(words), spelt=lambda _: "spelt")

    assert query.parts == [(spelt, 0.5)]


def test_a_message_is_known_by_its_words() -> None:
    assert message_key("E   x.y.ValueError: The row w1 is gone") == "row w1 gone"
