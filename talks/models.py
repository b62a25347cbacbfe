"""Talks, and who has a seat."""

from django.conf import settings
from django.db import models


class Talk(models.Model):
    """Something to listen to, in a room with so many seats."""

    title = models.CharField(max_length=200)
    seats = models.PositiveIntegerField()
    # Counts the changes of the title: who sends an old one has not seen the newest.
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class Seat(models.Model):
    """Somebody's seat at a talk."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="taken")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["talk", "person"], name="one_seat_per_person_and_talk")
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.talk}"
