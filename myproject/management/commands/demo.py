"""`manage.py demo`: see the project work."""

import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from users.models import User

LOGIN = "ada@example.com"
PASSWORD = "demo"  # noqa: S105 - it is printed for everybody to use
PEOPLE = {
    LOGIN: "Ada Lovelace",
    "grace@example.com": "Grace Hopper",
    "alan@example.com": "Alan Turing",
}


class Command(BaseCommand):
    """Migrate, add people to look at, and serve; as often as you like."""

    help = "Migrate the development database, add demo people and serve on 127.0.0.1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port."""
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Do all of it."""
        if not settings.DEBUG:
            raise CommandError("DEBUG is off: demo would add a login that everybody knows.")
        check_port_is_free(port)
        call_command("migrate", verbosity=0)
        add_people()
        self.stdout.write(addresses(f"127.0.0.1:{port}"))
        settings.EXTERNAL_API_URL = f"http://127.0.0.1:{port}/upstream/"
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)


def check_port_is_free(port: int) -> None:
    """Find out before the database is touched.

    Raises:
        CommandError: Another program listens there, or no program may.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be had ({error}). Try another: --port {port + 1}"
            ) from error


def add_people() -> None:
    """Add the demo people, and the login among them, unless they are there."""
    for email, name in PEOPLE.items():
        if not User.objects.filter(email=email).exists():
            User.objects.create_superuser(email, PASSWORD, name=name)


def addresses(host: str) -> str:
    """Return the lines that tell what to try."""
    return "\n".join(
        [
            "",
            f"  http://{host}/               start here",
            f"  http://{host}/api/users/     async views over the ORM",
            f"  http://{host}/api/drf/users/ an async viewset",
            f"  http://{host}/api/external/  an outside API",
            f"  http://{host}/chat/lobby/    the chat (and ws://{host}/ws/chat/lobby/)",
            f"  http://{host}/admin/         log in as {LOGIN}, password {PASSWORD}",
        ]
    )
