"""Writes that several people want to do at once.

Pessimistic, where they are likely to meet: wait for the row's lock, then look, then write.
Optimistic, where they are not: write on condition that nobody has written since, else say so.
"""

from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.db.models import F

from talks.changes import announce
from talks.models import Seat, Talk


class NoSeatLeftError(Exception):
    """All seats are taken."""


class ChangedMeanwhileError(Exception):
    """Somebody else has changed it since it was read."""


@sync_to_async
def take_seat(talk_id: int, person_id: int) -> int:
    """Give somebody a seat, once, and return how many are left.

    Raises:
        Talk.DoesNotExist: There is no such talk.
        NoSeatLeftError: Others were faster.
    """
    with transaction.atomic():
        # Whoever comes second waits here, and counts when the first is done.
        talk = Talk.objects.select_for_update().get(pk=talk_id)
        left = talk.seats - talk.taken.count()
        if talk.taken.filter(person_id=person_id).exists():
            return left
        if left < 1:
            raise NoSeatLeftError
        Seat.objects.create(talk=talk, person_id=person_id)
        # Robust: if nobody can be told, the seat is taken all the same. No `partial`: it has no
        # name, and Django asks for that when it logs the error.
        transaction.on_commit(lambda: async_to_sync(announce)(talk_id, left - 1), robust=True)
        return left - 1


async def rename(talk_id: int, title: str, version: int) -> None:
    """Give a talk another title, if its version is still the one that the caller has seen.

    Raises:
        ChangedMeanwhileError: It is not, or there is no such talk any more.
    """
    unchanged = Talk.objects.filter(pk=talk_id, version=version)
    # One statement: between its condition and its write nobody comes.
    if not await unchanged.aupdate(title=title, version=F("version") + 1):
        raise ChangedMeanwhileError
