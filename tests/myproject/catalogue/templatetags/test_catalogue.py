"""Test template filters.

Call the filter: it is a function. What matters is what a browser makes of the result, so parse it
as HTML. The trap is ``mark_safe``: whatever it lets through unescaped runs on somebody's page.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.template import Context, Template
from pytest_mock import MockerFixture

from myproject.catalogue.patterns import Source
from myproject.catalogue.templatetags.catalogue import highlight, inline, prose


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("x.py", "\n\nif a < b:\n    c = '&amp; <b>'\n\n"),
        ("x.unknown", "\n<b>&amp;</b>\n"),
        ("x.py", '\n"""<A> & B.\n\nMore.\n"""\n\n\nimport re\n'),
        ("x.py", '"""Nothing else."""'),
    ],
    ids=["blank lines around", "no language", "a docstring", "only a docstring"],
)
def test_highlighting_leaves_the_text_as_it_is(path: str, text: str) -> None:
    assert text_of(highlight(Source(path, text))) == text


def test_the_docstring_of_a_module_is_hidden() -> None:
    html = highlight(Source("x.py", '"""A <b>.\n\nMore.\n"""\n\nX = 1\n'))

    hidden, _, shown = html.partition("</span>")
    assert hidden == "<span hidden>&quot;&quot;&quot;A &lt;b&gt;.\n\nMore.\n&quot;&quot;&quot;\n\n"
    assert text_of(shown) == "X = 1\n"


@pytest.mark.parametrize("path", ["x.py", "x.txt"])
def test_without_a_docstring_nothing_is_hidden(path: str) -> None:
    assert "hidden" not in highlight(Source(path, "import re\n"))


def test_highlighting_marks_what_is_code() -> None:
    assert '<span class="k">def</span>' in highlight(Source("x.py", "def f(): ..."))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Use ``AsyncClient``.", "Use <code>AsyncClient</code>."),
        ("Use `x` and `y`.", "Use <code>x</code> and <code>y</code>."),
        ("``<script>``", "<code>&lt;script&gt;</code>"),
        ("<b>", "&lt;b&gt;"),
        ("a `b\nc`", "a <code>b\nc</code>"),
    ],
    ids=["double", "single", "code is escaped", "text is escaped", "on two lines"],
)
def test_backticks_make_code(text: str, html: str) -> None:
    assert inline(text) == html


def test_blank_lines_make_paragraphs() -> None:
    assert prose("One\nline.\n\nTwo.") == "<p>One\nline.</p><p>Two.</p>"


def test_paragraphs_are_escaped_and_have_their_code() -> None:
    assert prose("<script>\n\n`x`") == "<p>&lt;script&gt;</p><p><code>x</code></p>"


@pytest.mark.parametrize(
    ("show", "value"),
    [(highlight, Source("x.py", '"""<A>"""\na < b')), (inline, "`<`"), (prose, "<")],
)
def test_a_template_does_not_escape_it_again(show: Callable[[Any], str], value: object) -> None:
    template = Template(f"{{% load catalogue %}}{{{{ value|{show.__name__} }}}}")

    assert template.render(Context({"value": value})) == show(value)


def test_a_highlighter_that_fails_is_not_a_language_that_is_unknown(mocker: MockerFixture) -> None:
    mocker.patch("myproject.catalogue.templatetags.catalogue.lexer_for", side_effect=MemoryError)

    with pytest.raises(MemoryError):
        highlight(Source("x.py", "import re"))
