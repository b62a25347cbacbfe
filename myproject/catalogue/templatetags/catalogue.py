"""Template filters that show patterns."""

import ast
import re
from functools import cache
from pathlib import PurePath

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight as pygmentize
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import TextLexer, find_lexer_class_for_filename

from myproject.catalogue.parsing import parse
from myproject.catalogue.patterns import Source

register = template.Library()


@register.filter
def highlight(source: Source) -> SafeString:
    """Return the file as highlighted HTML that holds its text unchanged, fit to be copied.

    The docstring of a module is hidden: it stands on the page already, and is copied with the rest.
    """
    lexer = lexer_for(PurePath(source.path).suffix)(stripnl=False, ensurenl=False)
    start = docstring_end(source)
    hidden = format_html("<span hidden>{}</span>", source.text[:start]) if start else ""
    shown = pygmentize(source.text[start:], lexer, HtmlFormatter(nowrap=True))
    return mark_safe(hidden + shown)  # noqa: S308 - escaped


@cache
def lexer_for(suffix: str) -> type[Lexer]:
    """Return the lexer for files that end like this; Pygments tries all it has to find it."""
    return find_lexer_class_for_filename(f"file{suffix}") or TextLexer


def docstring_end(source: Source) -> int:
    """Return where the text below a module's docstring begins."""
    if not source.path.endswith(".py"):
        return 0
    tree = parse(source.text)
    if ast.get_docstring(tree) is None:
        return 0
    below = "".join(source.text.splitlines(keepends=True)[tree.body[0].end_lineno :]).lstrip("\n")
    return len(source.text) - len(below)


@register.filter
def inline(text: str) -> SafeString:
    """Return a docstring's text as HTML, with code for what stands between backticks."""
    html = re.sub(r"(`{1,2})(.+?)\1", r"<code>\2</code>", escape(text), flags=re.DOTALL)
    return mark_safe(html)  # noqa: S308 - escaped


@register.filter
def prose(text: str) -> SafeString:
    """Return a docstring's text as HTML paragraphs."""
    paragraphs = re.sub(r"\n\s*\n", "</p><p>", inline(text))
    return mark_safe(f"<p>{paragraphs}</p>")  # noqa: S308 - escaped
