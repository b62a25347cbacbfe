"""Let the garbage collector look less often, and not at what stays.

Reference counts free almost everything at once. The collector looks for the rest, cycles, after
each 700 objects more (2,000 on Python 3.13), and now and then at all there are, a whole Django.
A coroutine's tasks, futures and contexts are many objects, so an async server pays more for that
than a sync one.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collect_seldom(objects: int = 10_000) -> Iterator[None]:
    """Collect seldom within the block, and leave alone what is there when it begins.

    Args:
        objects: How many there are more before the young ones are looked at.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(objects)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
