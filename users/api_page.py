"""The REST API's description as a page: to read, and to try."""

from typing import Any

from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.response import Response

from myproject.middleware import CONTENT_SECURITY_POLICY


class ApiPage(SpectacularSwaggerSplitView):
    """Swagger UI, whose script is a request of its own: the page needs no inline script.

    Its styles are inline and its icons are ``data:`` addresses, so it has a policy of its own.
    """

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """Allow what the page is made of."""
        response = super().finalize_response(*args, **kwargs)
        response.headers["Content-Security-Policy"] = (
            f"{CONTENT_SECURITY_POLICY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
        )
        return response
