"""The catalogue in Markdown, as GitHub renders it: PATTERNS.md, and docs/troubleshooting.md."""

from collections import defaultdict
from itertools import groupby

from myproject.catalogue.catalogue import Catalogue
from myproject.catalogue.patterns import Pattern, Source
from myproject.catalogue.queries import message_key

PATTERNS_HEAD = """\
# Patterns

Each links to its production code and to the tests that prove it; everything here is run.
`uv run manage.py patterns NAME` prints one, `--copy-to DIR` copies its files into your project,
`--search "…"` finds one by a question or by an error message, as you paste it.

This page is generated: `uv run manage.py patterns --write`.
"""
TROUBLESHOOTING_HEAD = """\
# Error messages, and their cures

Each is reproduced by a test, which fails when a future release mends it. To find yours, paste it
with all that stands around it: `uv run manage.py patterns --search "…"`, or the demo's home page.

This page is generated: `uv run manage.py patterns --write`.

## One message, several causes
"""


def patterns_page(catalogue: Catalogue) -> str:
    """Return PATTERNS.md: the groups as tables, then each pattern."""
    groups = [
        (group, list(members))
        for group, members in groupby(catalogue.patterns, lambda pattern: pattern.group)
    ]
    parts = [PATTERNS_HEAD]
    for group, members in groups:
        rows = [[f"[{p.name}](#{p.slug})", p.summary] for p in members]
        parts += [f"\n**{group}**\n", table(["Pattern", "In a sentence"], rows)]
    for group, members in groups:
        parts.append(f"\n## {group}\n")
        parts.extend(entry(pattern) for pattern in members)
    return "\n".join(parts)


def entry(pattern: Pattern) -> str:
    """Return one pattern's part of the page."""
    tests = [
        f"- [{behaviour}]({pattern.test.path}#L{line})"
        for behaviour, line in pattern.behaviours.items()
    ]
    code = [f"Code: {', '.join(link(source) for source in pattern.code)}"] if pattern.code else []
    messages = [f"**Message:** {code_span(message)}<br>" for message in pattern.messages]
    symptoms = [f"**No message:** {symptom}<br>" for symptom in pattern.symptoms]
    fields = {name: text for name, text in pattern.fields.items() if name != "Message"}
    return "\n".join(
        [
            f'### <a id="{pattern.slug}"></a>{pattern.name}\n',
            pattern.prose,
            "",
            *messages,
            *symptoms,
            *(f"**{name}:** {text}<br>" for name, text in fields.items()),
            " · ".join([*code, f"Tests: {link(pattern.test)}", f"Run: `{pattern.command}`"]),
            "",
            f"<details><summary>What the {len(tests)} tests say</summary>\n",
            *tests,
            "\n</details>\n",
        ]
    )


def troubleshooting_page(catalogue: Catalogue) -> str:
    """Return docs/troubleshooting.md: from a message, or from what is seen, to the cure."""
    causes: defaultdict[str, list[tuple[str, Pattern]]] = defaultdict(list)
    for pattern in catalogue.patterns:
        for message in pattern.messages:
            causes[message_key(message)].append((message, pattern))
    parts = [TROUBLESHOOTING_HEAD]
    for same in causes.values():
        if len(same) > 1:
            message = max((message for message, _ in same), key=len)
            rows = [[p.fields.get("Told by", p.summary), *cure(p)] for _, p in same]
            parts += [code_span(message) + "\n", table(["It is this if", "Cure", "Why"], rows), ""]
    single = [same[0] for same in causes.values() if len(same) == 1]
    single.sort(key=lambda found: (found[0].partition(": ")[2] or found[0]).lower())
    rows = [[code_span(message), *cure(p)] for message, p in single]
    parts += [
        "## One message, one cause\n",
        table(["Message", "Cure", "Why, and the proof"], rows),
        "",
    ]
    rows = [[symptom, *cure(p)] for p in catalogue.patterns for symptom in p.symptoms]
    parts += ["## No message at all\n", table(["What is seen", "Cure", "Why, and the proof"], rows)]
    return "\n".join(parts) + "\n"


def cure(pattern: Pattern) -> list[str]:
    """Return the cells of a cure: what to do, and where it is explained and proved."""
    return [pattern.fields["Cure"], f"[{pattern.name}](../{pattern.test.path})"]


def link(source: Source) -> str:
    """Return a link to a file, at the line where it gets interesting."""
    return f"[{source.path}]({source.path}#L{source.first_line})"


def code_span(text: str) -> str:
    """Return text as code, the backticks in it included."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Return a table."""
    lines = [heads, ["---"] * len(heads), *([cell(text) for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def cell(text: str) -> str:
    """Return text that may stand in a table: on one line, and a bar would end the cell."""
    return " ".join(text.split()).replace("|", "\\|")


PAGES = {"PATTERNS.md": patterns_page, "docs/troubleshooting.md": troubleshooting_page}
