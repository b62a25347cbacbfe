"""What comes along when a pattern is copied: the files it uses, and what these need."""

import ast
import contextlib
import re
import textwrap
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache, cached_property
from pathlib import Path

from myproject.catalogue.adaptations import with_commits
from myproject.catalogue.catalogue import PACKAGES
from myproject.catalogue.parsing import parse
from myproject.catalogue.patterns import Pattern, read_source
from myproject.catalogue.targets import strings_of
from myproject.catalogue.wiring import (
    ABOUT_THE_USER_MODEL,
    BASE,
    EXTENDS_BASE,
    NEEDS,
    PYTEST_PLUGINS,
    ROLLBACK,
    SETTINGS,
    STAY_BEHIND,
    UNASKED,
    Needs,
)

USER_MODEL = "users/models.py"
DOTTED = re.compile(rf"\b(?:{'|'.join([*PACKAGES, 'tests'])})(?:\.\w+)+")


class Copy:
    """The files of a pattern, and whatever these use.

    Attributes:
        pattern: What is copied.
        files: Texts by path, as they are here.
        uses: The project's own modules that the files name and that stay behind.
        own_users: Whether the pattern is about this project's user model.
    """

    def __init__(self, root: Path, pattern: Pattern) -> None:
        self.root = root
        self.pattern = pattern
        self.own_users = pattern.test.path in ABOUT_THE_USER_MODEL
        self.files: dict[str, str] = {}
        self.uses: set[str] = set()
        named = re.findall(r"tests/[\w/]+\.py", pattern.fields.get("Cure", ""))
        for path in [pattern.test.path, *(source.path for source in pattern.code), *named]:
            self.add(path)
        tests = [text for path, text in self.files.items() if path.startswith("tests/")]
        for path, word in UNASKED.items():
            texts = [pattern.test.text] if path == ROLLBACK else tests
            if any(re.search(word, text) for text in texts):
                self.add(path)

    def add(self, path: str) -> None:
        """Take a file, and all that it uses."""
        if path in self.files or not (self.root / path).is_file():
            return
        stays = any(fnmatch(path, glob) for glob in STAY_BEHIND)
        if stays or (path == USER_MODEL and not self.own_users):
            self.uses.add(path)
            return
        self.files[path] = read_source(self.root, path).text
        for other in NEEDS.get(path, Needs()).files:
            self.add(other)
        if EXTENDS_BASE in self.files[path]:
            self.files[base_of(path)] = BASE
        if path.endswith(".py"):
            for module in self.modules_used(path):
                self.add(module)
            package = path.partition("/")[0]
            if package in PACKAGES and package != "myproject":
                self.files.setdefault(f"{package}/__init__.py", "")
                if path == f"{package}/models.py":
                    for file in (self.root / package).glob("migrations/*.py"):
                        self.add(file.relative_to(self.root).as_posix())
                self.add(f"{package}/apps.py")

    def modules_used(self, path: str) -> Iterator[str]:
        """Yield the paths of this project's modules that a file imports, names or needs."""
        tree = parse(self.files[path])
        for name in imports(tree):
            yield from self.module(name)
        if path.startswith("tests/"):
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    for name in DOTTED.findall(node.value):
                        yield from self.module(name)
            yield from (f"{path.rpartition('/')[0]}/{name}" for name in beside(tree))
            for fixture in fixtures_used(tree):
                # What wraps a fixture of pytest-django is not its source.
                if not fixture.removeprefix("_").startswith("django_db"):
                    yield from self.fixtures.get(fixture, [])[-1:]

    def module(self, name: str) -> Iterator[str]:
        """Yield the path of the module in a dotted name, however much follows it."""
        parts = name.split(".")
        if parts[0] not in (*PACKAGES, "tests"):
            return
        for length in range(len(parts), 1, -1):
            path = "/".join(parts[:length]) + ".py"
            if (self.root / path).is_file():
                yield path
                return

    @cached_property
    def fixtures(self) -> dict[str, list[str]]:
        """The paths that define each fixture a test may ask for, the nearest last."""
        folders = [*Path(self.pattern.test.path).parents][-2::-1]
        plugins = sorted(self.root.glob("tests/plugins/*.py"))
        paths = [file.relative_to(self.root).as_posix() for file in plugins]
        fixtures: dict[str, list[str]] = {}
        for path in [*filter(is_helper, paths), *(f"{folder}/conftest.py" for folder in folders)]:
            for name in fixtures_in(read_source(self.root, path).text):
                fixtures.setdefault(name, []).append(path)
        return fixtures

    @property
    def rolls_back(self) -> bool:
        """Whether the plugin that rolls back is among the files."""
        return ROLLBACK in self.files

    @property
    def commits(self) -> bool:
        """Whether the test has to commit where here it is rolled back."""
        text = self.pattern.test.text
        return not self.rolls_back and with_commits(text) != text

    @cached_property
    def imported(self) -> set[str]:
        """All modules that the files import, ours and others'."""
        return {
            name
            for path, text in self.files.items()
            if path.endswith(".py")
            for tree in [parse(text), *suites(path, text)]
            for name in imports(tree)
        }

    @cached_property
    def needs(self) -> list[Needs]:
        """The entries of the tables that concern these files."""
        return [
            needs
            for key, needs in NEEDS.items()
            if key in self.files
            or any(name == key or name.startswith(f"{key}.") for name in self.imported)
        ]

    @cached_property
    def settings(self) -> list[str]:
        """The settings that the files read, or cannot do without."""
        read = {
            name
            for text in self.files.values()
            for name in re.findall(r"\bsettings\.([A-Z_]+)\b", text)
        }
        if not self.own_users:
            read.discard("AUTH_USER_MODEL")
        needed = {name for needs in self.needs for name in needs.settings}
        wanted = read | needed
        return [name for name in SETTINGS if name in wanted]

    @cached_property
    def plugins(self) -> list[str]:
        """The files that pytest has to be told of, because tests import no fixtures."""
        return sorted(
            path
            for path in self.files
            if path.endswith("/conftest.py")
            or (is_helper(path) and defines_plugin(self.files[path]))
        )

    @cached_property
    def pytester(self) -> bool:
        """Whether a test runs suites of its own."""
        return any("pytester" in text for path, text in self.files.items() if "tests/" in path)

    @cached_property
    def plugin_packages(self) -> set[str]:
        """The packages whose fixtures and marks the tests use."""
        tests = [text for path, text in self.files.items() if is_test(path)]
        asked = {name for text in tests for name in fixtures_used(parse(text))}
        asked |= {name for text in tests for name in re.findall(r"pytest\.mark\.(\w+)", text)}
        return {package for name, package in PYTEST_PLUGINS.items() if name in asked}


def base_of(template: str) -> str:
    """Return the path of the frame that an app's template has where ours does not come along."""
    app = template.partition("/")[0]
    return f"{app}/templates/{app}/base.html"


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports, also inside functions, but not what is for type checkers."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        yield from imports(node)


def suites(path: str, text: str) -> Iterator[ast.AST]:
    """Yield what a test writes to run it: strings that are modules, and import something."""
    for string in strings_of(parse(text)) if path.startswith("tests/") else ():
        if "import " in string:
            with contextlib.suppress(SyntaxError):
                yield parse(textwrap.dedent(string))


def beside(tree: ast.AST) -> Iterator[str]:
    """Yield the names of files that a module looks for beside itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".with_name"):
            yield from strings_of(node)


def fixtures_used(tree: ast.AST) -> Iterator[str]:
    """Yield what may be fixtures: arguments of tests and fixtures, and ``usefixtures``."""
    for function in functions(tree):
        if function.name.startswith("test_") or is_fixture(function):
            yield from (argument.arg for argument in function.args.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".usefixtures"):
            yield from (ast.literal_eval(argument) for argument in node.args)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def fixtures_in(text: str) -> list[str]:
    """Return the names of the fixtures that a module defines."""
    return [function.name for function in functions(parse(text)) if is_fixture(function)]


def is_fixture(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether pytest will take the function for a fixture."""
    return any("fixture" in ast.unparse(decorator) for decorator in function.decorator_list)


def is_test(path: str) -> bool:
    """Tell whether a file is Python that belongs to the tests."""
    return path.startswith("tests/") and path.endswith(".py")


def is_helper(path: str) -> bool:
    """Tell whether a file is a plugin, or what plugins use."""
    return path.startswith("tests/plugins/") and not path.startswith("tests/plugins/test_")


def defines_plugin(text: str) -> bool:
    """Tell whether a module has fixtures or hooks."""
    return any(
        is_fixture(function) or function.name.startswith("pytest_")
        for function in functions(parse(text))
    )
