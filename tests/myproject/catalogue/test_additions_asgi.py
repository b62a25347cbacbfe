"""Test which lines give an ASGI module the sockets that are copied.

Compare the whole text, for each way in which such a module routes already. The trap is a router in
the place of another: what was routed before is then gone, and nothing says so.
"""

from pathlib import Path

import pytest

from tests.myproject.catalogue.planning import MakePlan, write

IMPORTS = """\
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import path, re_path  # noqa: E402
from chat.consumers import Chat  # noqa: E402
from chat.consumers import NoSuchRouteConsumer  # noqa: E402


def checked(consumer):
    \"""Open a consumer to our own pages only, and tell it who is logged in.\"""
    return AllowedHostsOriginValidator(AuthMiddlewareStack(consumer))


"""
OR_REFUSE = '''\
def or_refuse(websockets):
    """Leave other paths to the routes there were, and refuse what they do not know."""

    async def websockets_or_none(scope, receive, send):
        try:
            await websockets(scope, receive, send)
        except ValueError as error:
            if "No route found" not in str(error):
                raise
            await NoSuchRouteConsumer.as_asgi()(scope, receive, send)

    return websockets_or_none


'''
ROUTER = """\
application = ProtocolTypeRouter(
    {
        "http": application,
        "websocket": URLRouter(
            [
                path("ws/", checked(Chat.as_asgi())),
                re_path("", NoSuchRouteConsumer.as_asgi()),
            ]
        ),
    }
)
"""
REFUSING = 're_path("", NoSuchRouteConsumer.as_asgi())'
MAPPING = "**application.application_mapping,"
NEAR = {
    "chat/routing.py": (
        "from chat.consumers import Chat, Near\nwebsocket_urlpatterns = "
        '[path("ws/", Chat.as_asgi()), path("near/", Near.as_asgi())]\n'
    )
}
THERE = 'application.application_mapping["websocket"]'


def asgi_of(target: Path, text: str) -> None:
    """Give a project this ASGI module."""
    write(target, {"shop/asgi.py": text})


def test_sockets_join_the_application_that_is_there(plan: MakePlan) -> None:
    assert plan("chat-consumers").asgi == f"\n{IMPORTS}{ROUTER}"


def test_an_asgi_module_is_made_where_there_is_none(plan: MakePlan, target: Path) -> None:
    (target / "shop/asgi.py").unlink()

    assert plan("chat-consumers").asgi == (
        "\nimport os\nfrom django.core.asgi import get_asgi_application\n"
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
        f"application = get_asgi_application()\n{IMPORTS}{ROUTER}"
    )


def test_a_router_keeps_its_other_protocols(plan: MakePlan, target: Path) -> None:
    asgi_of(target, 'application = ProtocolTypeRouter({"http": x})\n')

    assert plan("chat-consumers").asgi == (
        f"\n{IMPORTS}{ROUTER}".replace('"http": application,', MAPPING)
    )


@pytest.mark.parametrize("word", ['"websocket"', "'websocket'"])
def test_the_sockets_of_a_project_stay_and_what_they_do_not_know_is_refused(
    plan: MakePlan, target: Path, word: str
) -> None:
    asgi_of(target, f'application = ProtocolTypeRouter({{"http": x, {word}: y}})\n')

    assert plan("chat-consumers").asgi == f"\n{IMPORTS}{OR_REFUSE}{ROUTER}".replace(
        '"http": application,', MAPPING
    ).replace(REFUSING, f're_path("", or_refuse({THERE}))')


def test_a_project_that_refuses_already_is_left_to_do_so(plan: MakePlan, target: Path) -> None:
    asgi_of(target, f'ProtocolTypeRouter({{"websocket": URLRouter([{REFUSING}])}})\n')

    assert plan("chat-consumers").asgi == f"\n{IMPORTS}{ROUTER}".replace(
        '"http": application,', MAPPING
    ).replace(REFUSING, f're_path("", {THERE})')


def test_routes_without_one_for_the_rest_are_all(plan: MakePlan, tmp_path: Path) -> None:
    write(tmp_path / "source", NEAR)

    assert plan("chat-consumers").asgi == f"\n{IMPORTS}{ROUTER}".replace(
        "NoSuchRouteConsumer  #", "Near  #"
    ).replace(REFUSING, 'path("near/", checked(Near.as_asgi()))')


@pytest.mark.parametrize(
    "there",
    [
        f'[path("ws/", Chat.as_asgi()), {REFUSING}]',
        f'[path("ws/", checked(Chat.as_asgi())), {REFUSING}]',
        '[path("ws/", checked(Chat.as_asgi()))]',
    ],
    ids=["unchecked", "checked", "nothing for the rest"],
)
def test_sockets_that_are_routed_are_not_routed_again(
    plan: MakePlan, target: Path, there: str
) -> None:
    asgi_of(target, f'ProtocolTypeRouter({{"websocket": URLRouter({there})}})\n')

    assert plan("chat-consumers").asgi == ""


def test_sockets_that_are_routed_otherwise_are_a_conflict(
    plan: MakePlan, target: Path, tmp_path: Path
) -> None:
    write(tmp_path / "source", NEAR)
    asgi_of(target, 'if scope["type"] == "websocket": ...')

    made = plan("chat-consumers")

    assert made.asgi == ""
    assert made.conflicts == ["The ASGI module routes WebSockets in a way of its own."]
    assert made.advice == [
        'Add these routes to yours: path("ws/", Chat.as_asgi()), path("near/", Near.as_asgi())'
    ]


def test_a_pattern_without_sockets_leaves_the_module_alone(plan: MakePlan) -> None:
    assert plan("chat-views").asgi == ""
