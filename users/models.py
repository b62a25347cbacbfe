"""The custom user model: people log in by e-mail address."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Create users with a hashed password; ``acreate`` and the rest are Django's own."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create somebody who may log in (not at all, if there is no password)."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create somebody who may do everything; ``manage.py createsuperuser`` asks for this."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person."""

    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(unique=True)
    # NULL, not "", stands for "has none": only NULL may repeat in a unique column.
    username = models.CharField(max_length=150, unique=True, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name or self.email
