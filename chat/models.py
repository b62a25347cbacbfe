"""Rooms, who belongs to the private ones, and what was said."""

from django.conf import settings
from django.db import models


class Room(models.Model):
    """A room; a public one exists from its first message on."""

    name = models.CharField(max_length=80, unique=True)
    is_private = models.BooleanField(default=False)
    # Of the newest message. Whoever counts it up holds the row until the commit: numbers have no
    # gap, and become visible in their order.
    last_number = models.PositiveBigIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Somebody who may enter a private room."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chat_memberships"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "user"], name="one_membership_per_room")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.room}"


class Message(models.Model):
    """What somebody said, the ``number``-th in its room."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    number = models.PositiveBigIntegerField()
    # The sender's own name for it: what is sent twice is stored once.
    key = models.CharField(max_length=40)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="chat_messages",
    )
    name = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    sent = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "number"], name="one_message_per_number"),
            models.UniqueConstraint(fields=["room", "key"], name="one_message_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.number}"
