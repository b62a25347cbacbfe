"""Template filters that show patterns."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight as pygmentize
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from myproject.patterns import Source

register = template.Library()


@register.filter
def highlight(source: Source) -> SafeString:
    """Return the file as highlighted HTML that holds its text unchanged, fit to be copied."""
    try:
        lexer = get_lexer_for_filename(source.path, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    return mark_safe(pygmentize(source.text, lexer, HtmlFormatter(nowrap=True)))  # noqa: S308 - escaped


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


@register.filter
def first_sentence(text: str) -> str:
    """Return the beginning of a docstring's text, up to the first full stop."""
    return " ".join(text.split()).partition(". ")[0].removesuffix(".") + "."
