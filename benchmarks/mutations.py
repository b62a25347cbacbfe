"""What can be broken in a module: one small change at a time, as a slip of the pen would make it.

mutmut 3.8 changes only what stands inside functions without a decorator: nothing in settings,
``asgi.py``, routes, the admin or a decorated view. cosmic-ray 8.7 knows no change to a statement, a
string or an entry of a list. Those are the places where this project's mistakes would be.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

OPERATORS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
}
REMOVABLE = (
    ast.Expr | ast.AugAssign | ast.Raise | ast.Delete | ast.Assert | ast.Break | ast.Continue
)

NOT_COVERED = "# pragma: no cover"

Change = tuple[int, int, str]  # where the old text begins and ends, in bytes, and the new text


@dataclass(frozen=True)
class Mutant:
    """A module with one change."""

    path: str
    line: int
    old: str
    """The line as it was, without the space around it."""
    change: str
    text: str
    """The module's whole source, changed."""

    @property
    def key(self) -> str:
        """Its name in the list of equivalent mutants, where line numbers would not last."""
        return f"{self.path} | {self.old} | {self.change}"


def mutants_of(path: str, text: str) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines."""
    source = Source(text)
    same = {ast.dump(source.tree)}
    mutants = []
    for node in source.nodes:
        for start, end, new in source.changes(node):
            changed = (source.bytes[:start] + new.encode() + source.bytes[end:]).decode()
            try:
                shape = ast.dump(ast.parse(changed))
            except SyntaxError:
                continue
            if shape in same:
                continue
            same.add(shape)
            line = source.bytes[:start].count(b"\n")
            words = f"{brief(source.bytes[start:end].decode())} → {brief(new) or 'nothing'}"
            mutants.append(Mutant(path, line + 1, text.splitlines()[line].strip(), words, changed))
    return sorted(mutants, key=lambda mutant: mutant.line)


def brief(text: str) -> str:
    """Return a text on one line that can be read at a glance."""
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:40]} … {words[-18:]}"


def is_class(node: ast.AST) -> bool:
    """Tell whether an expression looks like a class, whose parameters do nothing at run time."""
    name = ast.unparse(node).rpartition(".")[2]
    return (
        name in {"dict", "list", "set", "tuple", "type"}
        or name.istitle()
        or (not (name.isupper() or name.islower()) and name[:1].isupper())
    )


class Source:
    """A module, and what can be changed about it."""

    def __init__(self, text: str) -> None:
        self.bytes = text.encode()
        self.tree = ast.parse(text)
        self.starts = [0]
        for line in self.bytes.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.nodes = list(self.visible(self.tree))

    def visible(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes that do something: no types, no docstrings, no parts of an f-string.

        What coverage is told to leave out, another database or release runs; it is left out, too.
        """
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring, of an attribute too
        yield node
        hidden: list[ast.AST | None] = [
            getattr(node, "annotation", None),
            getattr(node, "returns", None),
        ]
        if isinstance(node, ast.Subscript) and is_class(node.value):
            hidden.append(node.slice)
        if isinstance(node, ast.JoinedStr):
            hidden.extend(part for part in node.values if isinstance(part, ast.Constant))
        if isinstance(node, ast.FormattedValue):
            hidden.append(node.format_spec)
        if isinstance(node, ast.If | ast.ExceptHandler) and NOT_COVERED in self.line(node.lineno):
            hidden.extend(node.body)
        for child in ast.iter_child_nodes(node):
            if child not in hidden:
                yield from self.visible(child)

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node's text begins and ends."""
        lines: dict[str, int] = vars(node)
        return (
            self.starts[lines["lineno"] - 1] + lines["col_offset"],
            self.starts[lines["end_lineno"] - 1] + lines["end_col_offset"],
        )

    def line(self, number: int) -> str:
        """Return a line's text."""
        return self.bytes[self.starts[number - 1] : self.starts[number]].decode()

    def code(self, node: ast.AST) -> str:
        """Return a node's text."""
        start, end = self.span(node)
        return self.bytes[start:end].decode()

    def changes(self, node: ast.AST) -> Iterator[Change]:
        """Yield what can be changed about a node; not all of it need be valid Python."""
        match node:
            case ast.Constant(value=bool(value)):
                yield *self.span(node), str(not value)
            case ast.Constant(value=int(value) | float(value)):
                yield *self.span(node), str(value + 1)
            case ast.Constant(value=str(value)):
                yield *self.span(node), repr(f"{value}XX")
            case ast.Constant(value=bytes(value)):
                yield *self.span(node), repr(value + b"XX")
            case ast.JoinedStr():
                yield *self.span(node), f'(f"XX" + {self.code(node)})'
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                yield from self.swap(left, operator, right)
            case ast.BinOp(left=left, op=operator, right=right):
                yield from self.swap(left, operator, right)
            case ast.BoolOp(op=operator, values=[first, second, *_]):
                yield from self.swap(first, operator, second)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield *self.span(node), self.code(operand)
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield *self.span(test), f"(not ({self.code(test)}))"
            case ast.Return(value=ast.expr() as value):
                yield *self.span(value), "None"
            case ast.Assign(targets=[target]) if not isinstance(target, ast.Tuple):
                yield *self.span(node), "pass"
            case ast.List(elts=entries, ctx=ast.Load()) | ast.Set(elts=entries):
                yield from self.drop(entries)
            case ast.Tuple(elts=[_, _, *_] as entries, ctx=ast.Load()):
                yield from self.drop(entries)
            case ast.Dict(keys=keys, values=values):
                pairs = [(k, v) for k, v in zip(keys, values, strict=True) if k]
                yield from self.drop_spans([(self.span(k)[0], self.span(v)[1]) for k, v in pairs])
            case ast.Call(args=arguments, keywords=keywords):
                kept = len(arguments)
                spans = [self.span(argument) for argument in [*arguments, *keywords]]
                yield from list(self.drop_spans(spans))[kept:]
                if arguments:
                    yield *self.span(node), self.code(arguments[0])
            case ast.ExceptHandler(type=ast.expr() as caught):
                yield *self.span(caught), "BaseException"
            case ast.ClassDef(bases=[_, _, *_] as bases):
                yield from self.drop(bases)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                entered = items[-1].optional_vars or items[-1].context_expr
                yield self.span(node)[0], self.span(entered)[1], "if True"
        if isinstance(node, ast.Raise) and node.exc and node.cause:
            yield self.span(node.exc)[1], self.span(node.cause)[1], ""
        if isinstance(node, REMOVABLE) or (isinstance(node, ast.Return) and not node.value):
            yield *self.span(node), "pass"
        for decorator in getattr(node, "decorator_list", []):
            start, end = self.span(decorator)
            yield start - 1, end, ""

    def swap(self, left: ast.AST, operator: ast.AST, right: ast.AST) -> Iterator[Change]:
        """Yield another operator between two operands, if there is one for it."""
        if type(operator) in OPERATORS:
            old, new = OPERATORS[type(operator)]
            start, end = self.span(left)[1], self.span(right)[0]
            between = self.bytes[start:end].decode()
            pattern = re.escape(old).replace(r"\ ", r"\s+")
            yield start, end, re.sub(pattern, new, between, count=1)

    def drop(self, entries: list[ast.expr]) -> Iterator[Change]:
        """Yield a sequence with each of its entries left out in turn."""
        yield from self.drop_spans([self.span(entry) for entry in entries])

    def drop_spans(self, spans: list[tuple[int, int]]) -> Iterator[Change]:
        """The same, by where the entries stand; the comma goes with the entry."""
        for number, (start, end) in enumerate(spans):
            if number + 1 < len(spans):
                yield start, spans[number + 1][0], ""
            else:
                yield spans[number - 1][1] if number else start, end, ""
