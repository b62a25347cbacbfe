"""Parse Python, one thread at a time."""

import ast
from threading import Lock

PARSING = Lock()


def parse(text: str) -> ast.Module:
    """Do what ``ast.parse`` does.

    CPython 3.11 counts how deep it is in a tree for all threads together: of two that parse at
    once, one may fail with "AST constructor recursion depth mismatch". Pages are read in threads.
    """
    with PARSING:
        return ast.parse(text)
