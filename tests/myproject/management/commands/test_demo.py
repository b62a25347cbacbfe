"""Test a management command.

Use ``call_command`` with a ``StringIO``, and replace what would never return, here the server. A
command is sync code: a sync test calls it as the shell does.
"""

import socket
from collections.abc import Iterator
from io import StringIO
from unittest.mock import MagicMock

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings
from pytest_mock import MockerFixture

from myproject.management.commands.demo import LOGIN, PASSWORD, PEOPLE
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def settings_of_development(settings: Settings) -> Settings:
    """Undo what every test run does: DEBUG is on where the demo runs."""
    settings.DEBUG = True
    return settings


@pytest.fixture(autouse=True)
def run_by_demo(mocker: MockerFixture) -> MagicMock:
    """The commands that demo calls, replaced: migrate, and the server, which would not return."""
    return mocker.patch("myproject.management.commands.demo.call_command")


def demo(*args: str) -> str:
    out = StringIO()
    call_command("demo", *args, stdout=out)
    return out.getvalue()


def test_it_migrates_and_then_serves(run_by_demo: MagicMock, unused_tcp_port: int) -> None:
    demo(f"--port={unused_tcp_port}")

    assert [call.args for call in run_by_demo.call_args_list] == [
        ("migrate",),
        ("runserver", f"127.0.0.1:{unused_tcp_port}"),
    ]


def test_it_tells_what_to_try(unused_tcp_port: int) -> None:
    output = demo(f"--port={unused_tcp_port}")

    assert f"http://127.0.0.1:{unused_tcp_port}/api/users/" in output
    assert f"ws://127.0.0.1:{unused_tcp_port}/ws/chat/lobby/" in output
    assert f"{LOGIN}, password {PASSWORD}" in output


def test_its_login_works(client: Client, unused_tcp_port: int) -> None:
    demo(f"--port={unused_tcp_port}")

    assert client.login(username=LOGIN, password=PASSWORD)


def test_running_it_again_adds_nobody_and_changes_nobody(unused_tcp_port: int) -> None:
    demo(f"--port={unused_tcp_port}")
    User.objects.filter(email=LOGIN).update(name="Renamed")

    demo(f"--port={unused_tcp_port}")

    assert User.objects.count() == len(PEOPLE)
    assert User.objects.get(email=LOGIN).name == "Renamed"


def test_the_outside_api_is_the_one_in_this_server(
    settings: Settings, unused_tcp_port: int
) -> None:
    demo(f"--port={unused_tcp_port}")

    assert str(unused_tcp_port) in settings.EXTERNAL_API_URL


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_taken_port_is_said_plainly_before_anything_is_done(
    run_by_demo: MagicMock, taken_port: int
) -> None:
    with pytest.raises(CommandError, match=f"Port {taken_port} .* --port {taken_port + 1}"):
        demo(f"--port={taken_port}")

    run_by_demo.assert_not_called()


def test_a_port_that_is_none_is_said_plainly() -> None:
    with pytest.raises(CommandError, match="Port 99999 cannot be had"):
        demo("--port=99999")


def test_in_production_it_refuses(settings: Settings) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG is off"):
        demo()

    assert not User.objects.exists()
