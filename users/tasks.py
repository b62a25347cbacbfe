"""Work for the background, with Django's Tasks.

Where a task runs is a setting, ``TASKS``. Without it the immediate backend runs it at once, in the
request. For a worker process, install a backend that has one, ``django-tasks-db`` for example.
"""

import json

from django.contrib.auth import get_user_model
from django.core.mail import send_mail

try:
    from django.tasks import task
except ImportError:  # pragma: no cover - Django 5.2 has them as a package
    from django_tasks import task  # type: ignore[no-redef]


@task
def send_export(user_id: int) -> int:
    """Mail people what is stored about them, and return how many messages were sent.

    Takes an id and reads the row anew: arguments travel as JSON, and the row may have changed.
    """
    user = get_user_model()._default_manager.get(pk=user_id)
    data = {"username": user.get_username(), "groups": [group.name for group in user.groups.all()]}
    address = getattr(user, user.get_email_field_name())
    return send_mail("Your data", json.dumps(data), None, [address])
