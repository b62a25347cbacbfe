"""Who is here, as several processes tell it.

Each process says again and again whom it serves. One that has fallen silent, because it was killed,
takes its people with it. Nobody keeps a list that somebody would have to clean.
"""

import time
from collections.abc import Callable
from typing import Any

People = dict[str, str]  # id: name
Frame = dict[str, Any]


class Roster:
    """The people of one room; each method returns the change, as a frame, or None for no change.

    Args:
        patience: Seconds of silence, after which a process is given up.
        clock: For tests.
    """

    def __init__(self, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience, self.clock = patience, clock
        self.processes: dict[str, People] = {}
        self.heard: dict[str, float] = {}

    def hear(self, process: str, people: People) -> Frame | None:
        """Take down whom a process serves now."""
        before = self.everybody()
        self.processes[process], self.heard[process] = people, self.clock()
        return change(before, self.everybody())

    def forget_silent(self) -> Frame | None:
        """Forget the processes that have not been heard of for too long."""
        before = self.everybody()
        for process, heard in list(self.heard.items()):
            if self.clock() - heard > self.patience:
                del self.processes[process], self.heard[process]
        return change(before, self.everybody())

    def everybody(self) -> People:
        """Return everybody who is here."""
        return {id: name for people in self.processes.values() for id, name in people.items()}


def change(before: People, after: People) -> Frame | None:
    """Return who came, or has another name, and who left."""
    here = {id: name for id, name in after.items() if before.get(id) != name}
    left = [id for id in before if id not in after]
    return {"here": here, "left": left} if here or left else None
