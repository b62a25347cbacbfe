"""Test what a connection keeps for whoever has its thread, and what is left for the next.

Use stand-ins for connections: a few attributes say all that is asked of them. The trap is a query
whose rows are half read, which no attribute of Django's tells.
Code: myproject/threads.py
"""

from types import SimpleNamespace
from typing import Any

import pytest
from pytest_mock import MockerFixture

from myproject.threads import Lease, is_in_use, note_half_read, roll_back


def test_what_a_borrower_reads_in_parts_is_noted(mocker: MockerFixture) -> None:
    lease = Lease(mocker.Mock())
    connections = mocker.patch("myproject.threads.connections")
    connections.all.return_value = [SimpleNamespace(chunked_cursor=print)]
    lease.calls.put(None)

    lease.work()

    assert not connections.all.return_value[0].half_read


class Cursor:
    """As much of a cursor as is noted."""


def test_a_cursor_is_noted_once_and_for_as_long_as_it_lives() -> None:
    made = [Cursor()]
    connection: Any = SimpleNamespace(chunked_cursor=made.pop)
    note_half_read(connection)
    chunked_cursor = connection.chunked_cursor
    note_half_read(connection)

    cursor = connection.chunked_cursor()

    assert connection.chunked_cursor is chunked_cursor
    assert list(connection.half_read) == [cursor]
    del cursor
    assert not connection.half_read


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        ({"connection": None, "autocommit": False}, False),
        ({"connection": "open", "autocommit": True}, False),
        ({"connection": "open", "autocommit": True, "half_read": []}, False),
        ({"connection": "open", "autocommit": True, "half_read": ["a cursor"]}, True),
        ({"connection": "open", "autocommit": False}, True),
    ],
    ids=["closed", "new", "all read", "half read", "in a transaction"],
)
def test_a_connection_keeps_a_transaction_and_what_is_half_read(
    state: dict[str, Any], kept: bool
) -> None:
    assert is_in_use(SimpleNamespace(**state)) is kept


@pytest.mark.parametrize(
    ("open_block", "called"), [(True, "close"), (False, "close_if_unusable_or_obsolete")]
)
def test_a_connection_is_closed_if_a_transaction_is_open_or_it_is_of_no_more_use(
    mocker: MockerFixture, open_block: bool, called: str
) -> None:
    connection = mocker.Mock(spec=["alias", called], alias="default", in_atomic_block=open_block)
    connections = mocker.patch("myproject.threads.connections", mocker.MagicMock())
    connections.all.return_value = [connection]

    roll_back()

    getattr(connection, called).assert_called_once_with()
    assert connections.__delitem__.called is open_block
