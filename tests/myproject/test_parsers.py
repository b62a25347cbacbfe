"""Test a request body parser.

Use DRF's parser directly for what only the parser knows; that a bad body is a 400 for the client is
tested where the client sees it, in the viewset's tests. The trap is deep nesting: it is valid
JSON as far as it goes, and Python's decoder raises ``RecursionError``, which nobody expects.
"""

from io import BytesIO

import pytest
from pytest_mock import MockerFixture
from rest_framework.exceptions import ParseError

from myproject.parsers import NestingSafeJSONParser


def test_json_is_parsed() -> None:
    assert NestingSafeJSONParser().parse(BytesIO(b'{"name": "Ada"}')) == {"name": "Ada"}


def test_json_may_be_encoded_otherwise() -> None:
    body = BytesIO('"Åsa"'.encode("utf-16"))

    parsed = NestingSafeJSONParser().parse(body, parser_context={"encoding": "utf-16"})

    assert parsed == "Åsa"


@pytest.mark.parametrize("body", [b"{", b'"\xff"'], ids=["malformed", "not UTF-8"])
def test_what_is_not_json_is_a_parse_error(body: bytes) -> None:
    with pytest.raises(ParseError, match="JSON parse error"):
        NestingSafeJSONParser().parse(BytesIO(body))


def test_a_body_that_is_nested_too_deeply_is_one_without_its_thousand_lines_of_traceback() -> None:
    with pytest.raises(ParseError, match=r"^JSON parse error - too deeply nested$") as raised:
        NestingSafeJSONParser().parse(BytesIO(b"[" * 100_000))

    assert raised.value.__suppress_context__


def test_a_fault_of_the_servers_is_no_parse_error(mocker: MockerFixture) -> None:
    mocker.patch("rest_framework.parsers.json.load", side_effect=MemoryError)

    with pytest.raises(MemoryError):
        NestingSafeJSONParser().parse(BytesIO(b"{}"))
