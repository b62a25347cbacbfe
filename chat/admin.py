"""The chat in the admin: where rooms are made private, and members let in."""

from django.contrib import admin

from chat.models import Membership, Room


class MembershipInline(admin.TabularInline):
    """The members of a room."""

    model = Membership
    extra = 1


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    """Rooms."""

    list_display = ["name", "is_private"]
    search_fields = ["name"]
    inlines = [MembershipInline]
