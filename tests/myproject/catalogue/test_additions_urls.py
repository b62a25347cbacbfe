"""Test which routes come with the views that are copied.

Write URLconfs as people write them, with views that are copied and others that are not. The trap is
an import of what stays behind: the project no longer starts.
"""

from pathlib import Path

import pytest

from tests.myproject.catalogue.planning import MakePlan, write

HEAD = "\nfrom django.urls import include, path\n"
ROOM = 'from chat.views import room\nurlpatterns += [path("room/", room, name="room")]\n'
PEOPLE = (
    "from users.people import people\nfrom users.people import person\n"
    'urlpatterns += [path("people/", people, name="people"), path("<int:pk>/", person)]\n'
)
HEALTH = 'from shop.health import health\nurlpatterns += [path("healthz", health)]\n'
TOKENS = (
    "from adrf.routers import SimpleRouter\nfrom users.api import TokenView, UserViewSet\n"
    "router = SimpleRouter(use_regex_path=False)\n"
    'router.register("users", UserViewSet, basename="v1-user")\n'
    'urlpatterns += [path("api/v1/", include(router.urls))]\n'
    'urlpatterns += [path("api/v1/token/", TokenView.as_view())]\n'
)
EXPORTS = (
    "from django.contrib.auth.views import LoginView\n"
    'urlpatterns += [path("login/", LoginView.as_view(), name="login")]\n'
)


@pytest.fixture(autouse=True)
def source(tmp_path: Path, plan: MakePlan) -> None:
    """Write a pattern with views in several apps, and two that need further routes."""
    code = {
        "chat/views.py": "import users.people, myproject.health, users.api, users.exports\n",
        "users/people.py": "",
        "users/api.py": "",
        "users/exports.py": "",
        "users/urls.py": (
            "from django.urls import path\nfrom . import other\nimport users.people\n"
            "from users.people import people, person, unrouted\nunused = [path('x/', people)]\n"
            "urlpatterns = [\n    path('people/', people, name='people'),\n"
            "    path('<int:pk>/', person),\n    path('other/', other),\n]\n"
            "urlpatterns = list(urlpatterns)\n"
        ),
        "myproject/health.py": "",
        "myproject/urls.py": (
            'from myproject.health import health\nurlpatterns = [path("healthz", health)]\n'
        ),
    }
    write(tmp_path / "source", code)


def test_routes_are_those_of_the_views_that_are_copied(plan: MakePlan) -> None:
    made = plan("chat-views").urls

    assert made == HEAD + PEOPLE + ROOM + HEALTH + TOKENS + EXPORTS


@pytest.mark.parametrize(
    ("there", "added"),
    [
        (ROOM, [PEOPLE, HEALTH, TOKENS, EXPORTS]),
        (TOKENS, [PEOPLE, ROOM, HEALTH, EXPORTS]),
        (PEOPLE + HEALTH, [ROOM, TOKENS, EXPORTS]),
        (PEOPLE + ROOM + HEALTH + EXPORTS, [TOKENS]),
        (TOKENS + EXPORTS, [PEOPLE, ROOM, HEALTH]),
    ],
    ids=["a view", "further routes", "views", "all but one", "all further routes"],
)
def test_routes_that_a_project_has_are_left_out(
    plan: MakePlan, target: Path, there: str, added: list[str]
) -> None:
    write(target, {"shop/urls.py": there})

    assert plan("chat-views").urls == HEAD + "".join(added)


def test_routes_that_are_there_all_of_them_add_nothing(plan: MakePlan, target: Path) -> None:
    write(target, {"shop/urls.py": PEOPLE + ROOM + HEALTH + TOKENS + EXPORTS})

    assert plan("chat-views").urls == ""


def test_a_pattern_without_views_adds_no_routes(plan: MakePlan) -> None:
    assert plan("chat-consumers").urls == ""
