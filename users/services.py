"""What the application does with users; views and consumers call this, not the ORM's writes."""

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction

from users.models import User


class EmailTakenError(Exception):
    """Somebody has this e-mail address already."""


class UserService:
    """Read and create users."""

    async def get_user(self, user_id: int) -> User:
        """Return the user with this id.

        Raises:
            User.DoesNotExist: Nobody has this id.
        """
        return await User.objects.aget(pk=user_id)

    async def create_user(self, name: str, email: str) -> User:
        """Create a user who has no password yet.

        Raises:
            EmailTakenError: Also when somebody else was faster by a millisecond: the database
                decides, because a check before the insert cannot.
        """
        return await sync_to_async(self._create_user)(name, email)

    def _create_user(self, name: str, email: str) -> User:
        # There is no async `atomic`: the whole block goes into one sync function.
        try:
            with transaction.atomic():
                return User.objects.create_user(email, name=name)
        except IntegrityError as error:
            raise EmailTakenError(email) from error
