"""What a pattern needs, to be copied into another project."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from myproject.catalogue import PACKAGES
from myproject.patterns import Pattern, Source, read_source

# Fixtures that no test asks for by name: which word in the copied code tells that it needs them.
AUTOUSE = {
    "tests/plugins/async_rollback.py": "django_db",
    "tests/plugins/channel_layers.py": "from channels",
    "tests/plugins/outside_api.py": "external_api",
}


@dataclass(frozen=True)
class Import:
    """An import of this project's code."""

    path: str
    line: int
    text: str
    module: str


class PatternCopy:
    """The files to copy for a pattern, and what is left to do by hand.

    The files are the pattern's test and production code, and whatever below ``tests/`` these use:
    modules they import, plugins whose fixtures they take.

    Attributes:
        files: Their sources, by path.
        plugins: The modules to list in ``pytest_plugins``.
        imports: Imports of modules that stay behind (models, most of all): put your own there.
    """

    def __init__(self, root: Path, pattern: Pattern) -> None:
        self.root = root
        self.fixtures = fixtures_of_plugins(root)
        self.files: dict[str, Source] = {}
        for source in [pattern.test, *pattern.code]:
            self.add(source.path)
        text = "".join(source.text for source in self.files.values())
        for path, word in AUTOUSE.items():
            if word in text:
                self.add(path)
        listed = read_source(root, "tests/conftest.py").text
        modules = [path.removesuffix(".py").replace("/", ".") for path in sorted(self.files)]
        self.plugins = [module for module in modules if f'"{module}"' in listed]
        self.imports = [
            found
            for source in self.files.values()
            for found in imports_of(root, source)
            if found.module not in self.files
        ]

    def add(self, path: str) -> None:
        """Take a file, and the test helpers it uses."""
        if path in self.files or not (self.root / path).is_file():
            return
        source = self.files[path] = read_source(self.root, path)
        helpers = [found.module for found in imports_of(self.root, source)]
        helpers += [self.fixtures[name] for name in fixtures_used(source) if name in self.fixtures]
        for helper in helpers:
            if helper.startswith("tests/"):
                self.add(helper)

    def conflicts(self, target: Path) -> list[str]:
        """Return the files that the target has already, with another content."""
        return [
            path
            for path, source in self.files.items()
            if (target / path).exists()
            and (target / path).read_text(encoding="utf-8") != source.text
        ]

    def write(self, target: Path) -> None:
        """Write the files below the target, and make packages of their folders."""
        for path, source in self.files.items():
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source.text, encoding="utf-8")
            for folder in Path(path).parents[:-1]:
                (target / folder / "__init__.py").touch()


def fixtures_of_plugins(root: Path) -> dict[str, str]:
    """Return the fixtures in ``tests/plugins/``, each with the path of its file."""
    paths = sorted(file.relative_to(root).as_posix() for file in root.glob("tests/plugins/*.py"))
    return {
        function.name: path
        for path in paths
        if not path.startswith("tests/plugins/test_")
        for function in functions_of(read_source(root, path))
        if is_fixture(function)
    }


def fixtures_used(source: Source) -> Iterator[str]:
    """Yield what may be fixtures: arguments of tests and fixtures, and ``usefixtures``."""
    for function in functions_of(source):
        if function.name.startswith("test_") or is_fixture(function):
            yield from (argument.arg for argument in function.args.args)
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".usefixtures"):
            yield from (ast.literal_eval(argument) for argument in node.args)


def functions_of(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method."""
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_fixture(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether pytest will take the function for a fixture."""
    return any("fixture" in ast.unparse(decorator) for decorator in function.decorator_list)


def imports_of(root: Path, source: Source) -> Iterator[Import]:
    """Yield the imports of this project's modules."""
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            module = f"{name.replace('.', '/')}.py"
            if name.partition(".")[0] in (*PACKAGES, "tests") and (root / module).is_file():
                yield Import(source.path, node.lineno, ast.unparse(node), module)
