"""An async test method in ``unittest.TestCase``.

unittest calls the method, is handed a coroutine, and reports success: the test passes whatever it
asserts. Two warnings are all that tells. Django's test cases and ``IsolatedAsyncioTestCase`` await.

Message: It is deprecated to return a value that is not None from a test case
Message: RuntimeWarning: coroutine 'SignUp.test_it' was never awaited
Cure: `django.test.SimpleTestCase` or `unittest.IsolatedAsyncioTestCase`; `filterwarnings = error`
Seen on: Python 3.11 and 3.13, Django 5.2.19 and 6.1.3
Upstream: https://docs.python.org/3/library/unittest.html#unittest.IsolatedAsyncioTestCase
"""

import unittest

import pytest
from django.test import SimpleTestCase


class Impossible:
    async def check(self) -> None:
        raise AssertionError


class OfUnittest(Impossible, unittest.TestCase):
    """unittest's own."""


class OfDjango(Impossible, SimpleTestCase):
    """Django's."""


def test_a_failing_test_passes() -> None:
    result = unittest.TestResult()

    with pytest.warns((DeprecationWarning, RuntimeWarning)) as warnings:
        OfUnittest("check")(result)

    assert result.wasSuccessful()
    assert {str(warning.message).split(" (")[0] for warning in warnings} == {
        "It is deprecated to return a value that is not None from a test case",
        "coroutine 'Impossible.check' was never awaited",
    }


def test_in_djangos_test_case_it_fails() -> None:
    result = unittest.TestResult()

    OfDjango("check")(result)

    assert not result.wasSuccessful()
