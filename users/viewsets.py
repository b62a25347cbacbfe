"""An async viewset, with adrf on Django REST framework."""

from typing import Any

from adrf.viewsets import ViewSet
from asgiref.sync import sync_to_async
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from users.models import User
from users.services import EmailTakenError, UserService


class NewUserSerializer(serializers.ModelSerializer[User]):
    """What it takes to create a user."""

    class Meta:
        model = User
        fields = ["name", "email"]
        extra_kwargs = {"name": {"required": True}}


class AsyncUserViewSet(ViewSet):
    """List, retrieve and create users.

    Register it on DRF's own router. adrf's router maps ``list`` to ``alist`` and so on, and a
    viewset with an ``async def list`` then answers 404.
    """

    lookup_value_converter = "int"

    async def list(self, request: Request) -> Response:
        """List everybody as ``{"id", "name"}``."""
        return Response([self.represent(user) async for user in User.objects.all()])

    async def retrieve(self, request: Request, pk: int) -> Response:
        """Show one person as ``{"id", "name"}``, or 404."""
        try:
            user = await UserService().get_user(pk)
        except User.DoesNotExist:
            raise NotFound(f"There is no user {pk}.") from None
        return Response(self.represent(user))

    async def create(self, request: Request) -> Response:
        """Create somebody from ``{"name", "email"}``; for people who are logged in."""
        serializer = NewUserSerializer(data=request.data)
        # Uniqueness is looked up in the database, and `is_valid` has no async twin.
        await sync_to_async(serializer.is_valid)(raise_exception=True)
        try:
            user = await UserService().create_user(**serializer.validated_data)
        except EmailTakenError:
            raise ValidationError({"email": ["user with this email already exists."]}) from None
        return Response(self.represent(user), status=status.HTTP_201_CREATED)

    @staticmethod
    def represent(user: User) -> dict[str, Any]:
        """Return what the API shows of a user."""
        return {"id": user.pk, "name": user.name}
