"""``manage.py ask_apis``: ask all outside APIs at once, and say what each answered."""

from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from external.api import external_api
from external.gathering import gather_answers


class Command(BaseCommand):
    """A command whose work is async; Django calls ``handle``, and that must not be."""

    help = "Ask the APIs of EXTERNAL_API_URLS, and fail if one gives no answer."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the coroutine, in an event loop that lives as long as it does."""
        async_to_sync(self.ahandle)()

    async def ahandle(self) -> None:
        """Print a line for each API.

        Raises:
            CommandError: One or more gave no answer.
        """
        try:
            answers = await gather_answers(external_api.fetch, settings.EXTERNAL_API_URLS)
        finally:
            await external_api.aclose()  # its connections belong to this loop, which ends here
        for name, answer in answers.items():
            self.stdout.write(f"{name}: {answer.get('error', 'ok')}")
        failed = [name for name, answer in answers.items() if "error" in answer]
        if failed:
            raise CommandError(f"No answer from {', '.join(failed)}.")
