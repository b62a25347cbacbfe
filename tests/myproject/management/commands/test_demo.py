"""Test a management command.

Use ``call_command`` with a ``StringIO``, and replace what would never return, here the server. A
command is sync code: a sync test calls it as the shell does.
"""

import socket
from collections.abc import Iterator
from io import StringIO
from unittest.mock import MagicMock, call

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings
from pytest_mock import MockerFixture

from myproject.management.commands.demo import LOGIN, PEOPLE
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

    # Quietly; and without the reloader, which would start all of it once more.
    assert run_by_demo.call_args_list == [
        call("migrate", verbosity=0),
        call("runserver", f"127.0.0.1:{unused_tcp_port}", use_reloader=False),
    ]


def test_it_tells_what_to_try_and_how_to_log_in(unused_tcp_port: int) -> None:
    host = f"127.0.0.1:{unused_tcp_port}"

    assert demo(f"--port={unused_tcp_port}").split("\n") == [
        "",
        f"  http://{host}/               start here",
        f"  http://{host}/api/users/     async views over the ORM",
        f"  http://{host}/api/drf/users/ an async viewset",
        f"  http://{host}/api/external/  an outside API",
        f"  http://{host}/chat/lobby/    the chat (and ws://{host}/ws/chat/lobby/)",
        f"  http://{host}/admin/         log in as ada@example.com, password demo",
        "",
    ]


def test_its_login_works(client: Client, unused_tcp_port: int) -> None:
    demo(f"--port={unused_tcp_port}")

    assert client.login(username="ada@example.com", password="demo")


def test_there_are_people_to_look_at(unused_tcp_port: int) -> None:
    demo(f"--port={unused_tcp_port}")

    assert dict(User.objects.values_list("email", "name")) == {
        "ada@example.com": "Ada Lovelace",
        "grace@example.com": "Grace Hopper",
        "alan@example.com": "Alan Turing",
    }


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

    assert f"http://127.0.0.1:{unused_tcp_port}/upstream/" == settings.EXTERNAL_API_URL


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_taken_port_is_said_plainly_before_anything_is_done(
    run_by_demo: MagicMock, taken_port: int
) -> None:
    with pytest.raises(CommandError) as refusal:
        demo(f"--port={taken_port}")

    assert str(refusal.value).startswith(f"Port {taken_port} cannot be had (")
    assert str(refusal.value).endswith(f"). Try another: --port {taken_port + 1}")
    assert isinstance(refusal.value.__cause__, OSError)
    run_by_demo.assert_not_called()


def test_a_port_that_was_just_left_can_be_had(unused_tcp_port: int) -> None:
    address = ("127.0.0.1", unused_tcp_port)
    with socket.create_server(address) as server, socket.create_connection(address):
        server.accept()[0].close()  # the side that closes first keeps the port for a minute

    assert demo(f"--port={unused_tcp_port}")


def test_it_can_be_interrupted_while_it_looks_for_a_port(mocker: MockerFixture) -> None:
    mocker.patch("socket.socket.bind", side_effect=KeyboardInterrupt)

    with pytest.raises(KeyboardInterrupt):
        demo()


def test_a_port_that_is_none_is_said_plainly() -> None:
    with pytest.raises(CommandError, match="Port 99999 cannot be had"):
        demo("--port=99999")


def test_its_help_names_the_usual_port(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("demo", "--help")

    words = " ".join(capsys.readouterr().out.split())
    assert "Migrate the development database, add demo people and serve on 127.0.0.1. o" in words
    assert "--port PORT default: 8000 --" in words


def test_the_usual_port_is_8000(mocker: MockerFixture) -> None:
    check = mocker.patch("myproject.management.commands.demo.check_port_is_free")

    demo()

    check.assert_called_once_with(8000)


def test_in_production_it_refuses(settings: Settings) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match=r"^DEBUG is off: .* a login that everybody knows\.$"):
        demo()

    assert not User.objects.exists()
