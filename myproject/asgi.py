"""The ASGI application: HTTP to Django, WebSockets to Channels."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "myproject.settings")
django_application = get_asgi_application()

# Only now are the apps loaded, which consumers need when they are imported.
from chat.routing import websocket_urlpatterns  # noqa: E402
from myproject.executor import PersistentThreads, keep_house_once  # noqa: E402
from myproject.outages import WebSocketOutageMiddleware  # noqa: E402

if not settings.DEBUG:
    keep_house_once()

application = ProtocolTypeRouter(
    {
        "http": PersistentThreads(
            django_application, threads=settings.HTTP_THREADS, reserved=["/healthz", "/readyz"]
        ),
        "websocket": AllowedHostsOriginValidator(
            WebSocketOutageMiddleware(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
        ),
    }
)
