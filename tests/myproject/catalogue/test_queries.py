"""Test what is read out of free text.

Parametrize with the forms that people really send, each with an id that says what is special about
it. The trap is a regular expression that takes seconds for a text which nobody would write, until
somebody does: so test the longest input, with a limit.
"""

from time import process_time

import pytest

from myproject.catalogue.queries import CHARACTERS, Query, message_key, terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the ORM in a coroutine", "orm coroutine"),
        ("SyncToAsync", "synctoasync sync async"),
        ("HTTPServer", "httpserver http server"),
        ("sync_to_async", "sync async"),
        ("<Future at 0x7f3a>", "future"),
        ("got 404, not 200", "404"),
        ('File "/srv/venv/site-packages/factory/django.py", line 404', "factory django"),
        ("rolled back, rolling back", "rollback rollback"),
        ("e-mail from a db of postgres", "email database postgresql"),
        ("logged in to a web socket", "login websocket"),
        ("Café", "café"),
        ("A" * 200, ""),
    ],
    ids=[
        "small words are left out",
        "CamelCase also counts in parts",
        "an acronym is one part",
        "snake_case counts in parts",
        "an address is left out",
        "a status is a word",
        "of a package's path the end tells",
        "one spelling for two words",
        "one spelling for several",
        "one spelling for what people say",
        "letters of all languages",
        "what is too long to be meant",
    ],
)
def test_terms_are_what_a_text_can_be_found_by(text: str, found: str) -> None:
    assert " ".join(terms(text)) == found


@pytest.mark.parametrize(
    "line",
    [
        "django.db.utils.OperationalError: database is locked",
        "OperationalError: database is locked",
        "E   django.db.utils.OperationalError: database is locked",
        "FAILED tests/test_x.py::test_y - OperationalError: database is locked",
    ],
    ids=["with its module", "without", "from pytest", "from pytest's summary"],
)
def test_an_error_is_its_message_and_its_exception(line: str) -> None:
    query = Query(f"Traceback (most recent call last):\n{line}\n")

    assert query.is_error
    assert query.messages == [["database", "locked"], ["operationalerror"]]


def test_an_exception_alone_is_the_message() -> None:
    assert Query("channels.exceptions.ChannelFull").messages == [
        ["channels", "exceptions", "channelfull", "channel", "full"]
    ]


def test_a_message_is_the_same_with_and_without_its_exception() -> None:
    with_exception = message_key("django.db.utils.OperationalError: database is locked")

    assert with_exception == message_key("Database is locked.")
    assert with_exception != message_key("OperationalError: the connection is closed")


def test_only_the_first_exception_is_none_of_the_message() -> None:
    assert (
        message_key("RuntimeError: OperationalError: locked")
        == "operationalerror operational error locked"
    )


def test_what_stands_around_an_error_counts_more_than_the_error_again() -> None:
    query = Query("order = OrderFactory()\nE   ValueError: no such row")

    (error, in_error), (around, around_error) = query.parts
    assert "row" in error
    assert "orderfactory" in around
    assert "row" not in around
    assert in_error < around_error


def test_a_question_is_spelt_as_the_pages_spell_it() -> None:
    query = Query("websokcet", spelt={"websokcet": "websocket"}.__getitem__)

    assert not query.is_error
    assert query.messages == [["websocket"]]
    assert [words for words, _ in query.parts] == [["websocket"]]


@pytest.mark.parametrize(
    ("text", "is_how_to"),
    [
        ("how do I test a view", True),
        ("Testing uploads", True),
        ("my tests are skipped", False),
        ("how to test this: ValueError: x", False),
    ],
    ids=["how to test", "testing", "a complaint", "an error"],
)
def test_a_question_how_to_test_is_told_from_the_others(text: str, is_how_to: bool) -> None:
    assert Query(text).is_how_to is is_how_to


def test_of_an_object_that_an_error_names_the_address_is_left_out() -> None:
    query = Query("ValueError: <Door at 0x7f06a4b2> has no hinge")

    assert query.messages == [["door", "hinge"], ["valueerror"]]


def test_only_the_end_of_a_long_text_is_read() -> None:
    query = Query("ValueError: first\n" + "x \n" * CHARACTERS + "KeyError: room")

    assert query.messages == [["room"], ["keyerror"]]


@pytest.mark.parametrize(
    "text",
    ["word " * 15_000, "ValueError: x\n" * 15_000, "A" * 90_000, "a." * 45_000, "E   " * 20_000],
    ids=["words", "errors", "one word", "dots", "error lines of nothing"],
)
def test_a_text_without_end_is_read_in_no_time(text: str) -> None:
    started = process_time()

    messages = Query(text).messages

    assert process_time() - started < 0.5  # seconds of this process, however busy the machine is
    assert len(messages) <= 40
