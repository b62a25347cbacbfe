"""Keep ``manage.py check --deploy`` honest where Django's middleware goes by other names."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks.registry import registry
from django.utils.module_loading import import_string


@register(Tags.security, deploy=True)
def deployment_checks_of_django(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Run Django's security checks once more, as if its middleware stood under its own names.

    They look the names up in ``settings.MIDDLEWARE``, know no subclass, and say nothing of HSTS or
    cookies without them: a clean result would mean little.
    """
    stack = settings.MIDDLEWARE
    settings.MIDDLEWARE = [django_name(path) for path in stack]
    try:
        return [
            message
            for check in registry.deployment_checks
            if Tags.security in check.tags and check is not deployment_checks_of_django
            for message in check(app_configs=app_configs, **kwargs)
        ]
    finally:
        settings.MIDDLEWARE = stack


def django_name(path: str) -> str:
    """Return the path of the class of Django's that one of ``in_loop`` stands for."""
    if not path.startswith("myproject.in_loop."):
        return path
    base = import_string(path).__bases__[-1]
    return f"{base.__module__}.{base.__qualname__}"
