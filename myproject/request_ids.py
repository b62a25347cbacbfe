"""One id for each request, in every log line that the request sets off.

The id is in a context variable. Tasks, ``gather``, ``sync_to_async`` and ``asyncio.to_thread`` run
in a copy of the context they are called in: all of them know it, and no function has to pass it on.

Put ``request_id_middleware`` at the top of ``MIDDLEWARE``. In ``LOGGING`` give the handler the
filter, and a formatter such as ``"[%(request_id)s] %(message)s"``.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from random import getrandbits

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import async_only_middleware

GetResponse = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

# What a proxy in front may have chosen already. Nothing that could forge a line of the log.
ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{1,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="-")


@async_only_middleware
def request_id_middleware(get_response: GetResponse) -> GetResponse:
    """Choose the request's id, and tell the client in ``X-Request-ID``.

    It is not taken back when the response is there: Django logs errors after that, and a stream
    only begins. A server gives each request a context of its own, which ends with it.
    """

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        # No secret. `uuid4` asks the system, and under load a thread takes over meanwhile.
        made = f"{getrandbits(128):032x}"
        chosen = given if ACCEPTABLE.fullmatch(given) else made
        request_id.set(chosen)
        response = await get_response(request)
        response.headers["X-Request-ID"] = chosen
        return response

    return middleware


class RequestIdFilter(logging.Filter):
    """Give each record a ``request_id`` for the formatter.

    Put it on the handler. A logger's filters are not asked about what comes from loggers below it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with the id; ``-`` where there is no request."""
        record.request_id = request_id.get()
        return True
