"""A REST API as people build it: pages, search and order, tokens, permissions, limits on use.

adrf's viewset awaits its own steps (``alist``, ``aget_object``) and runs what is Django REST
framework's (filters, paginator, permissions, throttles, validation) in a thread. So those are
ordinary, sync classes; only ``save`` has to be sent there by hand.
"""

from typing import Any

from adrf import mixins
from adrf.viewsets import GenericViewSet
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, ModelSerializer
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from rest_framework.views import APIView

User: Any = get_user_model()
LOGIN_FIELD = User.USERNAME_FIELD


class UserSerializer(ModelSerializer):
    """What the API shows of a user, and lets be changed."""

    # DRF's serializer, not adrf's: that one takes a thread hop for each field of each row.

    class Meta:
        model = User
        fields = ["id", LOGIN_FIELD, "last_login"]
        read_only_fields = ["last_login"]


class SelfOrStaff(BasePermission):
    """Everybody may read; only people themselves, and staff, may change them."""

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        """Tell whether this request may do that to this user."""
        return request.method in SAFE_METHODS or request.user == obj or request.user.is_staff


class Pages(LimitOffsetPagination):
    """``?limit=&offset=``, with a limit to the limit."""

    default_limit = 20
    max_limit = 100


class Often(UserRateThrottle):
    """As often as a busy client asks."""

    rate = "600/min"


class Seldom(AnonRateThrottle):
    """As often as somebody mistypes a password."""

    scope = "token"
    rate = "5/min"


class UserViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    GenericViewSet,
):
    """List, search, show, change and delete users."""

    # Its actions are adrf's (`alist` and so on), so it is registered on adrf's router.
    queryset = User._default_manager.order_by("pk")
    serializer_class = UserSerializer
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated, SelfOrStaff]
    throttle_classes = [Often]
    pagination_class = Pages
    filter_backends = [SearchFilter, OrderingFilter]
    search_fields = [LOGIN_FIELD]
    ordering_fields = [LOGIN_FIELD, "last_login"]
    http_method_names = ["get", "patch", "delete", "head", "options"]
    lookup_value_converter = "int"

    async def perform_aupdate(self, serializer: BaseSerializer[Any]) -> None:
        """Save, in a thread: a serializer of DRF's has no ``asave``."""
        await sync_to_async(serializer.save)()


class TokenView(ObtainAuthToken):
    """Give a token for ``{"username", "password"}``, to send as ``Authorization: Token …``."""

    authentication_classes = []
    throttle_classes = [Seldom]
    # Its own parsers are not those of the settings, and crash on a deeply nested body.
    parser_classes = APIView.parser_classes
