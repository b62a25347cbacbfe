"""Test that an OpenAPI description says what the server does.

Ask the description about the operations that matter to clients: which are there, and whether a
list is one. The trap is checking that it is served at all; it is, also when it is wrong.
"""

from typing import Any

import pytest
import yaml
from django.test import AsyncClient


@pytest.fixture
async def description(async_client: AsyncClient) -> Any:
    """The description, as a client reads it."""
    response = await async_client.get("/api/v1/schema/")
    return yaml.safe_load(response.content)


async def test_every_operation_has_the_name_that_clients_expect(description: Any) -> None:
    operations = {
        (path, method): operation["operationId"]
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }

    assert operations == {
        ("/api/v1/token/", "post"): "token_create",
        ("/api/v1/users/", "get"): "users_list",
        ("/api/v1/users/{id}/", "get"): "users_retrieve",
        ("/api/v1/users/{id}/", "patch"): "users_partial_update",
        ("/api/v1/users/{id}/", "delete"): "users_destroy",
    }


async def test_the_list_is_a_page_of_users(description: Any) -> None:
    answer = description["paths"]["/api/v1/users/"]["get"]["responses"]["200"]["content"]

    [page] = [content["schema"]["$ref"] for content in answer.values()]
    results = description["components"]["schemas"][page.rpartition("/")[2]]["properties"]["results"]
    assert results == {"type": "array", "items": {"$ref": "#/components/schemas/User"}}
