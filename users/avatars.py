"""A picture of somebody: uploaded in a form, kept by the storage, shown again."""

from typing import Any

from asgiref.sync import sync_to_async
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

LARGEST = 1024 * 1024  # bytes
# By what the file begins with. What its sender calls it, name and content type, proves nothing.
KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class RefusedError(Exception):
    """What was sent is not kept: a status and a reason."""


@require_POST
async def upload_avatar(request: HttpRequest) -> JsonResponse:
    """Keep the file ``avatar`` of the form as one's own picture."""
    person = await request.auser()
    if not person.is_authenticated:
        return JsonResponse({"detail": "Log in first."}, status=401)
    try:
        await keep(request, person.pk)
    except RefusedError as refused:
        status, detail = refused.args
        return JsonResponse({"detail": detail}, status=status)
    return JsonResponse({"avatar": f"/api/users/{person.pk}/avatar/"}, status=201)


@require_safe
async def show_avatar(request: HttpRequest, user_id: int) -> HttpResponse:
    """Answer with somebody's picture.

    It is small, so it is read at once, in a thread. ``FileResponse`` would read it to the end in
    one go as well (its iterator is sync), open it in the event loop, and warn.
    """
    try:
        picture = await sync_to_async(read)(user_id)
    except FileNotFoundError:
        return JsonResponse({"detail": f"User {user_id} has no picture."}, status=404)
    return HttpResponse(picture, content_type=kind_of(picture))


@sync_to_async
def keep(request: HttpRequest, user_id: int) -> None:
    """Check the file and store it, all in one thread: even to parse the form may use the disk.

    By now the server has received the whole body; to limit that is up to the proxy in front.

    Raises:
        RefusedError: With a status and a reason.
    """
    picture: Any = request.FILES.get("avatar")
    if picture is None:
        raise RefusedError(400, "Send a file named avatar.")
    if picture.size > LARGEST:
        raise RefusedError(413, f"The picture may have {LARGEST} bytes.")
    if kind_of(picture.read(8)) is None:
        raise RefusedError(415, "The picture must be a PNG or a JPEG.")
    storages["avatars"].save(str(user_id), picture)


def read(user_id: int) -> bytes:
    """Return the stored picture.

    Raises:
        FileNotFoundError: There is none.
    """
    with storages["avatars"].open(str(user_id)) as picture:
        content: bytes = picture.read()
    return content


def kind_of(beginning: bytes) -> str | None:
    """Return the content type of a picture that begins like this."""
    return next((kind for magic, kind in KINDS.items() if beginning.startswith(magic)), None)
