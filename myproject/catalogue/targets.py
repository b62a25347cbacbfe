"""The project that a pattern is copied to, as far as its files tell: nothing of it is run."""

import ast
import configparser
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from myproject.catalogue.parsing import parse

# In the order in which pytest looks for its configuration.
PYTEST_FILES = {
    "pytest.ini": "pytest",
    ".pytest.ini": "pytest",
    "pyproject.toml": "",
    "tox.ini": "pytest",
    "setup.cfg": "tool:pytest",
}
SETTINGS_MODULE = re.compile(r"DJANGO_SETTINGS_MODULE[\"'], *[\"']([\w.]+)")


class NoProjectError(Exception):
    """There is no Django project to copy to; the text says what to do."""


@dataclass
class Names:
    """What a module's statements give to its names, as far as they are literals."""

    values: dict[str, object] = field(default_factory=dict)
    strings: dict[str, set[str]] = field(default_factory=dict)

    def read(self, tree: ast.Module) -> None:
        """Take in the assignments of a module, also those below conditions."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            elif isinstance(node, ast.AnnAssign | ast.AugAssign) and isinstance(
                node.target, ast.Name
            ):
                names = [node.target.id]
            else:
                continue
            for name in names:
                self.values[name] = literal(node.value)
                self.strings.setdefault(name, set()).update(strings_of(node.value))


class Target:
    """A project: where its parts are, and what they say.

    Args:
        root: The folder that holds ``manage.py``, or ``src/manage.py``.

    Raises:
        NoProjectError: It is no folder, or holds no project, or none that can be read.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        if not root.is_dir():
            raise NoProjectError(f"{root} is no folder. Name the folder of a Django project.")
        files = [root / "manage.py", *sorted(root.glob("*/manage.py"))]
        manage = next((file for file in files if file.is_file()), None)
        named = SETTINGS_MODULE.search(read(manage)) if manage else None
        if manage is None or named is None:
            raise NoProjectError(
                f"{root} holds no Django project: no manage.py that names its settings. Name the "
                "folder where manage.py is, or make a project: django-admin startproject NAME ."
            )
        self.settings_module = named[1]
        self.base = self.find_base(manage.parent)
        # Tests may have settings of their own.
        tests = self.options.get("DJANGO_SETTINGS_MODULE")
        if tests and module_file(self.base, tests):
            self.settings_module = tests

    def find_base(self, manage: Path) -> Path:
        """Return the folder from which the project's packages are imported."""
        for base in (manage, manage / "src", self.root / "src", self.root):
            if module_file(base, self.settings_module):
                return base
        raise NoProjectError(
            f"manage.py names {self.settings_module}, and there is no such module in "
            f"{self.root} or {self.root / 'src'}."
        )

    @cached_property
    def names(self) -> Names:
        """What the settings say, with what they import from one another."""
        names = Names()
        self.read_settings(self.settings_module, names, set())
        return names

    def read_settings(self, module: str, names: Names, seen: set[str]) -> None:
        """Take in a settings module, after those whose names it imports."""
        file = module_file(self.base, module)
        if file is None or module in seen:
            return
        seen.add(module)
        tree = parse_file(file)
        package = module if file.name == "__init__.py" else module.rpartition(".")[0]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                parents = package.split(".")[: 1 - node.level or None] if node.level else []
                path = [*parents, *filter(None, [node.module])]
                self.read_settings(".".join(path), names, seen)
        names.read(tree)

    @cached_property
    def package(self) -> str:
        """The package that holds the URLconf; a project calls it by its own name."""
        return self.urls_module.rpartition(".")[0] or self.settings_module.partition(".")[0]

    @cached_property
    def urls_module(self) -> str:
        """The URLconf."""
        named = self.names.values.get("ROOT_URLCONF")
        return str(named or f"{self.settings_module.partition('.')[0]}.urls")

    @cached_property
    def asgi_module(self) -> str:
        """The ASGI module."""
        named = str(self.names.values.get("ASGI_APPLICATION"))
        return named.rpartition(".")[0] or f"{self.package}.asgi"

    def relative(self, path: Path) -> str:
        """Return a path of the project's as a plan shows it."""
        return path.relative_to(self.root).as_posix()

    def path_of(self, module: str) -> Path | None:
        """Return the file of a module of the project."""
        return module_file(self.base, module)

    def text_of(self, module: str) -> str:
        """Return what a module of the project says."""
        file = self.path_of(module)
        return read(file) if file else ""

    @cached_property
    def conftest(self) -> str:
        """What the root conftest says."""
        file = self.root / "conftest.py"
        parse_file(file)
        return read(file)

    @cached_property
    def tests(self) -> Path:
        """The folder of its tests: at the root, else beside its packages."""
        folders = (self.root / "tests", self.base / "tests")
        return next((folder for folder in folders if folder.is_dir()), folders[0])

    @cached_property
    def pytest_file(self) -> str:
        """The file that pytest takes its configuration from, or nothing."""
        return next((name for name in PYTEST_FILES if self.pytest_options(name) is not None), "")

    @cached_property
    def options(self) -> dict[str, str]:
        """Pytest's options, as that file has them."""
        return self.pytest_options(self.pytest_file) or {} if self.pytest_file else {}

    def pytest_options(self, name: str) -> dict[str, str] | None:
        """Return the options in a file, or None if it is not for pytest."""
        text = read(self.root / name)
        if name.endswith(".toml"):
            options = parse_toml(self.root / name).get("tool", {}).get("pytest")
            if options is None:
                return None
            options = options.get("ini_options", options)  # pytest 9 does without that word
            return {option: str(value) for option, value in options.items()}
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        try:
            parser.read_string(text)
        except configparser.Error as error:
            raise unreadable(self.root / name, error) from None
        if parser.has_section(PYTEST_FILES[name]):
            return dict(parser[PYTEST_FILES[name]])
        # An empty pytest.ini counts, too.
        return {} if name == "pytest.ini" and (self.root / name).is_file() else None

    @cached_property
    def distributions(self) -> set[str]:
        """The names of the packages that it asks for already."""
        files = [*self.root.glob("requirements*.txt"), *self.root.glob("requirements/*.txt")]
        lines = [line for file in files for line in read(file).splitlines()]
        project = parse_toml(self.root / "pyproject.toml")
        for group in [
            project.get("project", {}).get("dependencies", []),
            *project.get("project", {}).get("optional-dependencies", {}).values(),
            *project.get("dependency-groups", {}).values(),
        ]:
            lines += [line for line in group if isinstance(line, str)]
        poetry = project.get("tool", {}).get("poetry", {})
        lines += [*poetry.get("dependencies", {})]
        for group in poetry.get("group", {}).values():
            lines += [*group.get("dependencies", {})]
        return {name for line in lines if (name := distribution(line))}


def read(file: Path) -> str:
    """Return a file's text; one that is not there is empty."""
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def parse_file(file: Path) -> ast.Module:
    """Return the statements of a Python file; one that is not there has none."""
    try:
        return parse(read(file))
    except SyntaxError as error:
        raise unreadable(file, error) from None


def parse_toml(file: Path) -> dict[str, Any]:
    """Return what a TOML file says; one that is not there says nothing."""
    try:
        return tomllib.loads(read(file))
    except tomllib.TOMLDecodeError as error:
        raise unreadable(file, error) from None


def unreadable(file: Path, error: Exception) -> NoProjectError:
    """Return an error that says which file of the target is not what it should be."""
    reason = " ".join(str(error).split())
    return NoProjectError(f"{file} cannot be read: {reason}. Put it right, and copy again.")


def module_file(base: Path, module: str) -> Path | None:
    """Return the file of a module below a folder, if there is one."""
    path = base.joinpath(*module.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in files if module and file.is_file()), None)


def literal(node: ast.expr | None) -> object:
    """Return the value that an expression is, or None if it has to be computed."""
    try:
        return ast.literal_eval(node) if node else None
    except ValueError:
        return None


def strings_of(node: ast.AST | None) -> set[str]:
    """Return all strings in an expression."""
    return {
        part.value
        for part in (ast.walk(node) if node else ())
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def distribution(requirement: str) -> str:
    """Return the normalised name in a requirement: ``factory-boy`` in ``Factory_Boy>=3``."""
    match = re.match(r"\s*([A-Za-z0-9][\w.-]*)", requirement)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else ""
