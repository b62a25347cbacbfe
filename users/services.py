"""What the application does with users; views and consumers call this, not the ORM's writes."""

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction

from users.models import User
from users.signals import announce_user_created


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
        """Create a user who has no password yet, and tell those who listen.

        Raises:
            EmailTakenError: Also when somebody else was faster by a millisecond: the database
                decides, because a check before the insert cannot.
        """
        user = await sync_to_async(self._create_user)(name, email)
        await announce_user_created(user)
        return user

    def _create_user(self, name: str, email: str) -> User:
        # There is no async `atomic`: the whole block goes into one sync function.
        try:
            with transaction.atomic():
                return User.objects.create_user(email, name=name)
        except IntegrityError as error:
            raise EmailTakenError(email) from error
