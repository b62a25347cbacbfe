"""Views over talks: see one, take a seat, change the title, listen to what changes."""

from django import forms
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from talks.changes import EventStream, changes
from talks.models import Talk
from talks.services import ChangedMeanwhileError, NoSeatLeftError, rename, take_seat


class TitleForm(forms.Form):
    """A new title, and the version that its author has seen."""

    title = forms.CharField(max_length=200)
    version = forms.IntegerField()


@require_http_methods(["GET", "POST"])
async def talk_detail(request: HttpRequest, talk_id: int) -> JsonResponse:
    """Show a talk, or give it another title; 409 if somebody else was faster."""
    talk = await Talk.objects.filter(pk=talk_id).afirst()
    if talk is None:
        return no_such_talk(talk_id)
    if request.method == "POST":
        return await change_title(request, talk_id)
    left = talk.seats - await talk.taken.acount()
    return JsonResponse({"title": talk.title, "version": talk.version, "seats_left": left})


async def change_title(request: HttpRequest, talk_id: int) -> JsonResponse:
    """Answer 200, 400 with what is wrong in each field, 403, or 409."""
    if not await (await request.auser()).ahas_perm("talks.change_talk"):
        return JsonResponse({"detail": "You may not change talks."}, status=403)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    try:
        await rename(talk_id, **form.cleaned_data)
    except ChangedMeanwhileError:
        detail = "Somebody else has changed it meanwhile. Read it again."
        return JsonResponse({"detail": detail}, status=409)
    return JsonResponse({"version": form.cleaned_data["version"] + 1})


@require_POST
async def take(request: HttpRequest, talk_id: int) -> JsonResponse:
    """Take a seat: 201 and how many are left, or 409 if there was none."""
    person = await request.auser()
    if not person.is_authenticated:
        return JsonResponse({"detail": "Log in first."}, status=401)
    try:
        left = await take_seat(talk_id, person.pk)
    except Talk.DoesNotExist:
        return no_such_talk(talk_id)
    except NoSeatLeftError:
        return JsonResponse({"detail": "All seats are taken."}, status=409)
    return JsonResponse({"seats_left": left}, status=201)


@require_GET
async def listen(request: HttpRequest, talk_id: int) -> HttpResponseBase:
    """Send an event whenever a seat is taken, until the client leaves; asks no database."""
    return EventStream(changes(talk_id))


def no_such_talk(talk_id: int) -> JsonResponse:
    """Answer 404."""
    return JsonResponse({"detail": f"There is no talk {talk_id}."}, status=404)
