"""Test an upload: multipart through ``AsyncClient``, what is refused, and where it is kept.

Give ``SimpleUploadedFile`` among the form's data, and the test's storage a folder of its own. The
trap is ``MEDIA_ROOT`` as it is: tests write into the folder that development uses, find each
other's files, and leave them there.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient
from pytest_django import Settings
from pytest_mock import MockerFixture

from tests.factories import acreate_user
from users.avatars import LARGEST

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"the rest of a picture"
JPEG = b"\xff\xd8\xff\xe0" + b"the rest of a picture"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Keep uploads in a folder of this test's own."""
    avatars = {**settings.STORAGES["avatars"]}
    avatars["OPTIONS"] = {**avatars["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "avatars": avatars}
    return tmp_path


async def upload(client: AsyncClient, content: bytes, name: str = "me.png") -> Any:
    return await client.post("/api/avatar/", {"avatar": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("picture", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")], ids=["PNG", "JPEG"]
)
async def test_an_uploaded_picture_is_shown(
    authenticated_async_client: AsyncClient, user: Any, picture: bytes, kind: str
) -> None:
    uploaded = await upload(authenticated_async_client, picture)
    shown = await authenticated_async_client.get(f"/api/users/{user.pk}/avatar/")

    assert uploaded.status_code == 201
    assert uploaded.json() == {"avatar": f"/api/users/{user.pk}/avatar/"}
    assert (shown.status_code, shown.content) == (200, picture)
    assert shown.headers["Content-Type"] == kind
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_new_picture_takes_the_place_of_the_old(
    authenticated_async_client: AsyncClient, user: Any, folder: Path
) -> None:
    await upload(authenticated_async_client, PNG)
    await upload(authenticated_async_client, JPEG)

    shown = await authenticated_async_client.get(f"/api/users/{user.pk}/avatar/")

    assert shown.content == JPEG
    assert await asyncio.to_thread(lambda: [file.name for file in folder.iterdir()]) == [
        str(user.pk)
    ]


async def test_what_the_file_is_called_decides_nothing(
    authenticated_async_client: AsyncClient, user: Any
) -> None:
    response = await upload(authenticated_async_client, PNG, name="../../evil.html")

    shown = await authenticated_async_client.get(response.json()["avatar"])
    assert shown.headers["Content-Type"] == "image/png"


async def test_a_picture_as_large_as_allowed_is_kept(
    authenticated_async_client: AsyncClient,
) -> None:
    response = await upload(authenticated_async_client, PNG.ljust(LARGEST, b"."))

    assert response.status_code == 201


@pytest.mark.parametrize(
    ("content", "status", "detail"),
    [
        (PNG.ljust(LARGEST + 1, b"."), 413, "The picture may have 1048576 bytes."),
        (PNG.ljust(4 * LARGEST, b"."), 413, "The picture may have 1048576 bytes."),
        (b"<html>", 415, "The picture must be a PNG or a JPEG."),
        (b"", 415, "The picture must be a PNG or a JPEG."),
    ],
    ids=["a byte too large", "so large that it is a file on the disk", "no picture", "empty"],
)
async def test_a_file_that_is_no_small_picture_is_refused(
    authenticated_async_client: AsyncClient,
    folder: Path,
    content: bytes,
    status: int,
    detail: str,
) -> None:
    response = await upload(authenticated_async_client, content)

    assert response.status_code == status
    assert response.json() == {"detail": detail}
    assert await asyncio.to_thread(lambda: list(folder.iterdir())) == []


async def test_a_disk_that_fails_is_nobodys_fault(
    authenticated_async_client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch.object(storages["avatars"], "save", side_effect=OSError("no space left"))
    mocker.patch.object(storages["avatars"], "open", side_effect=OSError("no such device"))

    with pytest.raises(OSError, match="no space left"):
        await upload(authenticated_async_client, PNG)
    with pytest.raises(OSError, match="no such device"):
        await authenticated_async_client.get("/api/users/1/avatar/")


async def test_a_form_without_a_file_is_refused(authenticated_async_client: AsyncClient) -> None:
    response = await authenticated_async_client.post("/api/avatar/", {"avatar": "me.png"})

    assert response.status_code == 400
    assert response.json() == {"detail": "Send a file named avatar."}


async def test_an_upload_is_for_people_who_are_logged_in(async_client: AsyncClient) -> None:
    response = await upload(async_client, PNG)

    assert response.status_code == 401
    assert response.json() == {"detail": "Log in first."}


async def test_somebody_without_a_picture_has_none_to_show(async_client: AsyncClient) -> None:
    somebody = await acreate_user()

    response = await async_client.get(f"/api/users/{somebody.pk}/avatar/")

    assert response.status_code == 404
    assert response.json() == {"detail": f"User {somebody.pk} has no picture."}


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/api/avatar/"), ("post", "/api/users/1/avatar/")]
)
async def test_other_methods_are_refused(async_client: AsyncClient, method: str, path: str) -> None:
    response = await getattr(async_client, method)(path)

    assert response.status_code == 405
