"""A URLconf that is imported in the event loop.

Django imports the URLconf, and through it every view and all they import, at the first request:
in the loop. Under blockbuster whichever async test comes first fails, with the name of a file
function; worse, code that tries an import may take the error for a missing module.

Message: blockbuster.blockbuster.BlockingError: Blocking call to …
Told by: `urls.py` is in the traceback, and the first async test fails, whichever that is
Cure: touch `get_resolver().url_patterns` before the first coroutine runs, once per session
Seen on: Django 5.2.19 and 6.1.3, blockbuster 1.5.29
Upstream: https://github.com/cbornet/blockbuster
"""

from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from blockbuster import BlockingError
from django.test import AsyncClient
from django.urls import get_resolver
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _a_urlconf_that_nobody_has_imported(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{tmp_path.name}.py").write_text(
        "from pathlib import Path\nPath(__file__).read_text()\nurlpatterns = []\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    settings.ROOT_URLCONF = tmp_path.name


async def test_the_first_request_imports_in_the_loop(async_client: AsyncClient) -> None:
    with pytest.raises(BlockingError, match="Blocking call to"):
        await async_client.get("/")


async def test_a_urlconf_imported_before_does_not_block(async_client: AsyncClient) -> None:
    await sync_to_async(lambda: get_resolver().url_patterns)()

    assert (await async_client.get("/")).status_code == 404
