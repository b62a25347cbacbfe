"""A language activated in a coroutine.

The first use of a language reads its catalogues from disk, dozens of files, in the event loop. A
cache hides it afterwards, so under blockbuster the test that comes first fails. Django's
``LocaleMiddleware`` runs in a thread; a consumer that speaks its client's language does not.

Message: blockbuster.blockbuster.BlockingError: Blocking call to os.stat
Message: blockbuster.blockbuster.BlockingError: Blocking call to …
Told by: `gettext` or `translation` is in the traceback
Cure: `await sync_to_async(function)()` around the translated work
Seen on: Django 5.2.19 and 6.1.3, blockbuster 1.5.29
Upstream: none known
"""

import pytest
from asgiref.sync import sync_to_async
from blockbuster import BlockingError
from django.utils import translation


def monday_in(language: str) -> str:
    with translation.override(language):
        return translation.gettext("Monday")


async def test_the_first_use_of_a_language_reads_files() -> None:
    with pytest.raises(BlockingError, match=r"Blocking call to os\.stat"):
        monday_in("cy")


async def test_a_thread_may_read_them() -> None:
    assert await sync_to_async(monday_in)("eo") == "lundo"
