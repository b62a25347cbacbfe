"""Patterns, read from the tests themselves, so that nothing about them is written twice.

A test module's docstring is a pattern's page: the first line names it, the rest says when to use
it and which trap it avoids. Lines such as ``Code: users/models.py`` are fields. The production
code is the module at the same path, unless ``Code:`` names others. Files are parsed, not imported.
"""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from myproject.catalogue.groups import NO_TASKS, RANKS, RUNNERS, is_copyable, rank_of
from myproject.catalogue.parsing import parse

FIELD = re.compile(r"(Message|Told by|Cure|Seen on|Upstream|Code): *(.*)")
AGAIN = " · "  # between what a field says that comes several times
NO_MESSAGE = "none; "  # and what is seen instead
DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Source:
    """A file of the project."""

    path: str
    text: str

    @property
    def length(self) -> int:
        """Its number of lines."""
        return len(self.text.splitlines())

    @property
    def first_line(self) -> int:
        """The line where its first definition stands, below docstring and imports."""
        body = parse(self.text).body if self.path.endswith(".py") else []
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

    @cached_property  # a search asks each pattern, several times
    def rank(self) -> int:
        """Its place among the groups, and in its group."""
        return rank_of(self.test.path)

    @property
    def copyable(self) -> bool:
        """Whether it runs in another project, once it has been copied there."""
        return is_copyable(self.test.path)

    @property
    def task(self) -> str:
        """What it tests, as the end of “I want to test …”, if it is about that."""
        verb, _, task = self.name.partition(" ")
        is_task = verb == "Test" and self.group not in NO_TASKS
        return re.split(r"[:,(]", task)[0].strip() if is_task else ""

    @property
    def command(self) -> str:
        """The command that runs just this pattern's tests."""
        return f"uv run {RUNNERS.get(self.group, 'pytest')} {self.test.path}"

    @cached_property
    def behaviours(self) -> dict[str, int]:
        """What the tests say, each with its line."""
        return {
            sentence(node.name): node.lineno
            for node in ast.walk(parse(self.test.text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name.startswith("test_")
        }

    @property
    def messages(self) -> list[str]:
        """The error messages that lead here, as they appear on one version or another."""
        return [text for text in self.leads if not text.startswith(NO_MESSAGE)]

    @property
    def symptoms(self) -> list[str]:
        """What is seen where there is no message."""
        return [text.removeprefix(NO_MESSAGE) for text in self.leads if text.startswith(NO_MESSAGE)]

    @property
    def leads(self) -> list[str]:
        """Messages and symptoms, as they are written."""
        return [text for text in self.fields.get("Message", "").split(AGAIN) if text]

    @property
    def told_by(self) -> str:
        """What tells this cause of a message from the others, or at least what it is about."""
        told = self.fields.get("Told by", "")
        return f"It is this if {told}." if told else self.summary

    @property
    def summary(self) -> str:
        """The first sentence of its prose."""
        return " ".join(self.prose.split()).partition(". ")[0].removesuffix(".") + "."


def read_pattern(root: Path, path: str) -> Pattern:
    """Return the pattern that a test module shows, as far as it can be made out.

    Args:
        root: The project's folder.
        path: The test module's, below the root.
    """
    test = read_source(root, path)
    name, prose, fields = parse_docstring(ast.get_docstring(parse(test.text)) or "")
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
            # A field that comes again adds to what it said.
            fields[field] = f"{fields[field]}{AGAIN}{match[2]}" if field in fields else match[2]
        elif field and line:
            fields[field] += f" {line.strip()}"
        else:
            field = ""
            prose.append(line)
    return name.removesuffix("."), "\n".join(prose).strip(), fields


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


def sentence(name: str) -> str:
    """Return a test's name as the sentence it is."""
    return name.removeprefix("test_").replace("_", " ")


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, as search compares them."""
    return re.findall(r"[^\W_]+", text.lower())
