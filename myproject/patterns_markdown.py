"""The catalogue in Markdown, as GitHub renders it: PATTERNS.md, and a table in the README."""

import re
from itertools import groupby

from myproject.catalogue import Catalogue
from myproject.patterns import Pattern, Source

HEAD = """\
# Patterns

Each links to its production code and to the tests that prove it; everything here is run.
`uv run manage.py patterns NAME` prints one, `--copy-to DIR` copies its files into your project.

This page is generated: `uv run manage.py patterns --write`.
"""


def as_markdown(catalogue: Catalogue) -> str:
    """Return the page."""
    parts = [HEAD]
    for group, patterns in groupby(catalogue.patterns, lambda pattern: pattern.group):
        members = list(patterns)
        parts.append(f"- **{group}**: " + " · ".join(f"[{p.name}](#{p.slug})" for p in members))
    for group, patterns in groupby(catalogue.patterns, lambda pattern: pattern.group):
        parts.append(f"\n## {group}\n")
        parts.extend(entry(pattern) for pattern in patterns)
    return "\n".join(parts)


def entry(pattern: Pattern) -> str:
    """Return one pattern's part of the page."""
    tests = [
        f"- [{behaviour}]({pattern.test.path}#L{line})"
        for behaviour, line in pattern.behaviours.items()
    ]
    code = [f"Code: {', '.join(link(source) for source in pattern.code)}"] if pattern.code else []
    return "\n".join(
        [
            f'### <a id="{pattern.slug}"></a>{pattern.name}\n',
            pattern.prose,
            "",
            *(f"**{name}:** {text}<br>" for name, text in pattern.fields.items()),
            " · ".join([*code, f"Tests: {link(pattern.test)}", f"Run: `{pattern.command}`"]),
            "",
            f"<details><summary>What the {len(tests)} tests say</summary>\n",
            *tests,
            "\n</details>\n",
        ]
    )


def link(source: Source) -> str:
    """Return a link to a file, at the line where it gets interesting."""
    return f"[{source.path}]({source.path}#L{source.first_line})"


def with_troubleshooting(readme: str, catalogue: Catalogue) -> str:
    """Return the README with its table of error messages made anew."""
    rows = [
        f"| {cell(p.fields['Message'])} | {cell(p.fields['Cure'])} | [{p.name}]({p.test.path}) |"
        for p in catalogue.patterns
        if "Message" in p.fields
    ]
    table = "\n".join(["| Message | Cure | Why, and the proof |", "|---|---|---|", *rows])
    return re.sub(
        r"(<!-- messages -->\n).*(<!-- /messages -->)",
        lambda found: f"{found[1]}{table}\n{found[2]}",
        readme,
        flags=re.DOTALL,
    )


def cell(text: str) -> str:
    """Return text that may stand in a table, where a bar would end the cell."""
    return text.replace("|", "\\|").replace("none; ", "*No message:* ", 1)
