"""Test template filters.

Call the filter: it is a function. What matters is what a browser makes of the result, so parse it
as HTML. The trap is ``mark_safe``: whatever it lets through unescaped runs on somebody's page.
"""

import re
from html import unescape

import pytest

from myproject.patterns import Source
from myproject.templatetags.patterns import first_sentence, highlight, inline, prose


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("x.py", "\n\nif a < b:\n    c = '&amp; <b>'\n\n"),
        ("x.unknown", "\n<b>&amp;</b>\n"),
    ],
    ids=["blank lines around", "no language"],
)
def test_highlighting_leaves_the_text_as_it_is(path: str, text: str) -> None:
    assert text_of(highlight(Source(path, text))) == text


def test_highlighting_marks_what_is_code() -> None:
    assert '<span class="k">def</span>' in highlight(Source("x.py", "def f(): ..."))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Use ``AsyncClient``.", "Use <code>AsyncClient</code>."),
        ("Use `x` and `y`.", "Use <code>x</code> and <code>y</code>."),
        ("``<script>``", "<code>&lt;script&gt;</code>"),
        ("<b>", "&lt;b&gt;"),
    ],
    ids=["double", "single", "code is escaped", "text is escaped"],
)
def test_backticks_make_code(text: str, html: str) -> None:
    assert inline(text) == html


def test_blank_lines_make_paragraphs() -> None:
    assert prose("One\nline.\n\nTwo.") == "<p>One\nline.</p><p>Two.</p>"


@pytest.mark.parametrize(
    ("text", "first"),
    [("Use\nit. The trap is x.", "Use it."), ("Use it.", "Use it."), ("Use v1.2.", "Use v1.2.")],
    ids=["over two lines", "alone", "a stop that ends nothing"],
)
def test_the_first_sentence_ends_at_a_full_stop(text: str, first: str) -> None:
    assert first_sentence(text) == first
