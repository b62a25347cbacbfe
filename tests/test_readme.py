"""Keep a document true: every file, name and test that the README mentions exists.

Use it for any table that points at code. The trap is prose that was right once: a test that is
renamed leaves a dead link that nobody follows until a reader does.
Code: README.md
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
LINKS = re.findall(r"\[([^\]]+)\]\((?!https?://|#)([^)#]+)\)", README)
NAMED = [(text.strip("`"), path) for text, path in LINKS if re.fullmatch(r"`\w+`", text)]


def names_in(path: str) -> set[str]:
    """Return what a module defines: functions, classes and variables."""
    tree = ast.parse((ROOT / path).read_text())
    defined = {getattr(node, "name", "") for node in ast.walk(tree)}
    return defined | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_the_quick_reference_is_found() -> None:
    assert len(NAMED) > 30


def test_every_file_that_is_linked_exists() -> None:
    assert [path for _, path in LINKS if not (ROOT / path).exists()] == []


def test_every_name_that_is_linked_is_defined_there() -> None:
    python = [(name, path) for name, path in NAMED if path.endswith(".py")]

    assert [name for name, path in python if name not in names_in(path)] == []
