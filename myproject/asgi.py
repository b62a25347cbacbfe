"""The ASGI application: HTTP to Django, WebSockets to Channels, and what closes when it stops."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "myproject.settings")
django_application = get_asgi_application()

# Only now are the apps loaded, which consumers need when they are imported.
from chat.layer import LAYER_ERRORS  # noqa: E402
from chat.routing import websocket_urlpatterns  # noqa: E402
from chat.tickets import TicketAuth  # noqa: E402
from external.api import external_api  # noqa: E402
from external.streaming import external_stream  # noqa: E402
from myproject.departures import DepartureMiddleware  # noqa: E402
from myproject.executor import PersistentThreads, keep_house_once  # noqa: E402
from myproject.garbage import collect_seldom  # noqa: E402
from myproject.lifespan import Lifespan, speak_for_daphne  # noqa: E402
from myproject.nul import NulMiddleware  # noqa: E402
from myproject.outages import WebSocketOutageMiddleware  # noqa: E402
from myproject.silence import bound_silence  # noqa: E402

# Paths with a thread of their own: a load balancer's probes, which nobody is to hold up, and where
# passwords are hashed, which is slow on purpose, and is to hold up nobody.
PROBES = ["/healthz", "/readyz"]
HASHING = ["/login/", "/admin/login/", "/api/login/", "/api/register/", "/api/v1/token/"]

bound_silence(settings.DATABASE_SILENCE)
if not settings.DEBUG:
    keep_house_once()

http = PersistentThreads(
    DepartureMiddleware(django_application),
    few=settings.HTTP_THREADS,
    most=settings.HTTP_THREADS_AT_MOST,
    reserved=[*PROBES, *HASHING],
)


@asynccontextmanager
async def pools() -> AsyncIterator[None]:
    """Close the pools of HTTP connections and of threads when the server stops."""
    with collect_seldom():
        yield
    await external_api.aclose()
    await external_stream.aclose()
    await asyncio.to_thread(http.close)


sockets = URLRouter(websocket_urlpatterns)
application = NulMiddleware(
    ProtocolTypeRouter(
        {
            "http": http,
            "websocket": WebSocketOutageMiddleware(
                TicketAuth(
                    sockets,
                    otherwise=AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
                ),
                LAYER_ERRORS,
            ),
            "lifespan": Lifespan(pools),
        }
    )
)

# Where daphne is not the server and not installed, leave this out.
from twisted.internet import reactor  # noqa: E402

speak_for_daphne(application, reactor)
