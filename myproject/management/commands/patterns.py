"""`manage.py patterns`: list the patterns, print one, search them, copy one."""

from argparse import ArgumentParser
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from myproject.catalogue import UnknownPatternError, get_catalogue
from myproject.pattern_copies import PatternCopy
from myproject.patterns import Pattern
from myproject.patterns_markdown import as_markdown, with_troubleshooting


class Command(BaseCommand):
    """The pattern catalogue on the command line."""

    help = "List the testing patterns, print one, search them, or copy one into a project."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a name, or what else to do."""
        parser.add_argument(
            "name", nargs="?", help="print this pattern; a part of its name will do"
        )
        parser.add_argument("--search", metavar="WORDS", help="list the patterns with these words")
        parser.add_argument("--copy-to", metavar="DIR", type=Path, help="copy the named pattern")
        parser.add_argument("--overwrite", action="store_true", help="let --copy-to replace files")
        parser.add_argument(
            "--write", action="store_true", help="regenerate PATTERNS.md and README"
        )

    def handle(
        self,
        *args: Any,
        name: str | None,
        search: str | None,
        copy_to: Path | None,
        overwrite: bool,
        write: bool,
        **options: Any,
    ) -> None:
        """Do what the options say."""
        if write:
            self.write()
        elif name is None and copy_to is not None:
            raise CommandError("Name the pattern to copy: patterns NAME --copy-to DIR")
        elif name is None:
            self.list(get_catalogue().search(search or ""))
        else:
            try:
                pattern = get_catalogue().find(name)
            except UnknownPatternError as error:
                raise CommandError(str(error)) from None
            if copy_to is None:
                self.print(pattern)
            else:
                self.copy(pattern, copy_to, overwrite=overwrite)

    def list(self, patterns: list[Pattern]) -> None:
        """Print a line for each pattern."""
        if not patterns:
            raise CommandError("No pattern has these words.")
        width = max(len(pattern.slug) for pattern in patterns)
        for group, members in groupby(patterns, lambda pattern: pattern.group):
            self.stdout.write(self.style.MIGRATE_HEADING(f"\n{group}"))
            for pattern in members:
                self.stdout.write(f"  {pattern.slug:{width}}  {pattern.name}")

    def print(self, pattern: Pattern) -> None:
        """Print all there is about a pattern."""
        self.stdout.write(self.style.MIGRATE_HEADING(pattern.name))
        self.stdout.write(f"\n{pattern.prose}\n")
        for field, text in pattern.fields.items():
            self.stdout.write(f"{field}: {text}")
        for source in [*pattern.code, pattern.test]:
            self.stdout.write(self.style.MIGRATE_HEADING(f"\n# {source.path}"))
            self.stdout.write(source.text)
        self.stdout.write(f"\nRun it: {pattern.command}")

    def copy(self, pattern: Pattern, target: Path, *, overwrite: bool) -> None:
        """Copy the files a pattern needs, and tell what is left to do."""
        copied = PatternCopy(get_catalogue().root, pattern)
        conflicts = copied.conflicts(target)
        if conflicts and not overwrite:
            raise CommandError(
                f"Nothing was written: {target} has another {', another '.join(conflicts)}. "
                "Use --overwrite to replace."
            )
        copied.write(target)
        self.stdout.write(
            "\n".join([f"Written below {target}:", *(f"  {p}" for p in copied.files)])
        )
        if copied.plugins:
            self.stdout.write("Add to pytest_plugins in your tests/conftest.py:")
            self.stdout.write("\n".join(f'  "{plugin}",' for plugin in copied.plugins))
        if copied.imports:
            self.stdout.write("Adapt these imports to your project:")
            self.stdout.write("\n".join(f"  {i.path}:{i.line}  {i.text}" for i in copied.imports))

    def write(self) -> None:
        """Regenerate PATTERNS.md, and the README's table of error messages."""
        catalogue = get_catalogue()
        readme = catalogue.root / "README.md"
        (catalogue.root / "PATTERNS.md").write_text(as_markdown(catalogue), encoding="utf-8")
        readme.write_text(with_troubleshooting(readme.read_text(), catalogue), encoding="utf-8")
        for problem in catalogue.problems():
            self.stderr.write(self.style.WARNING(problem))
        self.stdout.write(f"Wrote PATTERNS.md: {len(catalogue.patterns)} patterns.")
