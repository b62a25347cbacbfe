"""People in the admin site."""

from django.contrib import admin

from users.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """List people, and change all but their password."""

    list_display = ["email", "name", "is_active", "is_staff"]
    search_fields = ["email", "name"]
    exclude = ["password"]
