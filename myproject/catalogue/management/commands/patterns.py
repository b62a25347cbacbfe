"""`manage.py patterns`: list the patterns, print one, search them, copy one."""

import json
import os
import sys
from argparse import ArgumentParser
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from myproject.catalogue.catalogue import UnknownPatternError, get_catalogue
from myproject.catalogue.copies import Copy
from myproject.catalogue.markdown import PAGES
from myproject.catalogue.patterns import AGAIN, Pattern
from myproject.catalogue.plans import Plan, Planner
from myproject.catalogue.targets import NoProjectError, Target


class Command(BaseCommand):
    """The pattern catalogue on the command line."""

    help = "List the testing patterns, print one, search them, or copy one into a project."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Run, as long as somebody reads: ``patterns | head`` is no error."""
        try:
            super().run_from_argv(argv)
            sys.stdout.flush()
        except BrokenPipeError:  # or Python would meet it once more, when it ends
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a name, or what else to do."""
        parser.add_argument(
            "name", nargs="?", help="print this pattern; a part of its name will do"
        )
        parser.add_argument(
            "--search",
            metavar="WORDS",
            help="rank by a question or an error message; - reads it, a whole log if need be",
        )
        parser.add_argument("--copy-to", metavar="DIR", type=Path, help="copy the named pattern")
        parser.add_argument("--json", action="store_true", help="print JSON: the list, or the plan")
        parser.add_argument("--overwrite", action="store_true", help="let --copy-to replace files")
        parser.add_argument("--write", action="store_true", help="regenerate the pages in Markdown")

    def handle(
        self,
        *args: Any,
        name: str | None,
        search: str | None,
        copy_to: Path | None,
        overwrite: bool,
        write: bool,
        json: bool,
        **options: Any,
    ) -> None:
        """Do what the options say."""
        if write:
            self.write()
        elif name is None and copy_to is not None:
            raise CommandError("Name the pattern to copy: patterns NAME --copy-to DIR")
        elif name is None and search:
            self.search(search)
        elif name is None and json:
            self.list_as_json(get_catalogue().patterns)
        elif name is None:
            self.list_by_group(get_catalogue().patterns)
        else:
            try:
                pattern = get_catalogue().find(name)
            except UnknownPatternError as error:
                raise CommandError(error) from None
            if copy_to is None:
                self.print(pattern)
            else:
                self.copy(pattern, copy_to, overwrite=overwrite, as_json=json)

    def list_by_group(self, patterns: list[Pattern]) -> None:
        """Print a line for each pattern."""
        width = max((len(pattern.slug) for pattern in patterns), default=0)
        for group, members in groupby(patterns, lambda pattern: pattern.group):
            self.stdout.write(self.style.MIGRATE_HEADING(f"\n{group}"))
            for pattern in members:
                self.stdout.write(f"  {pattern.slug:{width}}  {pattern.name}")

    def search(self, query: str) -> None:
        """Print what comes near, the best first."""
        found = get_catalogue().search(sys.stdin.read() if query == "-" else query)
        if not found.patterns:
            raise CommandError(
                "No pattern has any of these words. Without --search, all of them are listed."
            )
        if found.causes:
            heading = f"\nOne message, {len(found.causes)} causes: which is yours?"
            self.stdout.write(self.style.MIGRATE_HEADING(heading))
        for pattern in found.causes:
            self.stdout.write(f"  {pattern.slug}\n      {pattern.name}. {pattern.told_by}")
        if found.others:
            heading = "\nNear it" if found.causes else "\nThe best first"
            self.stdout.write(self.style.MIGRATE_HEADING(heading))
        width = max((len(pattern.slug) for pattern in found.others), default=0)
        for pattern in found.others:
            self.stdout.write(f"  {pattern.slug:{width}}  {pattern.name}")

    def print(self, pattern: Pattern) -> None:
        """Print all there is about a pattern."""
        self.stdout.write(self.style.MIGRATE_HEADING(pattern.name))
        self.stdout.write(f"\n{pattern.prose}\n")
        for field, text in pattern.fields.items():
            self.stdout.write("\n".join(f"{field}: {part}" for part in text.split(AGAIN)))
        for source in [*pattern.code, pattern.test]:
            self.stdout.write(self.style.MIGRATE_HEADING(f"\n# {source.path}"))
            self.stdout.write(source.text)
        self.stdout.write(f"\nRun it: {pattern.command}")

    def list_as_json(self, patterns: list[Pattern]) -> None:
        """Print what a program needs to copy all of them."""
        fields = ("slug", "name", "group", "copyable")
        listed = [{name: getattr(pattern, name) for name in fields} for pattern in patterns]
        self.stdout.write(json.dumps(listed, indent=2, ensure_ascii=False))

    def copy(self, pattern: Pattern, target: Path, *, overwrite: bool, as_json: bool) -> None:
        """Copy the files a pattern needs, and print the plan for the rest."""
        if not pattern.copyable:
            raise CommandError(
                f"“{pattern.name}” needs more of this repository than can be copied: read it with "
                f"`patterns {pattern.slug}`. `patterns --json` says which can be copied."
            )
        try:
            planner = Planner(
                Copy(get_catalogue().root, pattern), Target(target), overwrite=overwrite
            )
            plan = planner.make()
        except NoProjectError as error:
            raise CommandError(error) from None
        if not plan.conflicts:
            planner.placement.write()
        if as_json:
            self.stdout.write(json.dumps(plan.as_dict(), indent=2, ensure_ascii=False))
        elif not plan.conflicts:
            self.stdout.write(described(plan, target))
        if plan.conflicts:
            lines = ["Nothing was written.", *plan.conflicts, *plan.advice]
            raise CommandError("\n".join(lines))

    def write(self) -> None:
        """Regenerate PATTERNS.md and docs/troubleshooting.md."""
        catalogue = get_catalogue()
        for path, page in PAGES.items():
            (catalogue.root / path).write_text(page(catalogue), encoding="utf-8")
        for problem in catalogue.problems():
            self.stderr.write(problem)
        self.stdout.write(f"Wrote {' and '.join(PAGES)}: {len(catalogue.patterns)} patterns.")


def described(plan: Plan, target: Path) -> str:
    """Return a plan as somebody reads it who is going to follow it."""
    steps = plan.steps(target).items()
    return "\n".join(f"{title}:\n    {indented(text)}" for title, text in steps)


def indented(text: str) -> str:
    """Return text with its further lines indented."""
    return text.replace("\n", "\n    ")
