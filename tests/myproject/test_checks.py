"""Test a system check.

Use ``run_checks`` under the settings in question, and assert on the ids of the messages. The trap
is a check that passes because it found nothing to look at: so see it fail, too.
Code: myproject/checks.py, myproject/apps.py
"""

import pytest
from django.core.checks import run_checks
from django.middleware import security
from pytest_django import Settings

from myproject.checks import django_name


def ids() -> set[str]:
    return {message.id or "" for message in run_checks(include_deployment_checks=True)}


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("SECURE_HSTS_SECONDS", "security.W004"),
        ("SECURE_SSL_REDIRECT", "security.W008"),
        ("CSRF_COOKIE_SECURE", "security.W016"),
    ],
)
def test_what_hides_behind_a_middlewares_name_is_checked(
    settings: Settings, setting: str, message: str
) -> None:
    setattr(settings, setting, True)
    before = ids()

    setattr(settings, setting, False)

    assert message not in before
    assert message in ids()


def test_the_stack_is_as_before_after_the_check(settings: Settings) -> None:
    stack = list(settings.MIDDLEWARE)

    ids()

    assert stack == settings.MIDDLEWARE


def test_a_class_of_ours_stands_for_its_base_of_djangos() -> None:
    expected = f"{security.__name__}.SecurityMiddleware"

    assert django_name("myproject.in_loop.SecurityMiddleware") == expected


def test_any_other_class_stands_for_itself() -> None:
    assert django_name("somewhere.Middleware") == "somewhere.Middleware"
