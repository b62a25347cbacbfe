"""The settings file, run once more under an environment that a test chooses."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "fifty characters or more, as the deployment check wants it",
    "ALLOWED_HOSTS": "example.com",
}
EXAMPLE = ROOT / ".env.example"
VARIABLES = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE))


def settings_with(monkeypatch: pytest.MonkeyPatch, /, **environment: str) -> dict[str, Any]:
    """Run the settings file where these variables are set, and no other; return its names."""
    return settings_in(ROOT, monkeypatch, **environment)


def settings_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, /, **environment: str
) -> dict[str, Any]:
    """The same in another checkout, which may have a file ``.env``."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(folder / "myproject/settings.py"))
