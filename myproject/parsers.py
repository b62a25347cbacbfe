"""Parsing request bodies."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class NestingSafeJSONParser(JSONParser):
    """DRF's JSON parser, which a body of ten thousand ``[`` cannot crash.

    Python's decoder answers it with ``RecursionError``, which DRF does not expect: the client would
    get a 500 for a bad request.
    """

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Parse the body.

        Raises:
            ParseError: It is not JSON, not UTF-8, or nested beyond reason. A 400 for the client.
        """
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError("JSON parse error - too deeply nested") from None
