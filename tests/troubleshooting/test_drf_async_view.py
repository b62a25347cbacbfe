"""An async method on a view of Django REST framework.

DRF itself is sync: ``APIView``, ``ViewSet`` and ``@api_view`` call the handler and take its
coroutine for the response. The same happens in adrf, if a sync decorator hides the coroutine.

Message: AssertionError: Expected a `Response`, `HttpResponse` or `StreamingHttpResponse` to be
    returned from the view, but received a `<class 'coroutine'>`
Message: RuntimeWarning: coroutine 'UserView.get' was never awaited
Cure: use adrf's `APIView`, `ViewSet` or `@api_view`
Seen on: djangorestframework 3.18.3, adrf 0.1.14
Upstream: https://github.com/encode/django-rest-framework/issues/7260
"""

import pytest
from adrf.views import APIView as AsyncAPIView
from django.test import AsyncClient
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class OfDrf(APIView):
    async def get(self, request: Request) -> Response:
        return Response("async")


class OfAdrf(AsyncAPIView):
    async def get(self, request: Request) -> Response:
        return Response("async")


urlpatterns = [path("drf/", OfDrf.as_view()), path("adrf/", OfAdrf.as_view())]


async def test_drf_is_handed_a_coroutine(async_client: AsyncClient) -> None:
    with pytest.raises(
        AssertionError, match=r"Expected a `Response`.* but received a `<class 'coroutine'>`"
    ) as caught:
        await async_client.get("/drf/")

    response = await caught.traceback[-1].frame.f_locals["response"]
    assert response.data == "async"


async def test_adrf_awaits_it(async_client: AsyncClient) -> None:
    assert (await async_client.get("/adrf/")).json() == "async"
