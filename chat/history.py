"""What was said: stored in order, and read again by those who come, or come back.

Each function is one visit to the thread in which the ORM runs.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from chat.database import in_time
from chat.models import Message, Room

Frame = dict[str, Any]


@in_time
def store(room: str, text: str, key: str, name: str = "", sender_id: Any = None) -> Frame:
    """Store a message under the room's next number, and return it as clients see it.

    A key that the room knows already stores nothing: the answer is the message of before.
    """
    try:
        with transaction.atomic():
            message = Message.objects.create(
                room_id=room_id(room),
                number=next_number(room),
                key=key,
                name=name,
                sender_id=sender_id,
                text=text,
            )
    except IntegrityError:
        # The number went back with the transaction.
        message = Message.objects.get(room__name=room, key=key)
    return frame_of(message)


@in_time
def messages(room: str, after: int = 0, limit: int | None = None) -> list[Frame]:
    """Return what was said after a message, the oldest first; of too many, the newest."""
    newest_first = Message.objects.filter(room__name=room, number__gt=after).order_by("-number")
    return [frame_of(message) for message in reversed(newest_first[:limit])]


@in_time
def last_number(room: str) -> int:
    """Return the number of the newest message, 0 if there is none."""
    return Room.objects.filter(name=room).values_list("last_number", flat=True).first() or 0


def room_id(room: str) -> int:
    """Return a room's primary key; make the room if need be."""
    return Room.objects.get_or_create(name=room)[0].pk


def next_number(room: str) -> int:
    """Count up; others wait here until the transaction ends."""
    named = Room.objects.filter(name=room)
    named.update(last_number=F("last_number") + 1)
    return named.values_list("last_number", flat=True).get()


def frame_of(message: Message) -> Frame:
    """Return a message as clients see it."""
    return {
        "id": message.number,
        "key": message.key,
        "from": message.name or None,
        "message": message.text,
    }
