"""Patterns, read from the tests themselves, so that nothing about them is written twice.

A test module's docstring is a pattern's page: the first line names it, the rest says when to use
it and which trap it avoids. Lines such as ``Code: users/models.py`` are fields. The production
code is the module at the same path, unless ``Code:`` names others. Files are parsed, not imported.
"""

import ast
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

FIELD = re.compile(r"(Message|Cure|Seen on|Upstream|Code): *(.*)")
DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

# A pattern belongs to the first group that its test's path fits; the order is the catalogue's.
GROUPS = {
    "Views": [
        "tests/users/test_views.py",
        "tests/users/test_views_*",
        "tests/myproject/test_views*",
    ],
    "Django REST framework": ["tests/*/test_viewset*", "tests/*/test_parser*"],
    "ORM and database": ["tests/users/*"],
    "WebSockets": ["tests/chat/*"],
    "Outside APIs and mocking": ["tests/external/*"],
    "Fixtures and factories": ["tests/plugins/*", "tests/test_*"],
    "Middleware and the project": ["tests/myproject/*"],
    "A real browser": ["tests/live/browser/*"],
    "Live servers": ["tests/live/*"],
    "Troubleshooting": ["tests/troubleshooting/*"],
    "Others": ["*"],
}
RANKS = [(group, glob) for group, globs in GROUPS.items() for glob in globs]
# The default run leaves these out.
RUNNERS = {"A real browser": "--group browser pytest -m browser", "Live servers": "pytest -m live"}


@dataclass(frozen=True)
class Source:
    """A file of the project."""

    path: str
    text: str

    @property
    def first_line(self) -> int:
        """The line where its first definition stands, below docstring and imports."""
        body = ast.parse(self.text).body if self.path.endswith(".py") else []
        return min((node.lineno for node in body if isinstance(node, DEFINITIONS)), default=1)


@dataclass(frozen=True)
class Pattern:
    """One way of testing: its page, its production code, and the tests that prove it."""

    slug: str
    name: str
    prose: str
    fields: dict[str, str]
    code: list[Source]
    test: Source

    @property
    def group(self) -> str:
        """Where the catalogue shows it."""
        return RANKS[self.rank][0]

    @property
    def rank(self) -> int:
        """Its place among the groups, and in its group."""
        return next(i for i, (_, glob) in enumerate(RANKS) if fnmatch(self.test.path, glob))

    @property
    def command(self) -> str:
        """The command that runs just this pattern's tests."""
        return f"uv run {RUNNERS.get(self.group, 'pytest')} {self.test.path}"

    @cached_property
    def behaviours(self) -> dict[str, int]:
        """What the tests say, each with its line."""
        return {
            node.name.removeprefix("test_").replace("_", " "): node.lineno
            for node in ast.walk(ast.parse(self.test.text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name.startswith("test_")
        }

    @cached_property
    def words(self) -> list[str]:
        """Every word it can be found by, once."""
        paths = [source.path for source in [*self.code, self.test]]
        texts = [self.name, self.group, self.prose, *self.fields.values(), *paths, *self.behaviours]
        return list(dict.fromkeys(words_of(" ".join(texts))))


def read_pattern(root: Path, path: str) -> Pattern:
    """Return the pattern that a test module shows, as far as it can be made out.

    Args:
        root: The project's folder.
        path: The test module's, below the root.
    """
    test = read_source(root, path)
    name, prose, fields = parse_docstring(ast.get_docstring(ast.parse(test.text)) or "")
    named = re.findall(r"[^\s,]+", fields.pop("Code", ""))
    return Pattern(
        slug="-".join(words_of(re.sub(r"^tests/|\btest_|\.py$", "", path))),
        name=name or path,
        prose=prose,
        fields=fields,
        code=[read_source(root, path) for path in named or mirrored(root, path)],
        test=test,
    )


def read_source(root: Path, path: str) -> Source:
    """Return a file; one that is not there is empty."""
    file = root / path
    return Source(path, file.read_text(encoding="utf-8") if file.is_file() else "")


def parse_docstring(docstring: str) -> tuple[str, str, dict[str, str]]:
    """Split a docstring into name, prose and fields. A blank line ends a field."""
    name, _, rest = docstring.partition("\n")
    prose: list[str] = []
    fields: dict[str, str] = {}
    field = ""
    for line in rest.splitlines():
        if match := FIELD.match(line):
            field = match[1]
            fields[field] = match[2]
        elif field and line:
            fields[field] += f" {line.strip()}"
        else:
            field = ""
            prose.append(line)
    return name.rstrip("."), "\n".join(prose).strip(), fields


def mirrored(root: Path, test: str) -> list[str]:
    """Return the module whose path a test's mirrors, if there is one.

    ``tests/users/test_views.py`` tests ``users/views.py``; so does ``test_views_streaming.py``.
    ``tests/plugins/test_people.py`` tests its neighbour, ``tests/plugins/people.py``.
    """
    folder, _, stem = test.removesuffix(".py").rpartition("/test_")
    while stem:
        for module in (f"{folder}/{stem}.py".removeprefix("tests/"), f"{folder}/{stem}.py"):
            if (root / module).is_file():
                return [module]
        stem = stem.rpartition("_")[0]
    return []


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, as search compares them."""
    return re.findall(r"[^\W_]+", text.lower())
