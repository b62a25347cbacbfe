"""Test a system check.

Use ``run_checks`` under the settings in question, and assert on the ids of the messages. The trap
is a check that passes because it found nothing to look at: so see it fail, too.
Code: myproject/checks.py, myproject/apps.py
"""

import pytest
from django.core.checks import Tags, Warning, run_checks
from django.core.checks.registry import registry
from django.middleware import security
from pytest_django import Settings
from pytest_mock import MockerFixture

from myproject.checks import deployment_checks_of_django, django_name


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


def test_in_development_nothing_is_said(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = False

    assert run_checks() == []


def test_the_stack_is_as_before_after_the_check(settings: Settings) -> None:
    stack = list(settings.MIDDLEWARE)

    ids()

    assert stack == settings.MIDDLEWARE


def test_what_is_checked_is_passed_on(mocker: MockerFixture) -> None:
    warning = Warning("not safe")
    check = mocker.Mock(tags={Tags.security}, return_value=[warning])
    mocker.patch.object(registry, "deployment_checks", [check])

    assert deployment_checks_of_django(None, databases=["default"]) == [warning]

    check.assert_called_once_with(app_configs=None, databases=["default"])


def test_a_class_of_ours_stands_for_its_base_of_djangos() -> None:
    expected = f"{security.__name__}.SecurityMiddleware"

    assert django_name("myproject.in_loop.SecurityMiddleware") == expected


def test_any_other_class_stands_for_itself() -> None:
    assert django_name("somewhere.Middleware") == "somewhere.Middleware"
