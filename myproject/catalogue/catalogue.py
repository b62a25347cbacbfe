"""The catalogue of the patterns: find one, search them all, and tell what is missing."""

import ast
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from threading import Lock

from django.conf import settings

from myproject.catalogue.parsing import parse
from myproject.catalogue.patterns import Pattern, read_pattern, words_of
from myproject.catalogue.queries import message_key
from myproject.catalogue.search import Found, Index

PACKAGES = ("users", "chat", "external", "talks", "myproject")
# A test in these shows both the wrong and the right way, so it may do without other code.
CODE_IS_OPTIONAL = ("tests/troubleshooting/", "tests/live/")
READING = Lock()


class UnknownPatternError(LookupError):
    """That name is nobody's, or several patterns'; the text says which come near."""


class Catalogue:
    """The patterns of the project at ``root``, in the order they are shown.

    Reads files: in a coroutine, make it in a thread.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        paths = (path.relative_to(root).as_posix() for path in root.glob("tests/**/test_*.py"))
        patterns = [read_pattern(root, path) for path in sorted(paths)]
        self.patterns = sorted(patterns, key=lambda pattern: pattern.rank)

    def search(self, query: str) -> Found:
        """Return the patterns that a question or an error message leads to, the best first."""
        return self.index.search(query) if query.strip() else Found(self.patterns, causes=[])

    @cached_property
    def index(self) -> Index:
        """The index that searches use."""
        return Index(self.patterns)

    def find(self, name: str) -> Pattern:
        """Return the pattern with this name, or with a part of it that no other has.

        The part is the beginning of a word of its address, or words of its name.

        Raises:
            UnknownPatternError: There is no such pattern, or more than one.
        """
        wanted = "-".join(words_of(name))
        slugs = {pattern.slug: pattern for pattern in self.patterns}
        if wanted in slugs:
            return slugs[wanted]
        near = [slug for slug in slugs if f"-{wanted}" in f"-{slug}"] or [
            slug
            for slug, pattern in slugs.items()
            if set(words_of(name)) <= set(words_of(pattern.name))
        ]
        # With `async-rollback` and `async-rollback-threads`, the first is the whole, and meant.
        if near and all(slug.startswith(min(near)) for slug in near):
            return slugs[min(near)]
        # A slug without its folder is what people remember.
        tails = {slug.partition("-")[2] or slug: slug for slug in slugs}
        close = (tails.get(word, word) for word in get_close_matches(wanted, [*slugs, *tails]))
        near = near or list(dict.fromkeys(close))
        near = near or [pattern.slug for pattern in self.search(name).patterns[:3]]
        raise UnknownPatternError(
            f"There is no single pattern “{name}”. "
            + (f"Did you mean {' or '.join(near)}?" if near else "Try --search with other words.")
        )

    def same_message(self, pattern: Pattern) -> list[Pattern]:
        """Return the other patterns that have one of its messages."""
        messages = {message_key(message) for message in pattern.messages}
        return [
            other
            for other in self.patterns
            if other is not pattern and messages.intersection(map(message_key, other.messages))
        ]

    def problems(self) -> list[str]:
        """Tell what keeps the catalogue from being whole, a sentence each."""
        problems = []
        for pattern in self.patterns:
            path = pattern.test.path
            if not pattern.prose:
                problems.append(f"{path} has no docstring that names and explains its pattern.")
            if not pattern.code and not path.startswith(CODE_IS_OPTIONAL):
                problems.append(
                    f"{path} mirrors no module: say which it tests, `Code: some/path.py`."
                )
            problems += [
                f"{path} names {source.path}, which does not exist."
                for source in pattern.code
                if not (self.root / source.path).is_file()
            ]
        shown = {source.path for pattern in self.patterns for source in pattern.code}
        for module in self.modules():
            if module not in shown:
                folder, _, name = module.rpartition("/")
                problems.append(f"{module} has no pattern: show it in tests/{folder}/test_{name}.")
        return problems

    def modules(self) -> list[str]:
        """Return the production modules that do something: that define a function of their own.

        So apps.py, urls.py, migrations and settings need no pattern, until one grows a function.
        """
        files = (
            file for package in PACKAGES for file in sorted(self.root.glob(f"{package}/**/*.py"))
        )
        return [
            file.relative_to(self.root).as_posix()
            for file in files
            if any(
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                for node in ast.walk(parse(file.read_text(encoding="utf-8")))
            )
        ]


def get_catalogue() -> Catalogue:
    """Return the catalogue of this project, read once for the life of the process."""
    with READING:  # or two requests that come first would both read it
        return read_catalogue(settings.BASE_DIR)


read_catalogue = cache(Catalogue)
