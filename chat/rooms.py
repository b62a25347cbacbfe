"""Who may enter a room."""

from typing import Any

from chat.database import in_time
from chat.models import Membership, Room


@in_time
def may_enter(room: str, user: Any) -> bool:
    """Tell whether somebody may: anybody a public room, only its members a private one."""
    if not Room.objects.filter(name=room, is_private=True).exists():
        return True
    return Membership.objects.filter(room__name=room, user_id=user.pk).exists()
