"""Test a ranking: what comes first, and what does not count.

Give it a few documents that differ in one thing each, and assert on the order. The trap is to
assert on scores: they change with each document that is added, and mean nothing by themselves.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from time import process_time

import pytest
from pytest_mock import MockerFixture

from myproject.catalogue.catalogue import Catalogue
from myproject.catalogue.queries import Query
from tests.myproject.catalogue.conftest import WriteProject

SYNC_ONLY = "SynchronousOnlyOperation: You cannot call this from an async context."
PAGES = {
    "troubleshooting/test_orm.py": f'"""The ORM in a coroutine.\n\nMessage: {SYNC_ONLY}\n"""',
    "troubleshooting/test_factory.py": (
        f'"""A factory in a coroutine.\n\nMessage: {SYNC_ONLY}\nTold by: a factory is called\n"""'
    ),
    "troubleshooting/test_locked.py": (
        '"""A locked table.\n\nMessage: OperationalError: database table is locked: users_user\n"""'
    ),
    "troubleshooting/test_closed.py": (
        '"""A closed connection.\n\nMessage: OperationalError: the connection is closed\n'
        'Message: InterfaceError: connection already closed\n"""'
    ),
    "troubleshooting/test_slow.py": '"""Slow views.\n\nMessage: none; views are slow\n"""',
    "users/test_views.py": '"""Test a view.\n\nSoon.\n"""\ndef test_view(monkeypatch): ...',
    "users/test_slow.py": '"""Test slow views.\n\nSlow ones take a clock.\n"""',
    "users/test_uploads.py": '"""Test an upload of a file.\n\nThe view reads it.\n"""',
    "chat/test_consumers.py": '"""Test a WebSocket consumer.\n\nWith a communicator.\n"""',
    "chat/test_presence.py": '"""Test presence.\n\nEach consumer is heard by the others.\n"""',
}


@pytest.fixture
def catalogue(write_project: WriteProject) -> Catalogue:
    """Return a catalogue of some pages."""
    return Catalogue(write_project({f"tests/{path}": text for path, text in PAGES.items()}))


def slugs(catalogue: Catalogue, query: str) -> list[str]:
    return [pattern.slug for pattern in catalogue.search(query).patterns]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("consumer", "chat-consumers"),
        ("websocket consum", "chat-consumers"),
        ("communicato", "chat-consumers"),
        ("websokcet", "chat-consumers"),
        ("how can I test file uploads?", "users-uploads"),
        ("who is heard", "chat-presence"),
        ("monkeypatch", "users-views"),
        ("slow views", "troubleshooting-slow"),
        (
            "sqlite3.OperationalError: database table is locked: shop_order",
            "troubleshooting-locked",
        ),
        ("E   InterfaceError: connection already closed", "troubleshooting-closed"),
        ("connection is closed", "troubleshooting-closed"),
    ],
    ids=[
        "the name counts more than the prose",
        "a word that is only begun",
        "only a word that is begun",
        "misspelt",
        "a question",
        "a word of the prose",
        "a word of the code",
        "a symptom",
        "an error about a table of one's own",
        "the second message of a page",
        "a message without its exception",
    ],
)
def test_the_best_comes_first(catalogue: Catalogue, query: str, first: str) -> None:
    assert slugs(catalogue, query)[0] == first


def test_who_asks_how_to_test_is_shown_that_before_a_cure(catalogue: Catalogue) -> None:
    assert slugs(catalogue, "slow views")[:2] == ["troubleshooting-slow", "users-slow"]
    assert slugs(catalogue, "how to test slow views")[:2] == ["users-slow", "troubleshooting-slow"]


def test_what_is_about_this_repository_comes_after_what_others_need(
    write_project: WriteProject,
) -> None:
    folders = ["myproject/catalogue", "users", "chat", "external", "talks"]
    names = ["the ranking of a ranking", "a ranking", "a view", "a socket", "a page"]
    pages = zip(folders, names, strict=True)
    catalogue = Catalogue(
        write_project({f"tests/{path}/test_x.py": f'"""Test {name}."""' for path, name in pages})
    )

    assert slugs(catalogue, "ranking")[:2] == ["users-x", "myproject-catalogue-x"]


def test_one_message_with_several_causes_shows_them_together(catalogue: Catalogue) -> None:
    found = catalogue.search(f"django.core.exceptions.{SYNC_ONLY}")

    assert {pattern.slug for pattern in found.causes} == {
        "troubleshooting-orm",
        "troubleshooting-factory",
    }
    assert found.patterns[:2] == found.causes
    assert found.others == found.patterns[2:]


def test_what_stands_around_an_error_tells_its_causes_apart(catalogue: Catalogue) -> None:
    around = "    order = OrderFactory()\n  factory/base.py:43: in __call__"

    (first, second) = catalogue.search(f"{around}\nE   {SYNC_ONLY}").causes

    assert first.slug == "troubleshooting-factory"
    assert second.slug == "troubleshooting-orm"


def test_an_exception_that_always_says_the_same_stands_for_its_message(
    catalogue: Catalogue,
) -> None:
    cut_off = "FAILED tests/test_x.py - SynchronousOnlyOperation: You cann..."

    assert len(catalogue.search("SynchronousOnlyOperation").causes) == 2
    assert len(catalogue.search(cut_off).causes) == 2
    assert catalogue.search("OperationalError").causes == []


def test_a_message_of_one_page_has_no_causes_to_tell_apart(catalogue: Catalogue) -> None:
    assert catalogue.search("OperationalError: the connection is closed").causes == []


def test_a_question_that_holds_the_words_of_a_message_is_a_question(catalogue: Catalogue) -> None:
    question = "can a view call an async function of a context manager from another package"

    assert catalogue.search(question).causes == []


def test_what_comes_near_follows(catalogue: Catalogue) -> None:
    assert set(slugs(catalogue, "OperationalError: the connection is closed")[1:]) >= {
        "troubleshooting-locked"
    }


def test_words_that_no_page_has_find_nothing(catalogue: Catalogue) -> None:
    assert slugs(catalogue, "qwertz") == []
    assert slugs(catalogue, "?! 12") == []
    assert slugs(catalogue, "presumer") == [], "it is not spelt as badly as that"


def test_a_query_of_fifteen_thousand_words_holds_nobody_up(catalogue: Catalogue) -> None:
    slugs(catalogue, "the index is made at the first search")
    started = process_time()

    found = slugs(catalogue, "some words of a view, once more " * 2_000)

    assert process_time() - started < 0.5  # seconds of this process, however busy the machine is
    assert found[0] == "users-views"


def test_who_searches_waits_for_the_one_before(catalogue: Catalogue, mocker: MockerFixture) -> None:
    rank, both = catalogue.index.rank, Barrier(2, timeout=0.05)
    met: list[int] = []

    def rank_slowly(query: Query, messages: dict[int, float]) -> dict[int, float]:
        with suppress(BrokenBarrierError):
            met.append(both.wait())
        return rank(query, messages)

    mocker.patch.object(catalogue.index, "rank", rank_slowly)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(catalogue.search, ["consumer", "consumer"]))

    assert met == []
    assert [each.patterns[0].slug for each in found] == ["chat-consumers"] * 2


async def test_threads_may_search_at_once(catalogue: Catalogue) -> None:
    searches = [asyncio.to_thread(slugs, catalogue, "consumer") for _ in range(20)]

    assert {found[0] for found in await asyncio.gather(*searches)} == {"chat-consumers"}
