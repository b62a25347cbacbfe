"""Give up on a database that says nothing.

Use this wherever a thread waits for PostgreSQL. An outage that refuses is found by every test; the
trap is the one that takes the connection and keeps silent, for which no setting of the driver and
no health check has a time limit.
"""

import socket
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus
from psycopg.waiting import Ready, Wait, wait
from pytest_mock import MockerFixture

from myproject.silence import bound_silence, bounded, is_silent


@dataclass
class Driver:
    """As much of psycopg's connection as waits for a server: a socket."""

    socket: socket.socket

    def __post_init__(self) -> None:
        self.wait = partial(wait, fileno=self.socket.fileno(), interval=0.01)
        self.close = self.socket.close


@dataclass
class Connection:
    """Django's side of it."""

    connection: Driver
    vendor: str = "postgresql"
    errors_occurred: bool = False
    asked: int = 0

    def is_usable(self) -> bool:
        """Be asked; say that it is not."""
        self.asked += 1
        return False


@pytest.fixture(autouse=True)
def bound() -> Iterator[None]:
    """Allow 50 ms of silence, in this test."""
    receivers, connection_created.receivers = connection_created.receivers, []
    bound_silence(0.05)
    yield
    connection_created.receivers = receivers
    connection_created.sender_receivers_cache.clear()


@pytest.fixture
def pair() -> Iterator[tuple[Driver, socket.socket]]:
    """A connection and the server's end of it."""
    ours, servers = socket.socketpair()
    with ours, servers:
        yield Driver(ours), servers


def statement(ours: socket.socket) -> Generator[Any, Any, bytes]:
    """Wait for an answer as psycopg does, and return it."""
    while not (yield Wait.R):
        pass
    return ours.recv(10)


def test_an_answer_is_returned(pair: tuple[Driver, socket.socket]) -> None:
    driver, server = pair
    connection_created.send(Connection, connection=Connection(driver))

    server.send(b"answer")

    assert driver.wait(statement(driver.socket)) == b"answer"


def test_silence_ends_the_wait_and_the_connection(pair: tuple[Driver, socket.socket]) -> None:
    driver, server = pair
    connection_created.send(Connection, connection=Connection(driver))

    with pytest.raises(psycopg.OperationalError, match=r"^no answer within 0\.05 s$"):
        driver.wait(statement(driver.socket))

    assert server.recv(1) == b""


def test_who_speaks_now_and_then_may_take_long(
    pair: tuple[Driver, socket.socket], mocker: MockerFixture
) -> None:
    mocker.patch("myproject.silence.monotonic", side_effect=[0.0, 4.0, 4.0, 8.0, 9.0, 9.1])
    driver, _ = pair
    waiting = bounded((yield_ for yield_ in [Wait.R] * 9), driver, 5.0)  # type: ignore[arg-type]

    next(waiting)
    waiting.send(Ready.NONE)  # 4 s
    waiting.send(Ready.R)
    waiting.send(Ready.NONE)  # 8 s, of which 4 were silent
    waiting.send(Ready.NONE)  # 9 s, of which 5 were

    with pytest.raises(psycopg.OperationalError, match=r"^no answer within 5 s$"):
        waiting.send(Ready.NONE)


def test_who_asks_for_it_twice_gets_it_once() -> None:
    bound_silence(0.05)

    assert len(connection_created.receivers) == 1


def test_what_the_driver_is_told_besides_is_passed_on(mocker: MockerFixture) -> None:
    wait, driver = mocker.Mock(), mocker.Mock()
    driver.wait = wait

    connection_created.send(Connection, connection=Connection(driver))
    driver.wait(mocker.sentinel.statement, "x", interval=5)

    wait.assert_called_once_with(mocker.ANY, "x", interval=5)


def test_the_other_databases_are_left_as_they_are(pair: tuple[Driver, socket.socket]) -> None:
    driver, _ = pair
    wait_before = driver.wait

    connection_created.send(Connection, connection=Connection(driver, vendor="sqlite"))

    assert driver.wait is wait_before


def test_a_statement_that_fails_fails_as_before(pair: tuple[Driver, socket.socket]) -> None:
    driver, _ = pair

    def refused() -> Generator[Any, Any, None]:
        yield Wait.R
        raise psycopg.errors.UndefinedTable("no such table")

    waiting = bounded(refused(), driver, 5.0)  # type: ignore[arg-type]
    next(waiting)

    with pytest.raises(psycopg.errors.UndefinedTable):
        waiting.send(Ready.R)


def idle_driver(mocker: MockerFixture, *heard: BaseException | None) -> Any:
    """A driver between two statements, and what comes of it to listen once and twice."""
    driver = mocker.Mock()
    driver.pgconn.consume_input.side_effect = heard
    driver.info.transaction_status = TransactionStatus.IDLE
    return driver


GONE = psycopg.OperationalError("server closed the connection unexpectedly")


@pytest.mark.parametrize(
    ("heard", "silent"),
    [((None, None), True), ((GONE,), False), ((None, GONE), False)],
    ids=["silent", "closed", "closed after last words"],
)
def test_an_idle_connection_is_good_while_the_server_has_not_closed_it(
    mocker: MockerFixture, heard: tuple[Exception | None, ...], silent: bool
) -> None:
    assert is_silent(idle_driver(mocker, *heard)) is silent


def test_whoever_stops_the_process_meanwhile_is_heard(mocker: MockerFixture) -> None:
    with pytest.raises(KeyboardInterrupt):
        is_silent(idle_driver(mocker, KeyboardInterrupt()))


def test_a_connection_in_a_transaction_is_not_idle(mocker: MockerFixture) -> None:
    driver = idle_driver(mocker, None, None)
    driver.info.transaction_status = TransactionStatus.INTRANS

    assert not is_silent(driver)


@pytest.mark.parametrize(("heard", "usable"), [(None, True), (GONE, False)])
def test_before_a_request_the_server_is_not_asked(
    mocker: MockerFixture, heard: Exception | None, usable: bool
) -> None:
    used = Connection(idle_driver(mocker, None, heard))

    connection_created.send(Connection, connection=used)

    assert used.is_usable() is usable
    assert used.asked == 0


def test_after_an_error_it_is(mocker: MockerFixture) -> None:
    used = Connection(idle_driver(mocker, None, None))
    connection_created.send(Connection, connection=used)

    used.errors_occurred = True

    assert not used.is_usable()
    assert used.asked == 1
