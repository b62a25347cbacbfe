"""Django's own middleware, called in the event loop.

In an async chain ``MiddlewareMixin`` sends each hook of these classes to a thread: thirteen hops a
request. Hardly any of them does there what needs one: they read and write headers. So these
subclasses call the same hooks directly, and hop only where a hook may reach database or disk.
"""

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware import clickjacking, common, csrf, security

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class InLoop:
    """Mixed into a middleware class of Django's, call its hooks without hops."""

    async def __acall__(self, request: HttpRequest) -> Any:
        """Do in the loop what ``MiddlewareMixin.__acall__`` does in threads."""
        hooks: Any = self
        response = hooks.process_request(request) if hasattr(self, "process_request") else None
        response = response or await hooks.get_response(request)
        if not hasattr(self, "process_response"):
            return response
        if self.saves_something(request):
            return await sync_to_async(hooks.process_response)(request, response)
        return hooks.process_response(request, response)

    def saves_something(self, request: HttpRequest) -> bool:
        """Tell whether ``process_response`` will write to the database this time."""
        return False


class SecurityMiddleware(InLoop, security.SecurityMiddleware):
    """Headers only."""


class SessionMiddleware(InLoop, sessions.SessionMiddleware):
    """Reads nothing before somebody asks; saves what was changed.

    With ``SESSION_SAVE_EVERY_REQUEST`` use Django's own.
    """

    def saves_something(self, request: HttpRequest) -> bool:
        """Tell whether the session was changed."""
        return request.session.modified

    def process_response(self, request: HttpRequest, response: HttpResponse) -> Any:
        """Raise an outage as what it is; Django says "deleted before the request completed"."""
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            cause = error.__context__ and error.__context__.__context__
            if isinstance(cause, OperationalError | InterfaceError):
                raise cause  # noqa: B904 - its own cause is what the driver said
            raise


class CommonMiddleware(InLoop, common.CommonMiddleware):
    """Headers and routes only."""


class CsrfViewMiddleware(InLoop, csrf.CsrfViewMiddleware):
    """Cookies only; with ``CSRF_USE_SESSIONS`` use Django's own."""

    async def process_view(  # type: ignore[override] # Django awaits it; its stubs do not know
        self, request: HttpRequest, callback: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        """Check the token; it may be in a form, and a large body is a file on the disk."""
        check = super().process_view
        if request.method in SAFE_METHODS:
            return check(request, callback, args, kwargs)
        return await sync_to_async(check)(request, callback, args, kwargs)


class AuthenticationMiddleware(InLoop, auth.AuthenticationMiddleware):
    """Reads nothing before somebody asks."""


class MessageMiddleware(InLoop, messages.MessageMiddleware):
    """Reads nothing before somebody asks; saves what was read or added."""

    def saves_something(self, request: HttpRequest) -> bool:
        """Tell whether a message was read or added."""
        storage: Any = vars(request)["_messages"]
        return bool(storage.used or storage.added_new)


class XFrameOptionsMiddleware(InLoop, clickjacking.XFrameOptionsMiddleware):
    """One header."""
