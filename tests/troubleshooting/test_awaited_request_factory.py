"""Awaiting what ``async_rf`` returns.

``AsyncRequestFactory`` makes the request that an async *view* takes; making it is sync.
pytest-django's documentation shows ``await async_rf.get(…)``. ``AsyncClient`` is what is awaited:
it sends the request.

Message: object ASGIRequest can't be used in 'await' expression
Message: TypeError: 'ASGIRequest' object can't be awaited
Cure: `response = await view(async_rf.get("/"))`
Seen on: Django 5.2.19 and 6.1.3, pytest-django 4.14.0
Upstream: https://pytest-django.readthedocs.io/en/latest/helpers.html#async-rf-asyncrequestfactory
"""

from typing import Any

import pytest
from django.test import AsyncRequestFactory

from external.upstream import upstream


async def test_a_request_cannot_be_awaited(async_rf: AsyncRequestFactory) -> None:
    request: Any = async_rf.get("/upstream/")

    with pytest.raises(TypeError, match="object ASGIRequest can't be used in 'await' expression"):
        await request


async def test_the_view_is_awaited(async_rf: AsyncRequestFactory) -> None:
    response = await upstream(async_rf.get("/upstream/"))

    assert response.status_code == 200
