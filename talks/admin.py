"""Talks in the admin site."""

from django.contrib import admin

from talks.models import Talk


@admin.register(Talk)
class TalkAdmin(admin.ModelAdmin):
    """List talks, and change them."""

    list_display = ["title", "seats"]
    exclude = ["version"]
