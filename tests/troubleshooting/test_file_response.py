"""``FileResponse`` under ASGI.

Its iterator is sync. An async server cannot wait for it, so Django reads the whole file into
memory, in a thread, before it sends the first byte, and only warns. To make the response in the
loop blocks that, too: it opens the file, and asks the machine for its content types.

Message: StreamingHttpResponse must consume synchronous iterators in order to serve them
Told by: the view returns a `FileResponse`
Cure: an async generator in a `StreamingHttpResponse`; for a small file `HttpResponse`; or nginx
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/ref/request-response/#fileresponse-objects
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.test import AsyncClient
from django.urls import path

pytestmark = pytest.mark.urls(__name__)

CHUNK = 4


class Download:
    """The file that both views send."""

    path: Path


async def chunks(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


async def file_response(request: HttpRequest) -> FileResponse:
    return await sync_to_async(lambda: FileResponse(Download.path.open("rb")))()


async def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(chunks(Download.path))


urlpatterns = [path("file/", file_response), path("streamed/", streamed)]


@pytest.fixture(autouse=True)
def _file(tmp_path: Path) -> None:
    Download.path = tmp_path / "words.txt"
    Download.path.write_bytes(b"hello world")


async def test_a_file_response_warns(async_client: AsyncClient) -> None:
    response: Any = await async_client.get("/file/")

    with pytest.warns(Warning, match="must consume synchronous iterators"):
        assert [chunk async for chunk in response] == [b"hello world"]
    response.close()


async def test_an_async_generator_sends_chunk_by_chunk(async_client: AsyncClient) -> None:
    response: Any = await async_client.get("/streamed/")

    assert [chunk async for chunk in response] == [b"hell", b"o wo", b"rld"]
