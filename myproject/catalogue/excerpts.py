"""Cut a test out of its module, with all that it needs there: imports, helpers, fixtures, marks."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from myproject.catalogue.parsing import parse
from myproject.catalogue.patterns import Source, sentence

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
DEFINITION = FUNCTION | ast.ClassDef
IMPORT = ast.Import | ast.ImportFrom


@dataclass
class Excerpt:
    """A module that holds one test, and no more than it needs. Its path is the whole module's."""

    name: str
    source: Source

    @property
    def says(self) -> str:
        """The test's name, as the sentence it is."""
        return sentence(self.name)


def excerpts_of(source: Source) -> list[Excerpt]:
    """Return the tests of a module, each cut out."""
    module = Module(source.text)
    return [
        Excerpt(test.name, Source(source.path, module.cut_out(node, test)))
        for node in module.body
        for test in cases_in(node)
    ]


def cases_in(node: ast.stmt) -> Iterator[FUNCTION]:
    """Yield the test that a statement is, or the tests of the class that it is."""
    if isinstance(node, FUNCTION) and node.name.startswith("test_"):
        yield node
    elif isinstance(node, ast.ClassDef):
        for part in node.body:
            yield from cases_in(part)


class Module:
    """A module's statements, below its docstring."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        tree = parse(text)
        self.body = tree.body[1:] if ast.get_docstring(tree) else tree.body
        self.imports = [node for node in self.body if isinstance(node, IMPORT)]
        self.others = [node for node in self.body if not isinstance(node, IMPORT)]
        self.uses = {node: names_used(node) for node in self.others}
        self.defines = {node: names_defined(node) for node in self.others}
        self.for_every_test = {node for node in self.others if is_for_every_test(node)}

    def cut_out(self, holder: ast.stmt, test: FUNCTION) -> str:
        """Return a module with a test of one of the statements, and all that it needs."""
        tests = [one for one in cases_in(holder) if one is not test]
        needed = {holder} | self.for_every_test
        names = names_used(holder, without=tests) if tests else self.uses[holder]
        names = names.union(*(self.uses[node] for node in needed - {holder}))
        while found := {node for node in self.others if self.defines[node] & names} - needed:
            needed |= found
            names = names.union(*(self.uses[node] for node in found))
        text = "\n".join(line for node in self.imports if (line := only(node, names)))
        was_large = False
        for node in self.others:
            if node in needed:
                is_large = isinstance(node, DEFINITION)
                text += "\n\n\n" if is_large or was_large else "\n\n"
                text += self.text_of(node, tests)
                was_large = is_large
        return text.lstrip() + "\n"

    def text_of(self, node: ast.stmt, without: list[FUNCTION]) -> str:
        """Return a statement as it is written, comments above it included, without some tests."""
        first = first_line(node)
        while first > 1 and self.lines[first - 2].startswith("#"):
            first -= 1
        left_out = {number for test in without for number in self.numbers_of(test)}
        numbers = range(first, end_line(node) + 1)
        return "\n".join(self.lines[n - 1] for n in numbers if n not in left_out).rstrip()

    def numbers_of(self, node: ast.stmt) -> range:
        """Return the numbers of a statement's lines, and of the empty ones above it."""
        first = first_line(node)
        while not self.lines[first - 2].strip():
            first -= 1
        return range(first, end_line(node) + 1)


def first_line(node: ast.stmt) -> int:
    """Return the number of a statement's first line: its first decorator's, if it has any."""
    decorators = node.decorator_list if isinstance(node, DEFINITION) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def end_line(node: ast.stmt) -> int:
    """Return the number of a statement's last line."""
    return node.end_lineno or node.lineno


def is_for_every_test(node: ast.stmt) -> bool:
    """Tell whether a statement concerns tests that do not name it: a mark, an autouse fixture."""
    if isinstance(node, FUNCTION):
        return any("autouse" in ast.unparse(decorator) for decorator in node.decorator_list)
    return names_defined(node) == {"pytestmark"}


def names_used(node: ast.AST, without: Iterable[ast.AST] = ()) -> set[str]:
    """Return the names that code refers to; arguments, too, which may be fixtures."""
    names = set[str]()
    if isinstance(node, ast.Name):
        # The other name belongs to a mark that makes this module the URLconf.
        names.add("urlpatterns" if node.id == "__name__" else node.id)
    elif isinstance(node, ast.arg):
        names.add(node.arg)
    for part in ast.iter_child_nodes(node):
        if part not in without:
            names |= names_used(part, without)
    return names


def names_defined(node: ast.stmt) -> set[str]:
    """Return the names that a statement of a module defines."""
    if isinstance(node, DEFINITION):
        return {node.name}
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def only(node: IMPORT, names: set[str]) -> str:
    """Return an import of only those names that are used, or nothing."""
    kept = [
        alias for alias in node.names if (alias.asname or alias.name).partition(".")[0] in names
    ]
    if not kept:
        return ""
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(kept))
    return ast.unparse(ast.ImportFrom(node.module, kept, node.level))
