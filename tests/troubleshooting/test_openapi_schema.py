"""An OpenAPI schema that takes an async list for a single object.

drf-spectacular tells a list from an object by the name of the action, and knows ``list``. adrf's
viewsets have ``alist``: the schema promises one user where the server answers with a list, and the
clients that are generated from it break.

Message: none; the schema's operation is `users_retrieve`, with one object, where a list is sent
Cure: an `AutoSchema` that looks at the action under its sync name (myproject/openapi.py)
Seen on: drf-spectacular 0.30.0, adrf 0.1.14, djangorestframework 3.18.3
Upstream: none known
"""

import pytest
from adrf.routers import SimpleRouter
from adrf.viewsets import ReadOnlyModelViewSet
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import ModelSerializer

from myproject.openapi import AsyncAutoSchema
from users.models import User


class UserSerializer(ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "username"]


class Users(ReadOnlyModelViewSet):
    queryset = User.objects.all()
    serializer_class = UserSerializer


def operation(schema: AutoSchema, path: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Return the name of an operation, and the type of what it answers."""
    monkeypatch.setattr(Users, "schema", schema, raising=False)
    router = SimpleRouter()
    router.register("users", Users)
    paths = SchemaGenerator(patterns=router.urls).get_schema(public=True)["paths"]
    found = paths[path]["get"]
    answer = found["responses"]["200"]["content"]["application/json"]["schema"]
    return found["operationId"], answer.get("type", "object")


def test_the_list_is_taken_for_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    assert operation(AutoSchema(), "/users/", monkeypatch) == ("users_retrieve", "object")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/users/", ("users_list", "array")), ("/users/{id}/", ("users_retrieve", "object"))],
    ids=["list", "object"],
)
def test_under_its_sync_name_it_is_a_list(
    monkeypatch: pytest.MonkeyPatch, path: str, expected: tuple[str, str]
) -> None:
    assert operation(AsyncAutoSchema(), path, monkeypatch) == expected
