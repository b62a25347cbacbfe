"""Test which of several messages a line is taken for.

Let two messages share most of their words, and ask with lines that hold all of one, half of it, or
what stands around it as well. The trap is a line that is nearly a message: it must not be taken
for it.
"""

import pytest

from myproject.catalogue.catalogue import Catalogue
from myproject.catalogue.messages import Messages
from myproject.catalogue.queries import Query
from tests.myproject.catalogue.conftest import WriteProject

SYNC_ONLY = "SynchronousOnlyOperation: You cannot call this from an async context."
MESSAGES = {
    "a-orm": [SYNC_ONLY],
    "b-factory": [SYNC_ONLY.partition(": ")[2]],
    "c-locked": ["OperationalError: database table is locked: users_user"],
    "d-closed": ["OperationalError: the connection is closed", "InterfaceError: already closed"],
    "e-slow": ["none; views are slow"],
}


@pytest.fixture
def messages(write_project: WriteProject) -> Messages:
    """Return the messages of five pages."""
    pages = {
        f"tests/troubleshooting/test_{name.replace('-', '_')}.py": "\n".join(
            ['"""X.', "", *(f"Message: {text}" for text in texts), '"""']
        )
        for name, texts in MESSAGES.items()
    }
    return Messages(Catalogue(write_project(pages)).patterns)


ORM, FACTORY, LOCKED, CLOSED, SLOW = range(5)


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        (f"django.core.exceptions.{SYNC_ONLY}", {ORM, FACTORY}),
        ("SynchronousOnlyOperation", {ORM, FACTORY}),
        ("FAILED tests/test_x.py::test_y - SynchronousOnlyOperation: You c...", {ORM, FACTORY}),
        ("You cannot call this from an async context", {ORM, FACTORY}),
        ("OperationalError: database table is locked: shop_order", {LOCKED}),
        ("E   InterfaceError: already closed", {CLOSED}),
        ("OperationalError", set()),
        ("OperationalError: disk full", set()),
        ("views are slow", {SLOW}),
        ("views are slow today", {SLOW}),
        ("are my views slow, or the network, or the cache?", set()),
        ("which views of mine are slow, is it the database, a cache, the network?", set()),
    ],
    ids=[
        "the whole",
        "the exception, which always says the same",
        "cut off",
        "without the exception",
        "with another table",
        "the second message of a page",
        "an exception that says this or that",
        "another message",
        "a symptom",
        "a symptom and half as many words around it",
        "a symptom and as many words around it",
        "a question that holds the words of a symptom",
    ],
)
def test_a_line_is_the_message_of_these_pages(
    messages: Messages, text: str, pages: set[int]
) -> None:
    same, _ = messages.rank(Query(text))

    assert same == pages


def test_the_order_of_words_tells_messages_apart(write_project: WriteProject) -> None:
    texts = ["none; door hits window", "none; window hits door", "none; roof", "none; wall"]
    pages = {
        f"tests/troubleshooting/test_{place}.py": f'"""X.\n\nMessage: {text}\n"""'
        for place, text in enumerate(texts)
    }
    messages = Messages(Catalogue(write_project(pages)).patterns)

    assert messages.rank(Query("window hits door"))[0] == {1}


def test_of_two_lines_that_tell_as_much_the_first_counts(write_project: WriteProject) -> None:
    texts = ["door hits window", "roof hits wall", "fire", "water"]
    pages = {
        f"tests/troubleshooting/test_{place}.py": f'"""X.\n\nMessage: {text}\n"""'
        for place, text in enumerate(texts)
    }
    messages = Messages(Catalogue(write_project(pages)).patterns)

    assert messages.rank(Query(f"E   {texts[1]}\nE   {texts[0]}"))[0] == {1}


def test_the_only_message_is_one_too(write_project: WriteProject) -> None:
    page = {"tests/troubleshooting/test_x.py": '"""X.\n\nMessage: KeyError: door\n"""'}
    messages = Messages(Catalogue(write_project(page)).patterns)

    assert messages.rank(Query("KeyError: door"))[0] == {0}


def test_half_a_message_counts_for_less_than_a_quarter(messages: Messages) -> None:
    _, whole = messages.rank(Query("OperationalError: the connection is closed"))
    _, half = messages.rank(Query("OperationalError: the connection"))

    assert 0 < half[CLOSED] < whole[CLOSED] / 4


def test_of_several_lines_the_best_counts(messages: Messages) -> None:
    line = "E   OperationalError: the connection is closed"

    _, alone = messages.rank(Query(line))
    same, among_others = messages.rank(Query(f"E   ValueError: database\n{line}"))

    assert same == {CLOSED}
    assert among_others[CLOSED] == alone[CLOSED]
    assert 0 < among_others[LOCKED] < among_others[CLOSED]
