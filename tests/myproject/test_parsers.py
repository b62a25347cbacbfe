"""Test a request body parser.

Use DRF's parser directly for what only the parser knows; that a bad body is a 400 for the client is
tested where the client sees it, in the viewset's tests. The trap is deep nesting: it is valid
JSON as far as it goes, and Python's decoder raises ``RecursionError``, which nobody expects.
"""

from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError

from myproject.parsers import NestingSafeJSONParser


def test_json_is_parsed() -> None:
    assert NestingSafeJSONParser().parse(BytesIO(b'{"name": "Ada"}')) == {"name": "Ada"}


@pytest.mark.parametrize(
    "body", [b"{", b'"\xff"', b"[" * 100_000], ids=["malformed", "not UTF-8", "nested too deeply"]
)
def test_anything_else_is_a_parse_error(body: bytes) -> None:
    with pytest.raises(ParseError, match="JSON parse error"):
        NestingSafeJSONParser().parse(BytesIO(body))
