"""How the text of a module changes where it is copied to: other users, and no rollback plugin."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from myproject.catalogue.parsing import parse

IMPORT_USER = re.compile(r"^( *)from users\.models import User( *#.*)?$", re.M)
Edit = tuple[
    int, int, int, str
]  # a line, from where to where in it (bytes), and what is there then


def with_any_user_model(text: str) -> str:
    """Return a module with the project's user model in the place of ours.

    At the top, the assignment follows the imports; elsewhere, in functions and in the source of
    suites that a test writes, it follows at once.
    """
    if not IMPORT_USER.search(text):
        return text
    top = [node for node in parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)]
    at_top = {node.lineno for node in top}
    result, assignment = [], ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        match = IMPORT_USER.match(line)
        if match and number in at_top:
            result.append("from django.contrib.auth import get_user_model\n")
            assignment = "\nUser = get_user_model()\n"
        elif match:
            indent = match[1]
            result.append(f"{indent}from django.contrib.auth import get_user_model\n")
            result.append(f"{indent}User = get_user_model()\n")
        else:
            result.append(line)
        if top and number == top[-1].end_lineno:
            result.append(assignment)
    return "".join(result)


def with_commits(text: str) -> str:
    """Return a test module that cleans up after itself without the rollback plugin.

    Without it, what an async test writes stays; ``transaction=True`` is pytest-django's own way to
    be rid of it. Then hooks run on commit, and need no mark for it.
    """
    if "async def" not in text:
        return text
    tree = parse(text)
    lines = text.encode().splitlines(keepends=True)
    for number, start, end, new in sorted(edits(tree), reverse=True):
        line = lines[number - 1]
        lines[number - 1] = line[:start] + new.encode() + line[end:]
        if not lines[number - 1].strip():
            lines[number - 1] = b""
    return b"".join(lines).decode()


def edits(tree: ast.Module) -> Iterator[Edit]:
    """Yield what has to change, each within a line."""
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for argument in node.args.args:
                if argument.arg == "db":
                    start = argument.col_offset
                    yield argument.lineno, start, start + len("db"), "transactional_db"
            for decorator in node.decorator_list:
                if ast.unparse(decorator) == "pytest.mark.run_on_commit":
                    yield decorator.lineno, decorator.col_offset - 1, end_of(decorator), ""
        if isinstance(node, ast.List):
            for before, mark in pairwise(node.elts):
                if ast.unparse(mark) == "pytest.mark.run_on_commit":
                    yield mark.lineno, end_of(before), end_of(mark), ""
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.django_db":
            end = end_of(node)
            call = called.get(id(node))
            if call is None:
                yield node.lineno, end, end, "(transaction=True)"
            elif not call.args and "transaction" not in {key.arg for key in call.keywords}:
                more = ", " if call.keywords else ""
                yield node.lineno, end + 1, end + 1, f"transaction=True{more}"


def end_of(node: ast.expr) -> int:
    """Return where in its line an expression ends (bytes)."""
    return node.end_col_offset or 0
