"""Test that the example environment is complete.

Use it wherever settings come from the environment: a variable that only the code knows is found
by reading the code, usually after an outage.
"""

import re
from pathlib import Path

from django.conf import settings

SETTINGS = Path(settings.BASE_DIR, "myproject", "settings.py").read_text()
EXAMPLE = Path(settings.BASE_DIR, ".env.example").read_text()


def test_the_example_names_every_variable_and_no_other() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))

    named = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))

    assert named == read
