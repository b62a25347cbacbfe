"""The project itself as an app: the home page, the checks, the demo."""

from django.apps import AppConfig


class MyprojectConfig(AppConfig):
    """What belongs to no app in particular."""

    name = "myproject"

    def ready(self) -> None:
        """Register the system checks."""
        from myproject import checks  # noqa: F401
