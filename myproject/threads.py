"""Threads that are lent: to one borrower at a time, first come, first served.

A borrower who waits for something else can give the thread back meanwhile (``Lease.rest``). More
threads than work cost, so there are few. One more comes for a while only when somebody waits and
the process has little to do: those who have a thread await something slow, or their queries are.
"""

import logging
from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from itertools import count
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from time import monotonic, process_time
from typing import Any
from weakref import WeakSet

from django.db import connections

logger = logging.getLogger(__name__)

STALL = 0.02  # seconds that somebody waits before there may be one more thread
BUSY = 0.5  # processors that the process uses: then it is not threads that are missing
STAY = 10.0  # seconds for which there is one more
PATIENCE = 5.0  # seconds that somebody waits for a thread


class Threads:
    """Lend threads, each with its own database connections.

    Args:
        name: What their names begin with.
        few: How many stay.
        most: How many there are at most.
    """

    def __init__(self, name: str, few: int, most: int) -> None:
        self.name, self.few, self.most = name, few, most
        self.numbers = count()
        self.alive: set[Thread] = set()
        self.queue: SimpleQueue[Lease | None] = SimpleQueue()
        self.grown = 0.0  # when the last one came

    def lend(self, lease: "Lease") -> TimerHandle:
        """Put a lease into the queue."""
        if len(self.alive) < self.few:
            self.add()
        self.queue.put(lease)
        return self.watch_later(lease, monotonic() + PATIENCE)

    def watch_later(self, lease: "Lease", until: float) -> TimerHandle:
        """Look after it in a moment."""
        now = monotonic(), process_time()
        return get_running_loop().call_later(STALL, self.watch, lease, until, *now)

    def watch(self, lease: "Lease", until: float, since: float, cpu: float) -> None:
        """Look whether it still waits, and what for."""
        if lease.begun:
            return
        now = monotonic()
        if now >= until:
            lease.refuse()
            return
        is_busy = process_time() - cpu > BUSY * (now - since)
        if not is_busy and now - self.grown >= STALL and len(self.alive) < self.most:
            self.grown = now
            self.add()
            get_running_loop().call_later(STAY, self.queue.put, None)
        lease.timer = self.watch_later(lease, until)

    def add(self) -> None:
        """Start a thread."""
        thread = Thread(target=self.work, name=f"{self.name}-{next(self.numbers)}", daemon=True)
        self.alive.add(thread)
        thread.start()

    def work(self) -> None:
        """Serve one lease after the other, until there comes ``None``."""
        while lease := self.queue.get():
            lease.begun = True
            lease.work()
        self.alive.discard(current_thread())
        connections.close_all()

    def close(self) -> list[Thread]:
        """Tell the threads to end when they are given back, and return them."""
        threads = list(self.alive)
        for _ in threads:
            self.queue.put(None)
        return threads


def roll_back() -> None:
    """Leave no open transaction behind; a thread that ended here would not either."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            del connections[connection.alias]
            connection.close()
        else:
            connection.close_if_unusable_or_obsolete()


Call = tuple[Future[Any], Callable[[], Any]]
REST: Call = (Future(), roll_back)


class Lease(Executor):
    """One thread, from the first call until the end, or until it may rest.

    Attributes:
        refused: It waited too long; its calls, those to come too, are cancelled.
        awaited: Whether those who make a call wait for it; else it is done at the end.
    """

    def __init__(self, threads: Threads) -> None:
        self.threads = threads
        self.calls: SimpleQueue[Call | None] = SimpleQueue()
        self.last: list[Call] = []  # for the end
        self.lock = Lock()
        self.timer: TimerHandle | None = None  # since it asked for a thread
        self.begun = False
        self.refused = False
        self.awaited = True

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do a call in the thread, as soon as there is one."""
        future: Future[Any] = Future()
        if self.refused:
            future.cancel()
            return future
        if not self.awaited:
            future.add_done_callback(log_failure)
            self.last.append((future, partial(call, *args, **kwargs)))
            future = Future()
            future.set_result(None)
            return future
        with self.lock:
            self.calls.put((future, partial(call, *args, **kwargs)))
            if self.timer is None:
                self.timer = self.threads.lend(self)
        return future

    def work(self) -> None:
        """Do the calls, in the thread, as long as it is lent."""
        for connection in connections.all():
            note_half_read(connection)
        while call := self.calls.get():
            if call is not REST:
                run(*call)
            elif self.has_given_back():
                return

    def rest(self) -> None:
        """Give the thread back after the calls so far, and ask for another with the next.

        Not if it keeps what the next call will look for: see ``is_in_use``.
        """
        with self.lock:
            if self.begun and self.timer:
                self.timer.cancel()
                self.calls.put(REST)

    def has_given_back(self) -> bool:
        """Give the thread back, if it keeps nothing, and there is nothing more to do."""
        if any(map(is_in_use, connections.all(initialized_only=True))):
            return False
        roll_back()
        with self.lock:
            if not self.calls.empty():
                return False
            self.timer, self.begun = None, False
            return True

    def refuse(self) -> None:
        """Cancel the calls, if none has begun."""
        with suppress(Empty):
            while call := self.calls.get_nowait():
                self.refused = call[0].cancel() or self.refused

    def part(self, threads: Threads) -> None:
        """Let nobody wait for what is called from now on: at the end it is done at one go.

        Each time a thread begins, the loop has to hand on the interpreter's lock.

        Args:
            threads: Where it is done, unless a thread is lent already.
        """
        self.threads, self.awaited = threads, False

    def end(self) -> None:
        """Give the thread back, after the calls that nobody waits for."""
        with self.lock:
            if self.last and self.timer is None:
                self.timer = self.threads.lend(self)
            if self.timer:
                self.timer.cancel()
                for call in self.last:
                    self.calls.put(call)
                self.calls.put((Future(), roll_back))
                self.calls.put(None)


def run(future: Future[Any], call: Callable[[], Any]) -> None:
    """Do a call for those who wait for the future, if anybody still does."""
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the caller
            future.set_exception(error)


def log_failure(future: Future[Any]) -> None:
    """Log what went wrong in a call that nobody waited for."""
    if error := future.exception():
        logger.error("A call after the response failed", exc_info=error)


def is_in_use(connection: Any) -> bool:
    """Tell whether a connection keeps a transaction, or rows that are not all read yet."""
    return connection.connection is not None and (
        not connection.autocommit or bool(getattr(connection, "half_read", ()))
    )


def note_half_read(connection: Any) -> None:
    """Note the cursors of ``aiterator()``, which makes a call for some rows, and later one more."""
    if not hasattr(connection, "half_read"):
        make, connection.half_read = connection.chunked_cursor, WeakSet()

        def chunked_cursor() -> Any:
            cursor = make()
            connection.half_read.add(cursor)
            return cursor

        connection.chunked_cursor = chunked_cursor
